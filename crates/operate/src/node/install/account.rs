//! The edge: the account that etcd runs under is made.

use crate::account;
use crate::node::machine::Machine;
use crate::node::system::run;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::places::ACCOUNT;

/// Makes the account, or what of it is missing: `useradd` may have been killed between the user and the group, and a
/// group of that name may have been there.
pub(super) fn make_account(machine: Machine<'_>) -> Result<(), Diagnostic> {
    let (passwd, group) = machine.accounts().map_err(Diagnostic::error)?;
    let root = machine.root.map(|root| root.display().to_string());
    let prefix: Vec<&str> = root.iter().flat_map(|root| ["--prefix", root.as_str()]).collect();
    let has_group = account::has_group(ACCOUNT, &group);
    match account::named(ACCOUNT, &passwd, &group).and_then(|it| it.gid()) {
        Some(gid) if !has_group => {
            let gid = gid.to_string();
            let own = if account::has_group(&gid, &group) { vec![] } else { vec!["--gid", &gid] };
            run("groupadd", &[&prefix[..], &["--system"], &own[..], &[ACCOUNT]].concat())
        }
        _ => {
            let own: &[&str] = if has_group { &["--gid", ACCOUNT] } else { &["--user-group"] };
            let words = ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", ACCOUNT];
            run("useradd", &[&prefix[..], &["--system"], own, &words].concat())
        }
    }
}
