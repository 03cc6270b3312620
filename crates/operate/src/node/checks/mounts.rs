//! Disks that belong to the member's folders, and are not mounted; and one that is where it must not be.

use super::check::Node;
use crate::node::machine::facts::{By, Disks, Mount, Wanted};
use crate::node::machine::read::mounts::of;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::places::{Usage, places};
use std::path::{Path, PathBuf};

/// A folder of a member's data, or of its log.
pub(crate) struct Folder<'a> {
    pub(crate) path: &'a Path,
    /// What etcd's unit requires to be mounted for it: systemd mounts all that is meant for that, or for a folder above.
    pub(crate) required: PathBuf,
    pub(crate) is_log: bool,
}

/// Returns what is not mounted of the disks of a member, each with the folders that are on it.
pub(super) fn unmounted(node: &Node<'_>, disks: &Disks) -> Vec<Diagnostic> {
    let places = places(node.cluster(), node.member);
    let own = places.iter().filter(|place| place.is_own()).map(|place| Folder {
        path: Path::new(place.path.as_str()),
        required: PathBuf::from(place.folder.as_str()),
        is_log: place.usage == Usage::Wal,
    });
    not_mounted((&disks.mounts, &disks.wanted), &own.collect::<Vec<_>>())
}

/// The same of these folders.
pub(crate) fn not_mounted(
    (mounts, wanted): (&[Mount], &[Wanted]),
    folders: &[Folder<'_>],
) -> Vec<Diagnostic> {
    let mut all: Vec<(&Wanted, Vec<&Folder<'_>>)> = Vec::new();
    for folder in folders {
        let Some(wanted) = lacking((mounts, wanted), folder.path) else { continue };
        match all.iter_mut().find(|(other, _)| *other == wanted) {
            Some((_, folders)) => folders.push(folder),
            None => all.push((wanted, vec![folder])),
        }
    }
    all.into_iter().map(|(wanted, folders)| told(wanted, &folders)).collect()
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
    let rank = |wanted: &&Wanted| (wanted.is_automatic, wanted.folder.components().count());
    wanted.iter().filter(lacks).max_by_key(rank)
}

/// Where it is told what is to be mounted.
fn written(Wanted { by, is_automatic, .. }: &Wanted) -> String {
    match (by, is_automatic) {
        (By::Fstab, true) => "/etc/fstab has it".to_owned(),
        (By::Fstab, false) => "/etc/fstab has it, with `noauto`".to_owned(),
        (By::Unit(name), true) => format!("the unit {} has it, and is enabled", shell_word(name)),
        (By::Unit(name), false) => format!("the unit {} has it, and is disabled", shell_word(name)),
    }
}

/// What mounts it.
fn mounting(Wanted { folder, by, is_automatic }: &Wanted) -> String {
    match by {
        By::Fstab => format!("`mount {}`", shell_word(&folder.display().to_string())),
        By::Unit(name) => {
            let name = shell_word(name);
            let start = format!("`systemctl start {name}`");
            if *is_automatic {
                format!("{start}; `systemctl status {name}` says why it is not")
            } else {
                start
            }
        }
    }
}

/// What mounts it no more.
fn forgotten(Wanted { by, is_automatic, .. }: &Wanted) -> String {
    let reload = "and `systemctl daemon-reload`";
    match (by, is_automatic) {
        (By::Fstab, _) => format!("take its line out of /etc/fstab, {reload}"),
        (By::Unit(name), true) => {
            format!("`systemctl disable {}`, remove that unit, {reload}", shell_word(name))
        }
        (By::Unit(_), false) => format!("remove that unit, {reload}"),
    }
}

fn told(wanted: &Wanted, folders: &[&Folder<'_>]) -> Diagnostic {
    let place = wanted.folder.display();
    let names = folders.iter().map(|folder| folder.path.display().to_string());
    let names = names.collect::<Vec<_>>().join(", ");
    let are = if folders.len() == 1 { "is" } else { "are" };
    let (mounting, gone) = (mounting(wanted), forgotten(wanted));
    let is_required = folders.iter().any(|folder| folder.required.starts_with(&wanted.folder));
    if wanted.is_automatic {
        let message = format!("a disk belongs at {place}, and is not mounted: {names} {are} on it");
        let found = Diagnostic::error(message)
            .note("etcd would begin with nothing in the place where its data is not")
            .note(written(wanted))
            .help(mounting);
        return if folders.iter().any(|it| it.is_log && it.path == wanted.folder) {
            found.help(format!(
                "where this member has no log yet: none can begin in a mount point; {gone}, and have that disk \
                 mounted at the folder above"
            ))
        } else {
            found.help(format!("where that disk is no more: {gone}"))
        };
    }
    let found = if is_required {
        Diagnostic::error(format!(
            "a disk for {place} is not mounted, and will be when etcd starts: {names} {are} on it then"
        ))
        .note("etcd's unit requires what its folders are on: systemd mounts that first, and hides what is there now")
    } else {
        Diagnostic::warning(format!("a disk for {place} is not mounted: {names} {are} on it"))
            .note("nothing mounts it when etcd starts")
    };
    found
        .note(written(wanted))
        .help(format!("where etcd's data belongs on that disk: {mounting}"))
        .help(format!("where it does not: {gone}"))
}

/// What keeps a log from beginning in the folder of a member that has one for it.
pub(super) fn mounted_log(node: &Node<'_>) -> Option<Diagnostic> {
    let places = places(node.cluster(), node.member);
    let log = places.iter().find(|place| place.usage == Usage::Wal)?.path.as_str();
    let disks = node.facts.disks.as_ref().ok()?;
    disks.is_log_mounted.then(|| in_mount_point(log, &disks.wanted))
}

/// What keeps a log from beginning in that folder, whenever etcd is started: it is a mount point, or each start of the
/// machine makes it one.
pub(crate) fn no_beginning(log: &str, is_mounted: bool, wanted: &[Wanted]) -> Option<Diagnostic> {
    let path = Path::new(log);
    if is_mounted {
        return Some(in_mount_point(log, wanted));
    }
    let required = path.parent().unwrap_or(path).to_owned();
    let meant = wanted.iter().find(|it| it.folder == path && it.is_automatic)?;
    Some(told(meant, &[&Folder { path, required, is_log: true }]))
}

/// A log cannot begin in a mount point: etcd makes it beside that, removes `wal-dir` with all that is in it, and renames
/// the one to the other (`renameWAL` in etcd's `wal/wal.go`).
fn in_mount_point(log: &str, wanted: &[Wanted]) -> Diagnostic {
    let by = wanted.iter().find(|wanted| wanted.folder == Path::new(log));
    let first = by.map(|wanted| forgotten(wanted) + "; then ").unwrap_or_default();
    Diagnostic::error(format!("`wal-dir`, {log}, is a mount point: no log can begin there"))
        .note("etcd removes it with all that is in it, and puts a new folder in its place: it ends with `device or resource busy`")
        .help(format!("keep what is on that disk: {first}`umount {}`; etcd then begins on the disk of the folder above", shell_word(log)))
        .help(format!("to have the log on that disk: `wal-dir = \"{log}/wal\"` in cluster.toml; build, and install"))
}
