//! TOML as a tree in which everything knows where it was written.
//!
//! Built on `toml_parser`, the lexer and parser inside the `toml` crate, and
//! not on `toml` itself, for what only its events give: both places of a
//! duplicate key, tables in the order of the file, a bound on errors (a 4 MiB
//! file of nonsense has six million), and a value marked as unreadable instead
//! of one invented in its stead. A test compares what is accepted with `toml`.

mod build;
mod events;
mod place;
mod syntax;
mod value;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::{Diagnostics, Span, Spanned};

/// From this size on a table keeps an index. Below it, looking at every key is
/// faster than hashing one, and tables of a spec are small.
const INDEXED_FROM: usize = 24;

/// Parses text; the tree holds whatever could be read.
pub(super) fn parse(text: &str) -> (Table<'_>, Diagnostics) {
    build::build(text)
}

/// A key's text: borrowed unless it holds escapes.
pub(super) type Key<'a> = Spanned<Cow<'a, str>>;

/// Keys and their values, in the order of the file.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// Where each key is, once there are many; boxed to keep small tables so.
    #[expect(clippy::box_collection, reason = "a map is six words in every table")]
    index: Option<Box<HashMap<Cow<'a, str>, usize>>>,
    defined: Defined,
}

/// One key and its value.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) key: Key<'a>,
    pub(super) value: Value<'a>,
    /// Where the value stands; for a table, its header.
    pub(super) span: Span,
}

/// What stands behind a key.
#[derive(Debug)]
pub(super) enum Value<'a> {
    /// Could not be read, and that has been reported.
    Bad,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Cow<'a, str>),
    /// A date or a time; nothing in a spec takes one, so it is not looked into.
    Date,
    List(Vec<Item<'a>>),
    Table(Table<'a>),
    /// Tables written as `[[name]]`.
    Tables(Vec<(Span, Table<'a>)>),
}

/// An element of a list.
pub(super) type Item<'a> = Spanned<Value<'a>>;

/// How a table came to be, which decides what may still be added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defined {
    /// By `[name]`, or it is the root.
    Header,
    /// On the way to `[name.inner]`; `[name]` may still follow.
    OnTheWay,
    /// By `name.inner = …`; more such keys may follow, `[name]` may not.
    Dotted,
    /// By `{ … }`: finished.
    Inline,
}

impl Defined {
    fn takes_dotted_keys(self) -> bool {
        matches!(self, Self::Dotted | Self::OnTheWay)
    }
}

impl<'a> Table<'a> {
    fn new(defined: Defined) -> Self {
        Self { entries: Vec::new(), index: None, defined }
    }

    /// The entry of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Entry<'a>> {
        self.position(key).and_then(|at| self.entries.get(at))
    }

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.entries.iter().position(|entry| entry.key.value == key),
        }
    }

    /// The table, or the last of the tables, behind the entry at `at`.
    fn inner(&mut self, at: usize) -> Option<&mut Table<'a>> {
        match &mut self.entries.get_mut(at)?.value {
            Value::Table(inner) => Some(inner),
            Value::Tables(all) => all.last_mut().map(|(_, last)| last),
            _ => None,
        }
    }

    /// Adds a key that is not there yet, and says where it went.
    fn add(&mut self, entry: Entry<'a>) -> usize {
        let at = self.entries.len();
        if at == INDEXED_FROM {
            let known = self.entries.iter().enumerate();
            let index = known.map(|(at, known)| (known.key.value.clone(), at)).collect();
            self.index = Some(Box::new(index));
        }
        if let Some(index) = &mut self.index {
            index.insert(entry.key.value.clone(), at);
        }
        self.entries.push(entry);
        at
    }
}

#[cfg(test)]
mod tests;
