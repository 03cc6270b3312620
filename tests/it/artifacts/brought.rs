//! A member's folder on a machine, as `install` finds it.

use crate::support::run::run;
use std::process::Command;

/// A network of its own, in which this is the machine of pink, and nobody can be asked.
const PINKS: &str =
    "ip link set lo up && ip address add 192.168.65.102/32 dev lo && exec \"$0\" install orange";

/// Where nobody answers, what helps would be `--bootstrap`, and a second cluster begins on the wrong machine.
#[test]
fn a_folder_on_another_members_machine_is_told_before_the_others_are_asked() {
    for flag in ["", "--bootstrap"] {
        let mut unshare = Command::new("unshare");
        unshare
            .args(["--map-root-user", "--net", "sh", "-c"])
            .arg(format!("{PINKS} out/members/orange --dry-run {flag}"))
            .arg(env!("CARGO_BIN_EXE_bouquet"))
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        let said = run(&mut unshare);
        assert_eq!(
            said.stderr,
            "error: 192.168.65.101 is no address of this node\n\
             note: etcd ends there with `bind: cannot assign requested address`\n\
             note: 192.168.65.102 is here, the address of `pink`\n\
             note: nothing was changed\n\
             help: put that member's folder here, or see which machine this is: `ip address`\n"
        );
    }
}
