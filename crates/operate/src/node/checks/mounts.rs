//! Disks that belong to the member's folders, and are not mounted; and one that is where it must not be.

use super::check::Node;
use crate::node::machine::Folders;
use crate::node::machine::facts::{By, Disks, Mount, Unfit, Wanted};
use crate::node::machine::read::mounts::of;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::node_path::NodePath;
use std::path::{Path, PathBuf};

/// A folder of a member's data, or of its log.
struct Folder {
    path: PathBuf,
    /// What etcd's unit requires to be mounted for it.
    required: PathBuf,
    is_log: bool,
}

impl Folder {
    fn new(path: &NodePath, required: &NodePath, is_log: bool) -> Self {
        let [path, required] = [path, required].map(|it| PathBuf::from(it.as_str()));
        Self { path, required, is_log }
    }

    fn of_data(folders: &Folders) -> Self {
        Self::new(&folders.data, &folders.required, false)
    }

    fn of_log(folders: &Folders) -> Self {
        Self::new(&folders.log(), &folders.required_for_log(), true)
    }
}

/// Returns what is not mounted of the disks of a member, each with the folders that are on it.
pub(super) fn unmounted(node: &Node<'_>, disks: &Disks) -> Vec<Diagnostic> {
    not_mounted((&disks.mounts, &disks.wanted), &Folders::of(node.cluster(), node.member))
}

/// Returns which disks are not mounted, each with those of these folders that are on it.
fn not_mounted(known: (&[Mount], &[Wanted]), folders: &Folders) -> Vec<Diagnostic> {
    let own = [Folder::of_data(folders), Folder::of_log(folders)];
    let mut all: Vec<(&Wanted, Vec<&Folder>)> = Vec::new();
    for folder in &own {
        let Some(wanted) = lacking(known, &folder.path) else { continue };
        match all.iter_mut().find(|(other, _)| *other == wanted) {
            Some((_, folders)) => folders.push(folder),
            None => all.push((wanted, vec![folder])),
        }
    }
    all.into_iter().map(|(wanted, folders)| told(wanted, &folders)).collect()
}

/// Returns the nearest disk that a folder is meant to be on, where that is not mounted; one that each start of the
/// machine mounts before one that none does.
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

/// Returns where it is told what is to be mounted.
fn written(Wanted { by, is_automatic, .. }: &Wanted) -> String {
    match (by, is_automatic) {
        (By::Fstab, true) => "/etc/fstab has it".to_owned(),
        (By::Fstab, false) => "/etc/fstab has it, with `noauto`".to_owned(),
        (By::Unit(name), true) => format!("the unit {} has it, and is enabled", shell_word(name)),
        (By::Unit(name), false) => format!("the unit {} has it, and is disabled", shell_word(name)),
    }
}

/// Returns what mounts it.
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

/// Returns what mounts it no more.
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

fn told(wanted: &Wanted, folders: &[&Folder]) -> Diagnostic {
    let place = wanted.folder.display();
    // With a folder comes what is in it.
    let is_inside = |it: &Folder| {
        folders.iter().any(|other| it.path != other.path && it.path.starts_with(&other.path))
    };
    let names = folders.iter().filter(|it| !is_inside(it));
    let names: Vec<_> = names.map(|folder| folder.path.display().to_string()).collect();
    let (names, belong) = (names.join(", "), if names.len() == 1 { "belongs" } else { "belong" });
    let (mounting, gone) = (mounting(wanted), forgotten(wanted));
    let is_required = folders.iter().any(|folder| folder.required.starts_with(&wanted.folder));
    if wanted.is_automatic {
        let message =
            format!("a disk belongs at {place}, and is not mounted: {names} {belong} on it");
        let found = Diagnostic::error(message)
            .note("etcd would start there without its data")
            .note(written(wanted))
            .help(mounting);
        return if folders.iter().any(|it| it.is_log && it.path == wanted.folder) {
            found.help(format!(
                "where this member has no log yet: none can begin in a mount point; {gone}, and have that disk \
                 mounted at the folder above"
            ))
        } else {
            found.help(format!("if that disk no longer exists: {gone}"))
        };
    }
    let found = if is_required {
        Diagnostic::error(format!(
            "a disk for {place} is not mounted, and will be when etcd starts: {names} would be on it then"
        ))
        .note("etcd's unit requires what its folders are on: systemd mounts that first, and hides what is there now")
    } else {
        Diagnostic::warning(format!("a disk for {place} is not mounted: {names} {belong} on it"))
            .note("nothing mounts it when etcd starts")
    };
    found
        .note(written(wanted))
        .help(format!("if etcd's data belongs on that disk: {mounting}"))
        .help(format!("if it does not: {gone}"))
}

