//! The words of `accept`, held against the changes that they accept.

use super::written::Written;
use crate::diagnostic::{Diagnostic, quoted};
use crate::spec::Spanned;
use bouquet_model::change::{Accepted, Change, FORMS, Names, Slip, accept_line};
use std::collections::BTreeSet;

/// Returns what is accepted by name.
pub(super) fn accepted(written: Written<'_>) -> Accepted {
    written.accept.iter().map(|entry| &entry.value).collect()
}

/// Returns a warning for each entry that accepts none of these changes: it is to be deleted, or names
/// something that is not in `names`, or is no entry at all.
pub(super) fn unneeded<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
    names: &Names,
    written: Written<'_>,
) -> Vec<Diagnostic> {
    let needed = needed(changes, written);
    let help = if needed.is_empty() {
        "delete the line `accept = …`".to_owned()
    } else {
        format!("write `{}`", accept_line(&entries(&needed, written).collect::<Vec<_>>()))
    };
    let unneeded = written.accept.iter().filter(|entry| !needed.contains(entry.value.as_str()));
    let said = |entry: &Spanned<String>| {
        if let Some(slip) = names.slip(&entry.value) {
            return slipped(entry, &slip);
        }
        let message = format!("`accept` is not needed for {}", quoted(&entry.value));
        Diagnostic::warning(message)
            .at(entry.span, "no change from what runs asks for it")
            .help(help.clone())
    };
    unneeded.map(said).collect()
}

/// Says why an entry can accept nothing.
fn slipped(entry: &Spanned<String>, slip: &Slip) -> Diagnostic {
    let entry_is = quoted(&entry.value);
    match slip {
        Slip::Form => Diagnostic::warning(format!("{entry_is} accepts no change of any kind"))
            .at(entry.span, "not an entry of `accept`")
            .help(format!("an entry is one of {FORMS}"))
            .help("an error of a build shows the entry to write; delete this one"),
        Slip::Unknown { what, name, meant } => {
            let said =
                Diagnostic::warning(format!("`accept` names {}, which is no {what}", quoted(name)))
                    .at(entry.span, format!("there is no such {what}"));
            match meant {
                Some(meant) => {
                    said.help(format!("did you mean {}? if not, delete it", quoted(meant)))
                }
                None => said.help("delete it"),
            }
        }
    }
}

/// Returns where and what to write so that these changes are accepted, besides those that are, which `needed`
/// tells.
pub(super) fn to_write<'a>(
    accepts: impl IntoIterator<Item = &'a Change>,
    needed: &BTreeSet<&str>,
    written: Written<'_>,
) -> String {
    let mut words: Vec<String> = entries(needed, written).map(str::to_owned).collect();
    let mut known: BTreeSet<String> = words.iter().cloned().collect();
    let others = accepts.into_iter().filter_map(Change::accept);
    words.extend(others.filter(|word| known.insert(word.clone())));
    let place = match written.places.accept {
        Some(_) => "in the place of `accept`",
        None => "under [cluster]",
    };
    format!("{place}: `{}`", accept_line(&words))
}

/// Returns the entries that accept one of these changes.
pub(super) fn needed<'a, 'w>(
    changes: impl IntoIterator<Item = &'a Change>,
    written: Written<'w>,
) -> BTreeSet<&'w str> {
    if written.accept.is_empty() {
        return BTreeSet::new();
    }
    let words: BTreeSet<String> = changes.into_iter().filter_map(Change::accept).collect();
    let entries = written.accept.iter().map(|entry| entry.value.as_str());
    entries.filter(|entry| words.contains(entry.trim())).collect()
}

/// Returns those that are needed, in the order in which they are written.
fn entries<'w>(needed: &BTreeSet<&'w str>, written: Written<'w>) -> impl Iterator<Item = &'w str> {
    let entries = written.accept.iter().map(|entry| entry.value.as_str());
    entries.filter(|entry| needed.contains(entry))
}
