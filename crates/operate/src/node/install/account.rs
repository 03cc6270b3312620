//! The edge: the account that etcd runs under is made.

use crate::account::{self, Account};
use crate::node::machine::Machine;
use crate::node::system::run;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::systemd;

/// Makes the account, or what of it is missing: `useradd` may have been killed between the user and the group, and a
/// group of that name may have been there.
pub(super) fn make_account(
    machine: Machine<'_>,
    name: systemd::Account<'_>,
) -> Result<(), Diagnostic> {
    let systemd::Account { user, group } = name;
    let (users, groups) = machine.accounts().map_err(Diagnostic::error)?;
    let root = machine.root.map(|root| root.display().to_string());
    let prefix: Vec<&str> = root.iter().flat_map(|root| ["--prefix", root.as_str()]).collect();
    let make =
        |program: &str, words: &[&str]| run(program, &[&prefix[..], &["--system"], words].concat());
    let there = account::named(name, &users, &groups);
    if !account::has_group(group, &groups) {
        let own = there.as_ref().and_then(Account::gid).filter(|_| user == group);
        let own = own.map(|gid| gid.to_string()).filter(|gid| !account::has_group(gid, &groups));
        let own: Vec<&str> = own.iter().flat_map(|gid| ["--gid", gid.as_str()]).collect();
        // `useradd` makes a group of the user's name itself.
        if there.is_some() || user != group {
            make("groupadd", &[&own[..], &[group]].concat())?;
        }
    }
    if there.is_some() {
        return Ok(());
    }
    let is_its_own = user == group && !account::has_group(group, &groups);
    let own: &[&str] = if is_its_own { &["--user-group"] } else { &["--gid", group] };
    let words = ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", user];
    make("useradd", &[own, &words].concat())
}
