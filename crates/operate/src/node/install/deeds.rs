//! What is to be done on the node, from what is there to what is wanted.

use super::restoration::Restoration;
use super::work::Aim;
use crate::node::machine::{Service, other_options};
use crate::unit;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A thing to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// The account that etcd runs under is made, by the names of its user and its group.
    MakeAccount { user: String, group: String },
    /// etcd ends, and its data goes from the account that it ran under to that one.
    Give { owner: String, folders: Vec<PathBuf> },
    /// Folders get dated names: what is there, and what it is called then.
    SetAside(Vec<(PathBuf, PathBuf)>),
    /// The certificates are put into their place, in one step.
    PutCertificates,
    /// A file is written: its place, and what is there.
    Write { place: PathBuf, before: Option<String>, text: String },
    /// A file goes.
    Remove { place: PathBuf },
    /// The programs of another etcd take their places.
    PutEtcd(Placing),
    /// systemd reads its files again.
    Reload,
    /// etcd starts with the machine.
    Enable,
    /// etcd ends, and does not start with the machine.
    Disable,
    /// etcd is started.
    Start,
    /// Its data is restored from a snapshot, which stops etcd before and starts it after.
    Restore(Box<Restoration>),
    /// etcd is restarted, for these reasons.
    Restart(Vec<String>),
}

/// The programs of an etcd that take their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placing {
    /// The version of that etcd, in words.
    pub(crate) version: String,
    /// Where each is, and where it goes: etcd itself is the last.
    pub(crate) programs: Vec<(PathBuf, PathBuf)>,
    /// The folder that the former ones are kept in.
    pub(crate) former: Option<PathBuf>,
}

/// What is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The programs that were brought, where they are others than those that are there.
    pub(crate) etcd: Option<Placing>,
    pub(crate) unit_place: PathBuf,
    pub(crate) unit: String,
    pub(crate) join_place: PathBuf,
    /// The drop-in with which it joins a cluster that runs.
    pub(crate) join: Option<String>,
    /// The arguments that etcd is to run with.
    pub(crate) flags: Vec<String>,
    /// Its data is to be that of a snapshot.
    pub(crate) restores: Option<Restoration>,
    /// What becomes of etcd.
    pub(crate) aim: Aim,
    /// What is to get another name before.
    pub(crate) aside: Vec<(PathBuf, PathBuf)>,
    /// The folders that are etcd's own.
    pub(crate) folders: Vec<PathBuf>,
}

/// What is there.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was seen")]
#[derive(Debug)]
pub(crate) struct There {
    pub(crate) has_account: bool,
    /// The certificates are those that were brought, with etcd as their owner.
    pub(crate) has_certificates: bool,
    /// When the files with CAs were changed last, in milliseconds since 1970: what an etcd has read that was started before
    /// then, nothing tells.
    pub(crate) cas_since: Option<i64>,
    pub(crate) unit: Option<String>,
    pub(crate) join: Option<String>,
    pub(crate) service: Service,
    /// The CAs that are there are not those that were brought.
    pub(crate) has_other_cas: bool,
    /// The program from which etcd runs was replaced since.
    pub(crate) was_replaced: bool,
}

