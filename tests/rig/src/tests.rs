//! What the rig claims of itself, on two machines.

use crate::{Control, Machine, Network, PATIENCE};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What `cargo xtask tools` put there.
fn tools() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools");
    std::env::var_os("BOUQUET_TOOLS").map_or(default, PathBuf::from)
}

/// In a module of this name, for those who leave machines out.
mod real_machines {
    use super::*;

    #[test]
    fn two_machines_at_a_switch_with_a_control_host() {
        let folder = tempfile::tempdir().expect("a folder");
        let programs = folder.path().join("programs");
        fs::create_dir(&programs).expect("a folder");
        let mut network = Network::new();
        let hosts = "127.0.0.1 localhost\n192.168.65.101 one\n192.168.65.102 two\n";
        let control = Control::new(&folder.path().join("control"), hosts, &tools().join("openssh"));
        let mut machines = ["one", "two"].map(|name| {
            let address = if name == "one" { "192.168.65.101" } else { "192.168.65.102" };
            let address = address.parse().expect("an address");
            let namespace = network.join(name, address);
            let mut machine = Machine::new(&folder.path().join(name), hosts, &programs, &namespace);
            control.is_let_in(&mut machine, &[name], address);
            machine
        });
        machines[1].shift_clock(10 * DAY);
        for machine in &mut machines {
            machine.boot();
            machine.wait_for("systemctl is-active sshd");
        }
        let typed = |script: &str| control.run(&network, folder.path(), script);
        lets_in_whom_it_knows(&typed);
        has_another_time_on_one(&typed, &mut machines[1]);
        cuts_and_mends(&network, &machines);
    }

    const DAY: i64 = 86_400;

    /// What it may take to ask for a time, in seconds: far less than clocks are shifted by.
    const ASKING: i64 = 60;

    fn lets_in_whom_it_knows(typed: &dyn Fn(&str) -> crate::Said) {
        let said =
            typed("echo carried >file; scp -q file one:; ssh two hostname; ssh one cat file");
        assert_eq!(said.stdout.lines().last(), Some("carried"), "{}", said.stderr);
        let said = typed("ssh -o ConnectTimeout=1 192.168.65.103 true; true");
        assert!(said.stderr.contains("192.168.65.103"), "{}", said.stderr);
        // The address of one is that of another machine now.
        let said = typed("ssh -o HostKeyAlias=two one true");
        assert!(!said.ok && said.stderr.contains("verification failed"), "{}", said.stderr);
    }

    fn has_another_time_on_one(typed: &dyn Fn(&str) -> crate::Said, two: &mut Machine) {
        let clock = |script: &str| -> i64 {
            typed(script).stdout.trim().parse().unwrap_or_else(|error| panic!("{script}: {error}"))
        };
        let difference = || clock("ssh two date +%s") - clock("ssh one date +%s");
        assert!((difference() - 10 * DAY).abs() < ASKING, "{}", difference());
        two.shift_clock(-DAY);
        assert!((difference() + DAY).abs() < ASKING, "{}", difference());
        let here: i64 = two.sh("date +%s").parse().expect("a number");
        assert!((here - clock("ssh two date +%s")).abs() < ASKING);
    }

    fn cuts_and_mends(network: &Network, [one, two]: &[Machine; 2]) {
        let reaches = |from: &Machine, to: u8| {
            let dial = format!("timeout 0.5 bash -c '</dev/tcp/192.168.65.10{to}/22'");
            from.run(&dial).ok
        };
        // A busy computer takes its time for a first answer, and a switch for a cable that is back.
        let comes_to_reach = |from: &Machine, to: u8| {
            let deadline = Instant::now() + PATIENCE;
            while !reaches(from, to) {
                assert!(Instant::now() < deadline, "192.168.65.10{to} is never reached");
            }
        };
        comes_to_reach(one, 2);
        comes_to_reach(two, 1);
        network.cut("two");
        assert!(!reaches(one, 2) && !reaches(two, 1));
        network.mend("two");
        comes_to_reach(one, 2);
        comes_to_reach(two, 1);
        network.deafen("two", "one");
        assert!(!reaches(one, 2));
        network.undeafen();
        comes_to_reach(one, 2);
    }
}
