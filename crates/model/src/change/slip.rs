//! An entry of `accept` that can accept no change: read for what was meant.

use super::accept::name_word;
use crate::option::{EtcdOption, OPTIONS, find};
use crate::running::Running;
use crate::suggest;
use std::collections::BTreeSet;

/// The forms that an entry can have.
pub const FORMS: &str = "`NAME.OPTION = VALUE`, `no NAME.OPTION`, `client/NAME.common-name = true`, `token = TOKEN`, \
                         `etcd = VERSION`, `trust = [1, 2], issue = 2`, `peer-trust = [1, 2], peer-issue = 2`, \
                         `client-urls = http`, `peer-urls = http`, `rename NAME NAME`, `swap NAME NAME`, `remove NAME`, `remove client/NAME`, `move NAME URLS`";

/// Says what is wrong with an entry, whatever the changes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slip {
    /// It has none of the forms.
    Form,
    /// It names something that is not there.
    Unknown {
        /// What it would be: `member`, `client` or `option`.
        what: &'static str,
        /// Its name, as it is written.
        name: String,
        /// The whole entry with the known name that is most like it, if one is like it at all.
        meant: Option<String>,
    },
}

/// The members and clients that an entry can name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    members: BTreeSet<String>,
    clients: BTreeSet<String>,
}

impl Names {
    /// Returns all that are in one of these.
    pub fn of<'a>(all: impl IntoIterator<Item = &'a Running>) -> Self {
        let mut names = Self::default();
        for Running { members, clients } in all {
            names.members.extend(members.keys().map(|name| name_word(name).into_owned()));
            names.clients.extend(clients.keys().map(|name| name_word(name).into_owned()));
        }
        names
    }

    /// Finds what is wrong with an entry; nothing where it may accept a change.
    ///
    /// A member or client that was accepted to go, or to have another name, may be gone: such a name is wrong
    /// only where a known one is like it.
    pub fn slip(&self, entry: &str) -> Option<Slip> {
        let entry = entry.trim();
        let words = words(entry);
        let (verb, names): (&str, &[&str]) = match words.split_first() {
            Some((verb, names)) if !names.is_empty() => (*verb, names),
            _ => return Some(Slip::Form),
        };
        match (verb, names) {
            ("rename" | "swap", [_, _]) => self.gone(entry, names),
            ("remove", _) | ("move", [_, _, ..]) => self.gone(entry, &of_quorum(entry)),
            ("no", [key]) => self.setting(entry, key),
            (key, ["=", _, ..]) => match key {
                "token" | "etcd" | "client-urls" | "peer-urls" | "trust" | "peer-trust" => None,
                _ => self.setting(entry, key),
            },
            _ => Some(Slip::Form),
        }
    }

    /// Returns `orange.data-dir`, or `client/root.common-name`.
    fn setting(&self, entry: &str, key: &str) -> Option<Slip> {
        let Some((name, option)) = key.rsplit_once('.').filter(|(name, _)| !name.is_empty()) else {
            return if key == "token" { None } else { Some(Slip::Form) };
        };
        let is_client = name.starts_with(CLIENT);
        if !self.has(name) {
            return Some(self.unknown(entry, name));
        }
        let options: &mut dyn Iterator<Item = &'static str> = if is_client {
            &mut ["common-name"].into_iter()
        } else {
            &mut OPTIONS.iter().map(EtcdOption::name)
        };
        let is_known = if is_client { option == "common-name" } else { find(option).is_some() };
        (!is_known).then(|| {
            let meant = suggest::word(option, options);
            let meant = meant.map(|meant| entry.replacen(key, &format!("{name}.{meant}"), 1));
            Slip::Unknown { what: "option", name: option.to_owned(), meant }
        })
    }

    fn gone(&self, entry: &str, names: &[&str]) -> Option<Slip> {
        let unknown = names.iter().filter(|name| !self.has(name));
        let slips = unknown.map(|name| self.unknown(entry, name));
        slips.into_iter().find(|slip| matches!(slip, Slip::Unknown { meant: Some(_), .. }))
    }

    fn has(&self, name: &str) -> bool {
        match name.strip_prefix(CLIENT) {
            Some(client) => self.clients.contains(client),
            None => self.members.contains(name),
        }
    }

    fn unknown(&self, entry: &str, written: &str) -> Slip {
        let (what, prefix, name, known) = match written.strip_prefix(CLIENT) {
            Some(client) => ("client", CLIENT, client, &self.clients),
            None => ("member", "", written, &self.members),
        };
        let meant = suggest::word(name, known.iter().map(String::as_str));
        let meant = meant.map(|meant| entry.replacen(written, &format!("{prefix}{meant}"), 1));
        Slip::Unknown { what, name: name.to_owned(), meant }
    }
}

/// Before the name of a client.
const CLIENT: &str = "client/";

/// Splits at blanks that are not in quotes; a comma ends a word as well.
fn words(entry: &str) -> Vec<&str> {
    split(entry, |c| c == ' ' || c == ',')
}

/// Splits at characters that are not in quotes.
fn split(entry: &str, ends: impl Fn(char) -> bool) -> Vec<&str> {
    let mut is_quoted = false;
    let ends = |c: char| {
        is_quoted ^= c == '\'';
        !is_quoted && ends(c)
    };
    entry.split(ends).filter(|word| !word.is_empty()).collect()
}

/// Returns the names in `remove NAME NAME, move NAME URLS NAME URLS`, or in one half of it. URLs have commas between
/// them, and what is recorded of them may be any text.
fn of_quorum(entry: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut words = split(entry, |c| c == ' ').into_iter();
    while let Some(word) = words.next() {
        match word {
            "remove" => {}
            "move" => {
                while let Some(name) = words.next() {
                    names.push(name);
                    words.next();
                }
            }
            name => names.push(name.trim_end_matches(',')),
        }
    }
    names
}
