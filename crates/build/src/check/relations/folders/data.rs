//! One member's folders and files: which of them must not hold another.

use super::fitness::{MOVE_ALONG, fit_places};
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::places::{Place, Usage};
use std::collections::BTreeSet;

const APART: &str = "keep them apart, as in `certs-dir = \"/etc/etcd/certs\"` and \
                     `data-dir = \"/var/lib/etcd/data\"`";
const OF_MEMBER: &str = "what is there goes with the data when the member is replaced or restored";
const OF_LOG: &str = "etcd makes `wal-dir.tmp` beside `wal-dir` and renames it to that: so the \
                      folder above has to be etcd's, and nobody else's";

/// Two places of which one loses the other's files, or keeps etcd from starting.
struct Clash<'a> {
    message: String,
    /// The place that is to be another.
    at: &'a Place,
    other: &'a Place,
    note: &'static str,
    help: Vec<String>,
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    // What is to be another place need not be told of the next.
    let mut refused = BTreeSet::new();
    for placed in subject.distinct() {
        let all = fit_places(subject, placed);
        let pairs = all.iter().flat_map(|one| all.iter().map(move |other| (one, other)));
        for clash in pairs.filter_map(|(one, other)| clash(one, other)) {
            // What is not written cannot be wrong.
            let [place, beside] = if is_written(subject, placed, clash.at) {
                [clash.at, clash.other]
            } else {
                [clash.other, clash.at]
            };
            let (at, other) =
                (subject.place_span(placed, place), subject.place_span(placed, beside));
            if !refused.contains(&other) && refused.insert(at) {
                let finding = Diagnostic::error(clash.message)
                    .at(at, "")
                    .also(other, label(subject, placed, beside))
                    .note(clash.note);
                found.push(clash.help.into_iter().fold(finding, Diagnostic::help));
            }
        }
    }
}

fn clash<'a>(one: &'a Place, other: &'a Place) -> Option<Clash<'a>> {
    match (one.usage, other.usage) {
        (
            Usage::Data | Usage::Wal | Usage::Certificates,
            Usage::Write | Usage::Socket | Usage::Read,
        ) if one.path.is_within(&other.path) => Some(no_file(other, one)),
        (Usage::Data, Usage::Wal) => log_and_data(other, one),
        (Usage::Data | Usage::Wal, Usage::Certificates) => certificates(other, one),
        (Usage::Data | Usage::Wal, Usage::Read) => read_file(other, one),
        (Usage::Data | Usage::Wal | Usage::Certificates, Usage::Write | Usage::Socket) => {
            written_file(other, one)
        }
        _ => None,
    }
}

/// Finds a log in a place that the data has. In `renameWAL` of etcd's `wal/wal.go`, `wal-dir` is removed, then
/// another folder renamed to it. In `data-dir` it may be anywhere but in the place of what else etcd has there,
/// `member/snap`.
fn log_and_data<'a>(log: &'a Place, data: &'a Place) -> Option<Clash<'a>> {
    let member = data.path.join("member");
    let (message, note) = if log.path == data.path {
        ("`wal-dir` and `data-dir` are the same folder".to_owned(), "etcd would not start")
    } else if log.path == member || log.path.is_within(&member.join("snap")) {
        (
            format!("`wal-dir` is {}, where etcd keeps its database", log.path),
            "its first start would fail; without `wal-dir` the log is in `member/wal`",
        )
    } else if data.path.is_below(&log.path) {
        (
            format!("`data-dir` lies in `wal-dir`, {}", log.path),
            "etcd removes `wal-dir` with all that is in it when it makes its log",
        )
    } else if let Some(removed) = log.kept().iter().find(|kept| data.path.is_within(kept)) {
        (
            format!("`data-dir` lies in {removed}, from which etcd makes `wal-dir`"),
            "etcd removes it with all that is in it before it makes its log",
        )
    } else {
        return None;
    };
    let help = "leave `wal-dir` out, or put it on a disk of its own";
    Some(Clash { message, at: log, other: data, note, help: vec![help.to_owned()] })
}

