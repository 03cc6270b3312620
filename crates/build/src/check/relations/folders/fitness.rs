//! Each folder by itself: whether it can be etcd's, stays, and lets etcd in.

use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::filesystem::{
    Fate, anothers_home, closed, fate, is_anothers, is_no_file, is_provided, is_shared,
};
use bouquet_model::node_path::NodePath;
use bouquet_model::places::{Place, Usage, places};
use std::collections::BTreeSet;

/// The help for a folder that is to change. No help may lead to a member without its data: to etcd that is one that
/// never was.
pub(super) const MOVE_ALONG: &str =
    "if the member has run, stop it and move what it has there to the new place before it starts";

/// Where log files of many programs lie, and the system lets more than root write.
const FOR_LOGS: [&str; 4] = ["/dev/shm", "/tmp", "/var/log", "/var/tmp"];

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for placed in subject.distinct() {
        for place in places(subject.cluster, placed.member) {
            let span = subject.place_span(placed, &place);
            let finding = long(&place)
                .or_else(|| shared(subject, &place))
                .or_else(|| shut(subject, &place))
                .or_else(|| lost(&place));
            // Two files of one list may lie in one place.
            if let Some(finding) = finding
                && said.insert((span, place.option))
            {
                found.push(finding.at(span, ""));
            }
        }
    }
}

/// Returns a member's places but for those that are refused already, whatever else is wrong with them.
pub(super) fn fit_places(subject: &Subject<'_>, placed: Placed<'_>) -> Vec<Place> {
    let mut all = places(subject.cluster, placed.member);
    if !subject.has_unit() {
        // Anyone who runs etcd otherwise may own more than it does.
        for log in all.iter_mut().filter(|place| place.usage == Usage::Wal) {
            log.folder = log.path.clone();
        }
    }
    all.retain(|place| !is_refused(place));
    all
}

/// Tells whether [`shared`] says something of it.
fn is_refused(place: &Place) -> bool {
    let Place { path, folder, usage, .. } = place;
    match usage {
        Usage::Data | Usage::Wal | Usage::Certificates => is_shared(folder),
        Usage::Write | Usage::Socket => is_shared(folder) && !FOR_LOGS.contains(&folder.as_str()),
        Usage::Read => is_no_file(path),
    }
}

/// Refuses a name that is too long: a folder's is at most 255 bytes (`NAME_MAX`), and etcd makes `wal-dir.tmp`.
fn long(place: &Place) -> Option<Diagnostic> {
    let length = place.path.name().len();
    (place.usage == Usage::Wal && length > 251).then(|| {
        Diagnostic::error(format!("the name of `wal-dir` has {length} bytes, and at most 251"))
            .note("etcd makes `wal-dir.tmp` beside it, and no name on Linux has more than 255")
            .help("shorten it")
    })
}

/// Refuses folders that others share: the unit, or anyone who follows the guide, changes owner and mode to etcd's.
fn shared(subject: &Subject<'_>, place: &Place) -> Option<Diagnostic> {
    let Place { option, path, folder, usage, .. } = place;
    let finding = match usage {
        Usage::Data | Usage::Wal | Usage::Certificates if is_shared(path) => {
            Diagnostic::error(format!("`{option}` is {path}, which is not etcd's alone"))
                .note(format!("it would get the owner `{}` and the mode 0700", subject.account()))
                .help(format!("write `{option} = \"{}\"`", instead(place)))
        }
        Usage::Wal if is_shared(folder) && subject.has_unit() => Diagnostic::error(format!(
            "`wal-dir` is right below {folder}, which is not etcd's alone"
        ))
        .note(
            "etcd makes `wal-dir.tmp` beside `wal-dir` and renames it to that: so the folder \
                     above has to be etcd's own",
        )
        .help(format!("write `wal-dir = \"{}\"`", or(path.join("wal"), "/var/lib/etcd/wal"))),
        Usage::Write | Usage::Socket if is_refused(place) => {
            Diagnostic::error(format!("{path} is right in {folder}, which is not etcd's alone"))
                .note("the unit would open the whole folder to etcd")
                .help(format!("write `{}`", beside(place)))
        }
        Usage::Read if is_refused(place) => {
            Diagnostic::error(format!("`{option}` names {path}, which is no file of etcd's"))
                .help("write the path of the file, such as one in `/etc/etcd`")
        }
        _ => return None,
    };
    Some(moved(place, finding))
}

