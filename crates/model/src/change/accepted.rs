//! What is accepted: the entries of `accept` in `cluster.toml`, each of which is the words of one change.

use super::what::Change;
use std::collections::BTreeSet;

/// Stands between two entries where a program is handed all of them in one text: no text in `cluster.toml` may
/// hold it, since it is a control character.
const BETWEEN: char = '\u{1f}';

/// The entries of `accept`, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted(BTreeSet<String>);

impl Accepted {
    /// Reads the entries that a program was handed, as [`Accepted::text`] has them.
    pub fn handed(text: &str) -> Self {
        text.split(BETWEEN).filter(|entry| !entry.is_empty()).collect()
    }

    /// Returns all entries as one text of one line.
    pub fn text(&self) -> String {
        let entries: Vec<&str> = self.0.iter().map(String::as_str).collect();
        entries.join(&BETWEEN.to_string())
    }

    /// Tells whether nothing is accepted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Spaces around an entry are no part of it.
impl<T: AsRef<str>> FromIterator<T> for Accepted {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        Self(entries.into_iter().map(|entry| entry.as_ref().trim().to_owned()).collect())
    }
}

impl Change {
    /// Tells whether it is accepted by name. A later value has other words.
    pub fn is_accepted(&self, accepted: &Accepted) -> bool {
        // Words are long to make, and most of the time nothing is accepted.
        !accepted.is_empty() && self.accept().is_some_and(|words| accepted.0.contains(&words))
    }
}

/// Returns the line of `cluster.toml` that accepts what these words do. They hold neither a quote nor a
/// backslash, nor anything else that a string of TOML could not.
pub fn accept_line<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.as_ref())).collect();
    format!("accept = [{}]", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_the_same_after_they_were_handed_over() {
        for entries in [&[][..], &["a"], &["a.data-dir = /srv/etcd", " remove 'a b' ", "é"]] {
            let accepted: Accepted = entries.iter().collect();
            assert_eq!(Accepted::handed(&accepted.text()), accepted);
            assert_eq!(accepted.is_empty(), entries.is_empty());
        }
    }
}
