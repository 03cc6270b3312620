//! Members that share a machine: none may be in another's data.

use super::data::of_etcds_own;
use super::fitness::fit_places;
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::places::{Place, Usage};

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let all: Vec<Housed<'_>> =
        subject.members().map(|placed| (placed, fit_places(subject, placed))).collect();
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

/// Finds the first thing that two members have in common, and should not.
fn clash(
    subject: &Subject<'_>,
    (first, there): &Housed<'_>,
    (second, here): &Housed<'_>,
) -> Option<Diagnostic> {
    let pairs = here.iter().flat_map(|mine| there.iter().map(move |theirs| (mine, theirs)));
    // A file that both write is in the way of one of them, or of neither: that is said there.
    let both_write = |file: &Place| {
        !file.is_own() && [here, there].iter().all(|all| all.iter().any(|p| p.path == file.path))
    };
    let pairs = pairs.filter(|(mine, theirs)| {
        mine.is_own() == theirs.is_own() || !(both_write(mine) || both_write(theirs))
    });
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
        (Usage::Data, Usage::Data) | (Usage::Wal, Usage::Wal) if theirs.path == mine.path => {
            same(&one, mine)
        }
        _ if is_nested(theirs, mine) => Diagnostic::error(format!(
            "{one}, and `{}` of the one is in `{}` of the other",
            theirs.option, mine.option
        ))
        .note("what one removes, moves or restores would be the other's too"),
        _ => in_the_way(&one, theirs, mine).or_else(|| in_the_way(&one, mine, theirs))?,
    };
    Some(finding.help("give each a folder of its own under [member.etcd]"))
}

fn same(one: &str, place: &Place) -> Diagnostic {
    let note = match place.usage {
        Usage::Data => "the second etcd would hang silently, waiting for the lock of the first",
        _ => "two etcds cannot write one log",
    };
    Diagnostic::error(format!("{one} with one `{}`", place.option)).note(note)
}

fn is_nested(theirs: &Place, mine: &Place) -> bool {
    let both_own = theirs.is_own() && mine.is_own();
    both_own && (theirs.path.is_within(&mine.path) || mine.path.is_within(&theirs.path))
}

/// Finds what is written where the other's etcd keeps its own.
fn in_the_way(one: &str, place: &Place, own: &Place) -> Option<Diagnostic> {
    let kept =
        own.kept().into_iter().find(|kept| place.is_written() && place.path.is_within(kept))?;
    let there = if kept == place.path {
        "the other's too".to_owned()
    } else {
        format!("in {kept} of the other")
    };
    let message = format!("{one}, and {} of the one is {there}", place.path);
    Some(Diagnostic::error(message).note(of_etcds_own(own)))
}
