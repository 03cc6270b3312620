//! `accept`: words, which are held against the changes that they accept once those are known.

use super::text;
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::spec::Spanned;

/// Returns the words, each once.
pub(super) fn accept(
    written: Option<&Spanned<Vec<Spanned<String>>>>,
    found: &mut Diagnostics,
) -> Option<Vec<Spanned<String>>> {
    let all = written.map(|written| written.value.as_slice()).unwrap_or_default();
    let (mut sound, mut words) = (true, Vec::<Spanned<String>>::new());
    for entry in all {
        let first = words.iter().find(|other| other.value == entry.value);
        if let Some(first) = first {
            let message = format!("{} is in `accept` twice", quoted(&entry.value));
            let twice = Diagnostic::error(message).at(entry.span, "again here");
            found.push(twice.also(first.span, "first here").help("take one of them out"));
            sound = false;
        } else if entry.value.trim().is_empty() {
            found.push(
                Diagnostic::error("an entry of `accept` names nothing").at(entry.span, "").help(
                    "an error of the build shows the words to write here; leave it out until then",
                ),
            );
            sound = false;
        } else if text::printable(entry, "accept", found).is_none() {
            sound = false;
        } else {
            words.push(entry.clone());
        }
    }
    sound.then_some(words)
}
