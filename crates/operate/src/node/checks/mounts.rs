//! Disks that belong to the member's folders, and are not mounted; and one that is where it must not be.

use super::check::Node;
use crate::node::machine::facts::{By, Disks, Mount, Wanted};
use crate::node::machine::read::mounts::of;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::places::{Usage, places};
use std::path::{Path, PathBuf};

/// Returns what is not mounted of the disks of a member, each with the folders that are on it.
pub(super) fn unmounted(node: &Node<'_>, disks: &Disks) -> Vec<Diagnostic> {
    let places = places(node.cluster(), node.member);
    let folders: Vec<&Path> = places
        .iter()
        .filter(|place| place.is_own())
        .map(|place| Path::new(place.path.as_str()))
        .collect();
    let log = places.iter().find(|place| place.usage == Usage::Wal);
    let log = log.map(|place| Path::new(place.path.as_str()));
    not_mounted((&disks.mounts, &disks.wanted), &folders, log)
}

/// The same of these folders, of which one is the log's.
pub(crate) fn not_mounted(
    (mounts, wanted): (&[Mount], &[Wanted]),
    folders: &[&Path],
    log: Option<&Path>,
) -> Vec<Diagnostic> {
    let mut all: Vec<(&Wanted, Vec<PathBuf>)> = Vec::new();
    for folder in folders {
        let Some(wanted) = lacking((mounts, wanted), folder) else { continue };
        match all.iter_mut().find(|(other, _)| *other == wanted) {
            Some((_, folders)) => folders.push(folder.to_path_buf()),
            None => all.push((wanted, vec![folder.to_path_buf()])),
        }
    }
    let all = all.into_iter();
    all.map(|(wanted, folders)| told(wanted, &folders, log == Some(&wanted.folder))).collect()
}

/// The nearest disk that a folder is meant to be on, where that is not mounted; one that each start of the machine mounts
/// before one that none does.
fn lacking<'a>((mounts, wanted): (&[Mount], &'a [Wanted]), folder: &Path) -> Option<&'a Wanted> {
    let is_mounted = |place: &Path| mounts.iter().any(|mount| mount.folder == place);
    // What is mounted further down is what counts for the folder.
    let nearest = of(mounts, folder).map(|mount| mount.folder.as_path());
    let lacks = |wanted: &&Wanted| {
        let place = wanted.folder.as_path();
        place != Path::new("/")
            && folder.starts_with(place)
            && !is_mounted(place)
            && !nearest.is_some_and(|nearest| nearest.starts_with(place))
    };
    let rank = |wanted: &&Wanted| (is_automatic(wanted), wanted.folder.components().count());
    wanted.iter().filter(lacks).max_by_key(rank)
}

fn is_automatic(wanted: &Wanted) -> bool {
    !matches!(wanted.by, By::Unit { is_enabled: false, .. })
}

/// What mounts it no more.
fn forgotten(by: &By) -> String {
    match by {
        By::Fstab => "take its line out of /etc/fstab, and `systemctl daemon-reload`".to_owned(),
        By::Unit { name, .. } => {
            format!(
                "`systemctl disable {}`, remove that unit, and `systemctl daemon-reload`",
                shell_word(name)
            )
        }
    }
}

fn told(wanted: &Wanted, folders: &[PathBuf], is_log: bool) -> Diagnostic {
    let place = wanted.folder.display().to_string();
    let names = folders.iter().map(|folder| folder.display().to_string());
    let names = names.collect::<Vec<_>>().join(", ");
    let are = if folders.len() == 1 { "is" } else { "are" };
    let error = |who: &str, mount: &str| {
        let message = format!("a disk belongs at {place}, and is not mounted: {names} {are} on it");
        let found = Diagnostic::error(message)
            .note("etcd would begin with nothing in the place where its data is not")
            .note(who)
            .help(mount);
        let gone = forgotten(&wanted.by);
        if is_log {
            found.help(format!(
                "where this member has no log yet: none can begin in a mount point; {gone}, and have that disk \
                 mounted at the folder above"
            ))
        } else {
            found.help(format!("where that disk is no more: {gone}"))
        }
    };
    match &wanted.by {
        By::Fstab => error("/etc/fstab has it", &format!("`mount {}`", shell_word(&place))),
        By::Unit { name, is_enabled: true } => {
            let name = shell_word(name);
            error(
                &format!("the unit {name} has it, and is enabled"),
                &format!("`systemctl start {name}`; `systemctl status {name}` says why it is not"),
            )
        }
        By::Unit { name, is_enabled: false } => {
            let name = shell_word(name);
            Diagnostic::warning(format!(
                "the unit {name} has a disk for {place}, and is disabled: {names} {are} there"
            ))
            .note("etcd's unit requires what its folders are on: systemd mounts that disk before it starts etcd")
            .help(format!("where etcd's data belongs on that disk: `systemctl enable --now {name}`"))
            .help("where it does not: remove that unit, and `systemctl daemon-reload`")
        }
    }
}

/// A log cannot begin in a mount point: etcd makes it beside that, removes `wal-dir` with all that is in it, and renames
/// the one to the other (`renameWAL` in etcd's `wal/wal.go`).
pub(super) fn mounted_log(node: &Node<'_>) -> Option<Diagnostic> {
    let places = places(node.cluster(), node.member);
    let log = places.iter().find(|place| place.usage == Usage::Wal)?.path.as_str();
    let disks = node.facts.disks.as_ref().ok()?;
    let by = disks.wanted.iter().find(|wanted| wanted.folder == Path::new(log));
    let first = by.map(|wanted| forgotten(&wanted.by) + "; then ").unwrap_or_default();
    disks.is_log_mounted.then(|| {
        Diagnostic::error(format!("`wal-dir`, {log}, is a mount point: no log can begin there"))
            .note("etcd removes it with all that is in it, and puts a new folder in its place: it ends with `device or resource busy`")
            .help(format!("keep what is on that disk: {first}`umount {}`; etcd then begins on the disk of the folder above", shell_word(log)))
            .help(format!("to have the log on that disk: `wal-dir = \"{log}/wal\"` in cluster.toml; build, and install"))
    })
}