fn moved(place: &Place, finding: Diagnostic) -> Diagnostic {
    if place.is_own() { finding.help(MOVE_ALONG) } else { finding }
}

/// Returns a folder that can be etcd's, below the one that cannot if there is one.
fn instead(place: &Place) -> NodePath {
    let below = place.path.join("etcd");
    match place.usage {
        Usage::Wal if fits(&below) => below.join("wal"),
        Usage::Wal => NodePath::from_static("/var/lib/etcd/wal"),
        Usage::Certificates => NodePath::from_static("/etc/etcd/certs"),
        _ => or(below, "/var/lib/etcd"),
    }
}

/// Returns a file's place in a folder of etcd's own, or the system's word for one that is always there.
fn beside(place: &Place) -> String {
    let name = place.path.name();
    match (place.usage, place.path.as_str()) {
        (Usage::Write, "/dev/stdout" | "/dev/stderr") => name.to_owned(),
        (Usage::Socket, _) => format!("unixs:///run/etcd/{name}"),
        _ => format!("/var/log/etcd/{name}"),
    }
}

fn or(folder: NodePath, otherwise: &'static str) -> NodePath {
    if fits(&folder) { folder } else { NodePath::from_static(otherwise) }
}

/// Tells whether nothing would be said of a folder of etcd's.
fn fits(folder: &NodePath) -> bool {
    let unfit = is_shared(folder) || is_anothers(&folder.parent()) || fate(folder).is_some();
    !unfit && closed(folder).is_none() && anothers_home(folder, "etcd").is_none()
}

/// Refuses folders into which the unit's account cannot get: it is not root.
fn shut(subject: &Subject<'_>, place: &Place) -> Option<Diagnostic> {
    if !subject.has_unit() {
        return None;
    }
    let (path, user) = (&place.path, subject.account());
    if user == "root" {
        return None;
    }
    let finding = if let Some(closed) = closed(path) {
        Diagnostic::error(format!("the account `{user}` cannot reach {path}")).note(format!(
            "{closed} is closed to everybody but its owner, and the unit runs etcd as `{user}`"
        ))
    } else {
        let home = anothers_home(path, user)?;
        Diagnostic::warning(format!("the account `{user}` may not reach {path}")).note(format!(
            "most systems close homes such as {home} to others, and the unit runs etcd as `{user}`"
        ))
    };
    let finding = finding.help(match place.usage {
        Usage::Data | Usage::Wal => "take a folder below `/var/lib/etcd`",
        Usage::Write => "take a folder of its own, such as `/var/log/etcd`",
        Usage::Socket => "take a folder of its own, such as `/run/etcd`",
        Usage::Certificates | Usage::Read => "take a folder such as `/etc/etcd/certs`",
    });
    Some(moved(place, finding))
}

fn lost(place: &Place) -> Option<Diagnostic> {
    let Place { option, path, usage, .. } = place;
    let (note, help) = match usage {
        Usage::Data | Usage::Wal => (
            "the member is lost then, and has to be removed and added again",
            "take a folder below `/var/lib/etcd`",
        ),
        Usage::Certificates | Usage::Read if is_provided(path) => return None,
        Usage::Certificates | Usage::Read => (
            "the member does not start again until it is back",
            "take a folder such as `/etc/etcd/certs`",
        ),
        Usage::Write | Usage::Socket => return None,
    };
    let (verb, goes) = match usage {
        Usage::Read => ("reads", "removes"),
        _ => ("is", "empties"),
    };
    let (happens, note) = match fate(path)? {
        Fate::Volatile => (format!("which a reboot {goes}"), note),
        Fate::Cleaned => (
            "where old files are deleted".to_owned(),
            "systemd-tmpfiles removes what was not touched for 30 days",
        ),
    };
    let finding = Diagnostic::warning(format!("`{option}` {verb} {path}, {happens}"));
    Some(moved(place, finding.note(note).help(help)))
}