/// Finds certificates in a folder of their member's: `certs-dir` is replaced as a whole, and an own folder is
/// nobody else's.
fn certificates<'a>(certs: &'a Place, own: &'a Place) -> Option<Clash<'a>> {
    let gone = "new certificates come with a new folder: the data would go with the old one";
    let (message, note) = if own.path == certs.path {
        (format!("`certs-dir` and `{}` are the same folder", own.option), gone)
    } else if own.path.is_below(&certs.path) {
        (format!("`{}` is in `certs-dir`, {}", own.option, certs.path), gone)
    } else {
        return read_file(certs, own);
    };
    Some(Clash { message, at: certs, other: own, note, help: vec![APART.to_owned()] })
}

fn read_file<'a>(file: &'a Place, own: &'a Place) -> Option<Clash<'a>> {
    if own.usage == Usage::Wal
        && file.path.is_within(&own.folder)
        && !file.path.is_within(&own.path)
    {
        return Some(Clash {
            message: format!(
                "`wal-dir` makes {} etcd's own, and {} is in it",
                own.folder, file.path
            ),
            at: own,
            other: file,
            note: OF_LOG,
            help: vec![
                format!("write `wal-dir = \"{}\"`", own.path.join("wal")),
                MOVE_ALONG.to_owned(),
            ],
        });
    }
    file.path.is_within(&own.folder).then(|| Clash {
        message: format!(
            "{} is in {}, which `{}` makes etcd's own",
            file.path, own.folder, own.option
        ),
        at: file,
        other: own,
        note: OF_MEMBER,
        help: vec![
            match file.usage {
                Usage::Certificates => APART,
                _ => "keep it elsewhere, such as in `/etc/etcd`",
            }
            .to_owned(),
        ],
    })
}

fn written_file<'a>(file: &'a Place, other: &'a Place) -> Option<Clash<'a>> {
    let (kept, note) = match other.usage {
        Usage::Certificates => (
            vec![other.path.clone()],
            "new certificates come with a new folder: the file would go with the old one",
        ),
        _ => (other.kept(), of_etcds_own(other)),
    };
    kept.into_iter().find(|kept| file.path.is_within(kept)).map(|kept| Clash {
        message: format!("{} is in {kept}", file.path),
        at: file,
        other,
        note,
        help: vec![
            match file.usage {
                Usage::Socket => "make it in a folder of its own, such as `/run/etcd`",
                _ => "write it to a folder of its own, such as `/var/log/etcd`",
            }
            .to_owned(),
        ],
    })
}

fn no_file<'a>(file: &'a Place, folder: &'a Place) -> Clash<'a> {
    let (option, path) = (folder.option, &file.path);
    Clash {
        message: if folder.path == *path {
            format!("{path} is a folder, that of `{option}`")
        } else {
            format!("{path} is a folder, with that of `{option}` in it")
        },
        at: file,
        other: folder,
        note: match file.usage {
            Usage::Socket => "etcd makes a socket of that name",
            Usage::Write => "etcd opens it as a file",
            _ => "etcd reads it as a file",
        },
        help: vec![match file.usage {
            Usage::Socket => format!("write `unixs:///run/etcd/{}`", file.path.name()),
            Usage::Write => "write the path of a file, such as `/var/log/etcd/etcd.log`".to_owned(),
            _ => "write the path of the file, such as one in `/etc/etcd`".to_owned(),
        }],
    }
}

/// Tells why nothing else can be in what etcd keeps for itself, [`Place::kept`].
pub(super) fn of_etcds_own(own: &Place) -> &'static str {
    match own.usage {
        Usage::Data => "etcd keeps its own files there",
        _ => "etcd removes it with all that is in it when it makes its log",
    }
}

fn is_written(subject: &Subject<'_>, placed: Placed<'_>, place: &Place) -> bool {
    match place.usage {
        Usage::Certificates => subject.spec.tls.certs_dir.is_some(),
        _ => placed.member.option(place.option).is_some(),
    }
}

/// Returns what the spec does not say itself.
fn label(subject: &Subject<'_>, placed: Placed<'_>, place: &Place) -> String {
    if is_written(subject, placed, place) {
        String::new()
    } else {
        format!("its `{}` is {} by default", place.option, place.path)
    }
}