/// Returns what is to be done, in order; nothing where all is as wanted.
pub(crate) fn deeds(wanted: &Wanted, there: &There) -> Vec<Deed> {
    let mut all = Vec::new();
    let aside = || Some(wanted.aside.clone()).filter(|it| !it.is_empty()).map(Deed::SetAside);
    let (user, group) = owner(&wanted.unit);
    if !there.has_account {
        all.push(Deed::MakeAccount { user: user.clone(), group: group.clone() });
    }
    // Before the unit: killed in between, it is seen again whose the data was.
    let is_given = is_given(wanted, there);
    if is_given {
        let (owner, folders) = (format!("{user}:{group}"), wanted.folders.clone());
        all.push(Deed::Give { owner, folders });
    }
    if !there.has_certificates {
        all.push(Deed::PutCertificates);
    }
    let mut is_changed = there.service.is_stale;
    if there.unit.as_deref() != Some(&wanted.unit) {
        is_changed = true;
        all.push(Deed::Write {
            place: wanted.unit_place.clone(),
            before: there.unit.clone(),
            text: wanted.unit.clone(),
        });
    }
    match &wanted.join {
        Some(text) if there.join.as_ref() != Some(text) => {
            is_changed = true;
            let (place, before) = (wanted.join_place.clone(), there.join.clone());
            all.push(Deed::Write { place, before, text: text.clone() });
        }
        None if there.join.is_some() => {
            is_changed = true;
            all.push(Deed::Remove { place: wanted.join_place.clone() });
        }
        _ => {}
    }
    // Behind the unit, which systemd has not read again yet: an etcd that ends meanwhile starts as it was, or as it is to be.
    all.extend(wanted.etcd.clone().map(Deed::PutEtcd));
    if wanted.aim == Aim::Placed {
        all.extend(aside());
        return all;
    }
    if is_changed {
        all.push(Deed::Reload);
    }
    if wanted.aim == Aim::Kept {
        return all;
    }
    if !there.service.is_enabled {
        all.push(Deed::Enable);
    }
    // Interrupted before, as by a power cut, it comes up with its data; only then it begins with nothing.
    all.extend(aside());
    if let Some(restoration) = &wanted.restores {
        all.push(Deed::Restore(Box::new(restoration.clone())));
    } else if there.service.is_up() && !there.service.is_failing() && !is_given {
        let reasons = reasons(wanted, there);
        if !reasons.is_empty() {
            all.push(Deed::Restart(reasons));
        }
    } else {
        all.push(Deed::Start);
    }
    all
}

/// Returns the user and the group that a unit has etcd run under (systemd.exec(5)).
fn owner(text: &str) -> (String, String) {
    let said = unit::service(text);
    let user = unit::last(&said, "User").unwrap_or("root");
    (user.to_owned(), unit::last(&said, "Group").unwrap_or(user).to_owned())
}

/// Tells whether its data goes to another account: the unit that is there has it run under another one than the unit
/// that is put there. What is restored, or set aside, is not the data that it had.
pub(super) fn is_given(wanted: &Wanted, there: &There) -> bool {
    let is_kept = wanted.restores.is_none() && wanted.aside.is_empty();
    let former = there.unit.as_deref().filter(|_| wanted.aim == Aim::Runs && is_kept);
    former.is_some_and(|former| owner(former) != owner(&wanted.unit))
}

/// Tells why etcd, where it runs, has to be restarted: it reads its program, options and CAs at its start alone.
pub(super) fn reasons(wanted: &Wanted, there: &There) -> Vec<String> {
    let Some(process) = &there.service.process else { return Vec::new() };
    // systemd's own process that is about to become etcd has none of its options.
    if program(&process.arguments) != program(&wanted.flags) {
        let is_changed = there.unit.as_ref() != Some(&wanted.unit) || there.join != wanted.join;
        let is_other = wanted.etcd.is_some();
        let reasons = [("its unit", is_changed), (ITS_ETCD, is_other)].into_iter();
        return reasons
            .filter(|(_, is_one)| *is_one)
            .map(|(reason, _)| reason.to_owned())
            .collect();
    }
    let mut all = other_options(&process.arguments, &wanted.flags);
    // A drop-in of the operator's counts for more than the unit: a restart would change nothing.
    if there.service.is_overridden {
        all.clear();
    }
    if !there.service.is_overridden && (wanted.etcd.is_some() || there.was_replaced) {
        all.push(ITS_ETCD.to_owned());
    }
    if there.has_other_cas || there.cas_since.is_some_and(|since| since > process.since) {
        all.push("its CAs".to_owned());
    }
    all
}

/// The reason for a restart that its program is.
const ITS_ETCD: &str = "its etcd";

/// Returns the name of the program in a command line.
fn program(words: &[String]) -> Option<&OsStr> {
    Path::new(words.first()?).file_name()
}

/// Returns the restoration among what is done.
pub(super) fn restoration(deeds: &[Deed]) -> Option<&Restoration> {
    deeds.iter().find_map(|deed| match deed {
        Deed::Restore(restoration) => Some(restoration.as_ref()),
        _ => None,
    })
}
