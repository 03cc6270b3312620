//! Who may read or change what lies in a folder of certificates.

use super::trouble::{Cause, Reader};
use crate::account::{Account, Right};
use crate::environment::Status;

/// The rights that make a key too open: all of others, and the group's but for reading, since a key
/// that etcd reads by its group is usual.
const TOO_OPEN: u32 = 0o027;

/// The right of the group, and of others, to write into a folder.
const WRITABLE: u32 = 0o022;

/// The right of others to write a file.
const CHANGEABLE: u32 = 0o002;

/// Returns the faults of a key's file. With an account, that one has to read it; without one, the
/// owner of its folder tells whose it should be.
pub(super) fn of_key(key: &Status, folder: &Status, account: Option<&Account>) -> Vec<Cause> {
    let mut all = Vec::new();
    if key.mode & TOO_OPEN != 0 {
        all.push(Cause::Open { mode: key.mode, reader: reader(key, account) });
    }
    match account {
        Some(account) if !account.may(Right::Read, key) => {
            all.push(Cause::NotFor(account.name.clone()));
        }
        // Anyone who owns a file may change it; root may anyway.
        Some(account) if ![account.uid, 0].contains(&key.uid) => {
            all.push(Cause::Owner { is: key.uid, should: account.name.clone() });
        }
        // A folder of root's keeps etcd from writing into it, and is usual.
        None if ![key.uid, 0].contains(&folder.uid) => {
            all.push(Cause::Owners { file: key.uid, folder: folder.uid });
        }
        _ => {}
    }
    all
}

/// Tells who reads a key once it is closed to all but its owner and its group.
fn reader(key: &Status, account: Option<&Account>) -> Reader {
    let closed = Status { mode: key.mode & !TOO_OPEN, ..*key };
    match account {
        Some(account) if !account.may(Right::Read, &closed) => Reader::NoMore(account.name.clone()),
        // Of what is root's alone nobody knows who read it.
        None if (key.uid, key.gid) == (0, 0) => Reader::Unknown,
        _ => Reader::Same,
    }
}

/// Returns the fault of a file that is no secret, or of a folder.
pub(super) fn of_other(status: &Status, account: Option<&Account>) -> Option<Cause> {
    let (right, changed) =
        if status.is_folder { (Right::Enter, WRITABLE) } else { (Right::Read, CHANGEABLE) };
    match account {
        Some(account) if !account.may(right, status) => Some(Cause::NotFor(account.name.clone())),
        _ if status.mode & changed != 0 => Some(Cause::Writable(status.mode)),
        _ => None,
    }
}