/// Returns why a member cannot be ended whose data is to get another name: on a disk that is not mounted the data would
/// come back under its own name, and without its mark, once that disk is mounted.
pub(crate) fn hidden(known: (&[Mount], &[Wanted]), folders: &Folders) -> Option<Diagnostic> {
    let found = not_mounted(known, folders).into_iter().next()?;
    Some(Diagnostic { severity: Severity::Error, ..found })
}

/// Reports that no log can begin in the folder of a member's log.
pub(super) fn unfit_for_a_log(node: &Node<'_>) -> Option<Diagnostic> {
    let disks = node.facts.disks.as_ref().ok()?;
    let folders = Folders::of(node.cluster(), node.member);
    disks.unfit.as_ref().map(|unfit| refused(unfit, &folders, &disks.wanted))
}

/// Warns of what keeps a log from beginning in its folder, whenever etcd is started: that is a link, or a mount point, or each
/// start of the machine makes it one. It keeps nothing else from being done: etcd does not start there, and goes on with a log
/// that a restore brings.
pub(crate) fn no_beginning(
    folders: &Folders,
    unfit: Option<Unfit>,
    wanted: &[Wanted],
) -> Option<Diagnostic> {
    let log = Folder::of_log(folders);
    let meant = || wanted.iter().find(|it| it.folder == log.path && it.is_automatic);
    let found = match unfit {
        Some(unfit) => refused(&unfit, folders, wanted)
            .help("or restore its data, which brings a log there: that goes on where it is"),
        None => told(meant()?, &[&log]),
    };
    let doubt = Diagnostic { severity: Severity::Warning, ..found };
    Some(doubt.note("etcd is not started now, so that this keeps nothing back"))
}

fn refused(unfit: &Unfit, folders: &Folders, wanted: &[Wanted]) -> Diagnostic {
    match unfit {
        Unfit::Mounted => in_mount_point(folders, wanted),
        Unfit::Link(to) => behind_link(&folders.log(), to),
    }
}

/// Reports that a log does not begin behind a link: of a link, etcd removes the link.
fn behind_link(log: &NodePath, to: &Path) -> Diagnostic {
    let (to, word) = (to.display(), shell_word(log.as_str()));
    Diagnostic::error(format!("the folder of the log, {log}, is a link to {to}: no log can begin there"))
        .note("etcd removes the link without a word, and begins a log in its place, on the disk of the folder above")
        .help(format!("to have the log where the link leads: `wal-dir = \"{to}/wal\"` in cluster.toml; build, and install"))
        .help(format!("to have it on the disk of the folder above: `rm {word}`, which leaves {to} as it is"))
}

/// Reports that a log cannot begin in a mount point: etcd makes it beside that, removes `wal-dir` with all that is in
/// it, and renames the one to the other (`renameWAL` in etcd's `wal/wal.go`).
fn in_mount_point(folders: &Folders, wanted: &[Wanted]) -> Diagnostic {
    let log = folders.log();
    let by = wanted.iter().find(|wanted| wanted.folder == Path::new(log.as_str()));
    let first = by.map(|wanted| forgotten(wanted) + "; then ").unwrap_or_default();
    let inside = folders.data.join("member");
    // etcd makes no `wal-dir` in what it makes at its first start itself.
    let elsewhere = if log.is_within(&inside) {
        format!(
            "mount it outside {inside}, such as at /wal, and set `wal-dir = \"/wal/wal\"` in cluster.toml"
        )
    } else {
        format!("`wal-dir = \"{log}/wal\"` in cluster.toml")
    };
    Diagnostic::error(format!("the folder of the log, {log}, is a mount point: no log can begin there"))
        .note("etcd removes it with all that is in it, and puts a new folder in its place: it ends with `device or resource busy`")
        .help(format!("keep what is on that disk: {first}`umount {}`; etcd then begins on the disk of the folder above", shell_word(log.as_str())))
        .help(format!("to have the log on that disk: {elsewhere}; build, and install"))
}
