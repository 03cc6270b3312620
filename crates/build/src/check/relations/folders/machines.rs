//! Members that share a machine: none may be in another's data.

use super::fitness::is_refused;
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::places::{Place, Usage, places};

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let all: Vec<Housed<'_>> = subject
        .members()
        .map(|placed| {
            let mut places = places(subject.cluster, placed.member);
            places.retain(|place| !is_refused(place));
            (placed, places)
        })
        .collect();
    for (i, second) in all.iter().enumerate() {
        let first = all[..i].iter().find_map(|first| {
            // An address was copied where the URLs are the same, and that is said already.
            let copied = first.0.member.listen_peer_urls == second.0.member.listen_peer_urls;
            let together = first.0.machine() == second.0.machine() && !copied;
            together.then(|| clash(subject, first, second)).flatten()
        });
        found.extend(first);
    }
}

type Housed<'a> = (Placed<'a>, Vec<Place>);

/// The first thing that two members have in common, and should not.
fn clash(
    subject: &Subject<'_>,
    (first, there): &Housed<'_>,
    (second, here): &Housed<'_>,
) -> Option<Diagnostic> {
    let pairs = here.iter().flat_map(|mine| there.iter().map(move |theirs| (mine, theirs)));
    let found = pairs.filter_map(|(mine, theirs)| {
        let names = (first.member.name.as_str(), second.member.name.as_str());
        let finding = together(names, theirs, mine)?;
        let (at, also) = (subject.place_span(*second, mine), subject.place_span(*first, theirs));
        let finding = finding.at(at, "");
        Some(if at == also { finding } else { finding.also(also, "") })
    });
    found.min_by_key(|finding| finding.severity)
}

fn together((first, second): (&str, &str), theirs: &Place, mine: &Place) -> Option<Diagnostic> {
    let one = format!("`{first}` and `{second}` run on one machine");
    let finding = match (theirs.usage, mine.usage) {
        (Usage::Write, Usage::Write) if theirs.path == mine.path => {
            return Some(
                Diagnostic::warning(format!("{one} and write one file, {}", mine.path))
                    .note("lines of both are in it, and each moves it away from the other when it rotates")
                    .help("give each a file of its own under [member.etcd]"),
            );
        }
        _ if !(theirs.is_own() && mine.is_own()) => return None,
        (Usage::Data, Usage::Data) if theirs.path == mine.path => Diagnostic::error(format!(
            "{one} with one `data-dir`"
        ))
        .note("the second etcd would hang without a word, waiting for the lock of the first"),
        (Usage::Wal, Usage::Wal) if theirs.path == mine.path => {
            Diagnostic::error(format!("{one} with one `wal-dir`"))
                .note("two etcds cannot write one log")
        }
        _ if theirs.path.is_within(&mine.path) || mine.path.is_within(&theirs.path) => {
            Diagnostic::error(format!(
                "{one}, and `{}` of the one is in `{}` of the other",
                theirs.option, mine.option
            ))
            .note("what one removes, moves or restores would be the other's too")
        }
        _ => return None,
    };
    Some(finding.help("give each a folder of its own under [member.etcd]"))
}
