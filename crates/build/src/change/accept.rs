//! The words of `accept`, held against the changes that they accept.

use super::words::Words as _;
use super::written::Written;
use crate::diagnostic::{Diagnostic, quoted};
use crate::spec::Spanned;
use bouquet_model::change::{Change, Class};
use std::collections::BTreeSet;

/// Tells whether a change that is refused is accepted by name.
pub(super) fn is_accepted(change: &Change, written: &[Spanned<String>]) -> bool {
    change.is_accepted(&words(written))
}

/// Returns a warning for each entry that accepts none of these changes: it is to be deleted.
pub(super) fn unneeded<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
    written: Written<'_>,
) -> Vec<Diagnostic> {
    let all = words(written.accept);
    let mut needed = BTreeSet::new();
    for change in changes.into_iter().filter(|change| change.class == Class::Refused) {
        let alone = |at: &usize| change.is_accepted(&all[*at..=*at]);
        let one: Vec<usize> = (0..all.len()).filter(alone).collect();
        // Where no entry is enough by itself, it takes several of them.
        let together = one.is_empty() && change.is_accepted(&all);
        needed.extend(if together { (0..all.len()).collect() } else { one });
    }
    let kept: Vec<&String> = all
        .iter()
        .enumerate()
        .filter(|(at, _)| needed.contains(at))
        .map(|(_, word)| word)
        .collect();
    let help = if kept.is_empty() {
        "delete the line `accept = …`".to_owned()
    } else {
        format!("write `{}`", line(kept))
    };
    let unneeded = written.accept.iter().enumerate().filter(|(at, _)| !needed.contains(at));
    let said = |(_, entry): (usize, &Spanned<String>)| {
        let message = format!("`accept` is not needed for {}", quoted(&entry.value));
        Diagnostic::warning(message)
            .at(entry.span, "no change from what runs asks for it")
            .help(help.clone())
    };
    unneeded.map(said).collect()
}

/// Returns the line of `cluster.toml` that accepts all of these.
pub(super) fn line<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| basic(word.as_ref())).collect();
    format!("accept = [{}]", words.join(", "))
}

/// A basic string of TOML.
fn basic(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

pub(super) fn words(written: &[Spanned<String>]) -> Vec<String> {
    written.iter().map(|entry| entry.value.clone()).collect()
}
