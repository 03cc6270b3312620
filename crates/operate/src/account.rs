//! The account that etcd runs under on a machine, and the files that it may read.

use crate::environment::{Environment, Status};
use crate::unit;
use bouquet_model::systemd;
use std::path::{Path, PathBuf};

/// A user of the machine.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    groups: Vec<u32>,
}

/// A right to a file or folder, as the digit of its mode.
#[derive(Clone, Copy)]
pub(crate) enum Right {
    /// Reading a file.
    Read = 4,
    /// Reaching what lies in a folder.
    Enter = 1,
}

impl Account {
    /// Returns its primary group.
    pub(crate) fn gid(&self) -> Option<u32> {
        self.groups.first().copied()
    }

    /// Returns `true` where the mode gives it that right. An access control list may give more and
    /// take some; its mask is the group's digit.
    pub(crate) fn may(&self, right: Right, status: &Status) -> bool {
        let shift = match status {
            _ if self.uid == 0 => return true,
            status if status.uid == self.uid => 6,
            status if self.groups.contains(&status.gid) => 3,
            _ => 0,
        };
        (status.mode >> shift) & right as u32 != 0
    }
}

/// Returns the account that the first of some units that is there runs as, with its drop-ins. `None`
/// where there is no unit, or `/etc/passwd` has no such user: it may be in a directory of the network.
pub(crate) fn of_units(units: &[PathBuf], environment: &Environment<'_>) -> Option<Account> {
    let text = |path: &Path| {
        let bytes = (environment.read)(path).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let (unit, content) = units.iter().find_map(|unit| Some((unit, text(unit)?)))?;
    let mut said = unit::service(&content);
    for drop_in in unit::drop_ins(unit, environment) {
        said.extend(unit::service(&text(&drop_in).unwrap_or_default()));
    }
    let user = unit::last(&said, "User").unwrap_or("root");
    let passwd = text(Path::new("/etc/passwd"))?;
    let group = text(Path::new("/etc/group")).unwrap_or_default();
    let primary = unit::last(&said, "Group").and_then(|name| gid(&group, name));
    let mut account = find(&passwd, &group, user, primary)?;
    let more = unit::words(&said, "SupplementaryGroups");
    account.groups.extend(more.into_iter().filter_map(|name| gid(&group, name)));
    Some(account)
}

/// Returns the account of those names, by the texts of `/etc/passwd` and `/etc/group`.
pub(crate) fn named(name: systemd::Account<'_>, passwd: &str, group: &str) -> Option<Account> {
    find(passwd, group, name.user, gid(group, name.group))
}

/// Returns `true` where the text of `/etc/group` has a group of that name or number.
pub(crate) fn has_group(name: &str, group: &str) -> bool {
    let is_it = |line: &str| {
        let mut fields = line.split(':');
        fields.next() == Some(name) || fields.nth(1) == Some(name)
    };
    group.lines().any(is_it)
}

/// Finds a group by name or number.
fn gid(group: &str, name: &str) -> Option<u32> {
    let by_name = group.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then_some(())?;
        fields.nth(1)?.parse().ok()
    });
    by_name.or_else(|| name.parse().ok())
}

/// Finds a user by name or number in the texts of `/etc/passwd` and `/etc/group` (passwd(5), group(5)).
/// `primary` is the group that the unit gives in the place of the user's own (systemd.exec(5)).
fn find(passwd: &str, group: &str, user: &str, primary: Option<u32>) -> Option<Account> {
    let entry = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let mut numbers = fields.skip(1).map(|number| number.parse().ok());
        Some((name, numbers.next()??, numbers.next()??))
    };
    let mut entries = passwd.lines().filter_map(entry);
    let by_number = |uid: u32| user.parse() == Ok(uid);
    let known = entries.find(|(name, uid, _)| name == user || by_number(*uid));
    let (name, uid, gid) = match known {
        Some((name, uid, gid)) => (name, uid, Some(gid)),
        // systemd takes a number that is nobody's.
        None => (user.to_owned(), user.parse().ok()?, None),
    };
    let more = group.lines().filter_map(|line| {
        let mut fields = line.split(':').skip(2);
        let (gid, members) = (fields.next()?.parse().ok()?, fields.next()?);
        members.split(',').any(|member| member == name).then_some(gid)
    });
    let groups = primary.or(gid).into_iter().chain(more).collect();
    Some(Account { name, uid, groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nbroken\netcd:x:998:997::/nonexistent:/x\n";
    const GROUP: &str = "root:x:0:\nssl-cert:x:110:nobody,etcd\nbroken\netcd:x:997:\n";

    fn status(uid: u32, gid: u32, mode: u32) -> Status {
        Status { is_folder: false, uid, gid, mode }
    }

    #[test]
    fn an_account_is_found_by_name_and_by_number() {
        let etcd = Account { name: "etcd".to_owned(), uid: 998, groups: vec![997, 110] };
        assert_eq!(find(PASSWD, GROUP, "etcd", None).as_ref(), Some(&etcd));
        assert_eq!(find(PASSWD, GROUP, "998", None), Some(etcd));
        assert_eq!(find(PASSWD, GROUP, "nobody", None), None);
        let unnamed = Account { name: "1500".to_owned(), uid: 1500, groups: Vec::new() };
        assert_eq!(find(PASSWD, GROUP, "1500", None), Some(unnamed));
    }

    #[test]
    fn a_group_is_found_by_name_and_by_number() {
        assert_eq!(
            ["ssl-cert", "997", "none", "broken"].map(|n| gid(GROUP, n)),
            [Some(110), Some(997), None, None]
        );
    }

    #[test]
    fn a_file_is_read_by_its_owner_its_group_or_anybody() {
        let etcd = find(PASSWD, GROUP, "etcd", None).expect("a user");
        let root = find(PASSWD, GROUP, "root", None).expect("a user");
        for (status, may) in [
            (status(998, 0, 0o600), true),
            (status(998, 997, 0o040), false),
            (status(0, 110, 0o640), true),
            (status(0, 0, 0o640), false),
            (status(0, 0, 0o604), true),
            (status(0, 997, 0o604), false),
        ] {
            assert_eq!(etcd.may(Right::Read, &status), may, "{status:?}");
            assert!(root.may(Right::Read, &status), "{status:?}");
        }
        assert!(etcd.may(Right::Enter, &status(0, 0, 0o711)));
    }
}
