//! The words of `accept`, held against the changes that they accept.

use super::written::Written;
use crate::diagnostic::{Diagnostic, quoted};
use crate::spec::Spanned;
use bouquet_model::change::{Change, FORMS, Names, Slip};
use std::collections::BTreeSet;

/// Tells whether a change is accepted by name.
pub(super) fn is_accepted(change: &Change, written: &[Spanned<String>]) -> bool {
    change.is_accepted(&words(written))
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
        format!("write `{}`", line(&needed))
    };
    let unneeded = written.accept.iter().filter(|entry| !needed.contains(&entry.value));
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

/// Returns where and what to write so that these changes are accepted, besides those that are.
pub(super) fn to_write<'a>(
    accepts: impl IntoIterator<Item = &'a Change>,
    all: &[Change],
    written: Written<'_>,
) -> String {
    let mut words = needed(all, written);
    for word in accepts.into_iter().filter_map(Change::accept) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let place = match written.places.accept {
        Some(_) => "in the place of `accept`",
        None => "under [cluster]",
    };
    format!("{place}: `{}`", line(&words))
}

/// Returns the entries that accept one of these changes.
fn needed<'a>(changes: impl IntoIterator<Item = &'a Change>, written: Written<'_>) -> Vec<String> {
    let (all, mut needed) = (words(written.accept), BTreeSet::new());
    for change in changes {
        needed.extend((0..all.len()).filter(|at| change.is_accepted(&all[*at..=*at])));
    }
    needed.into_iter().map(|at| all[at].clone()).collect()
}

/// Returns the line of `cluster.toml` that accepts all of these.
fn line(words: &[String]) -> String {
    let words: Vec<String> =
        words.iter().map(|word| toml::Value::String(word.clone()).to_string()).collect();
    format!("accept = [{}]", words.join(", "))
}

fn words(written: &[Spanned<String>]) -> Vec<String> {
    written.iter().map(|entry| entry.value.clone()).collect()
}
