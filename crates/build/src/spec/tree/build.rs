//! From the parser's events to the tree.

use std::mem;

use toml_parser::decoder::Encoding;
use toml_parser::{ErrorSink, ParseError, Raw, Source};

use super::place::{add_by_path, enter};
use super::{Defined, Item, Key, Table, Value, syntax};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};

/// Errors in the structure beyond this many are forgotten. A file with more is
/// not a spec with mistakes but something else.
const MOST_ERRORS: usize = 1_000;
/// A spec needs keys of two parts (`[member.etcd]`) and one list in a table.
/// The bounds keep every recursion over the tree shallow.
pub(super) const MOST_KEY_PARTS: usize = 8;
const DEEPEST: usize = 16;

pub(super) fn build(text: &str) -> (Table<'_>, Diagnostics) {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut builder = Builder {
        text,
        root: Table::new(Defined::Header),
        current: Some(Vec::new()),
        lost: Table::new(Defined::Header),
        header: None,
        keys: Keys::default(),
        pending: None,
        frames: Vec::new(),
        found: Diagnostics::new(),
        absent: Diagnostics::new(),
    };
    let mut structure = Bounded(Vec::new());
    toml_parser::parser::parse_document(&tokens, &mut builder, &mut structure);
    builder.close_header(Span::at(text.len()));
    let mut found = builder.found;
    syntax::add_structural(text, &structure.0, &builder.absent, &mut found);
    (builder.root, found)
}

/// What has been read so far; `events` feeds it.
pub(super) struct Builder<'a> {
    pub(super) text: &'a str,
    root: Table<'a>,
    /// The way from the root to the table that keys now go into, as positions
    /// among the entries; tables only grow, so positions stay true. `None`
    /// below a header that has no place.
    current: Option<Vec<usize>>,
    /// Takes the keys below a header that has no place; nobody looks at it.
    lost: Table<'a>,
    /// The header being read: where it opened, and whether by `[[`.
    pub(super) header: Option<(Span, bool)>,
    /// The parts of the key being read.
    pub(super) keys: Keys<'a>,
    /// The key, outside any list or inline table, that waits for its value.
    pub(super) pending: Option<Keys<'a>>,
    /// The lists and inline tables being read, innermost last.
    pub(super) frames: Vec<Frame<'a>>,
    pub(super) found: Diagnostics,
    /// Values that are not there, which another mistake may explain.
    pub(super) absent: Diagnostics,
}

/// The parts of a dotted key.
#[derive(Default)]
pub(super) struct Keys<'a> {
    pub(super) parts: Vec<Key<'a>>,
    /// Whether a part could not be read, which has been reported; then the
    /// key's value goes nowhere.
    pub(super) bad: bool,
}

impl Keys<'_> {
    /// The key as written.
    pub(super) fn written<'t>(&self, text: &'t str) -> Option<Spanned<&'t str>> {
        let (first, last) = (self.parts.first()?, self.parts.last()?);
        let span = Span::new(first.span.start, last.span.end);
        Some(Spanned::new(text.get(span.range())?, span))
    }
}

/// A value with others inside.
pub(super) enum Frame<'a> {
    List(Span, Vec<Item<'a>>),
    Table(Span, Table<'a>, Option<Keys<'a>>),
}

/// Keeps the first errors and forgets the rest.
struct Bounded(Vec<ParseError>);

impl ErrorSink for Bounded {
    fn report_error(&mut self, error: ParseError) {
        if self.0.len() < MOST_ERRORS {
            self.0.push(error);
        }
    }
}

impl<'a> Builder<'a> {
    pub(super) fn raw(&self, span: toml_parser::Span, encoding: Option<Encoding>) -> Raw<'a> {
        let text = self.text.get(span.start()..span.end()).unwrap_or_default();
        Raw::new_unchecked(text, encoding, span)
    }

    /// Gives a finished value to what it belongs to.
    pub(super) fn finish(&mut self, value: Value<'a>, span: Span) {
        let (table, keys) = match self.frames.last_mut() {
            Some(Frame::List(_, items)) => return items.push(Spanned::new(value, span)),
            Some(Frame::Table(_, table, keys)) => (table, keys.take()),
            None => {
                let table = match &self.current {
                    Some(way) => current(&mut self.root, way),
                    None => &mut self.lost,
                };
                (table, self.pending.take())
            }
        };
        let Some(keys) = keys.filter(|keys| !keys.bad) else {
            return;
        };
        if let Err(conflict) = add_by_path(table, keys.parts, value, span) {
            self.found.push(*conflict);
        }
    }

    /// Whether a list or an inline table may be opened here.
    pub(super) fn may_open(&mut self, span: Span) -> bool {
        if self.frames.len() == DEEPEST {
            self.found.push(syntax::too_deep(span));
        }
        self.frames.len() < DEEPEST
    }

    /// Ends a list or an inline table. One without its bracket, for which the
    /// parser makes up an empty one, has swallowed the rest of the file: it
    /// holds nothing, and what was found in it is forgotten.
    pub(super) fn close_frame(&mut self, close: Span) {
        let too_deep = self.frames.len() > DEEPEST;
        let (open, value) = match self.frames.pop() {
            Some(Frame::List(open, items)) => (open, Value::List(items)),
            Some(Frame::Table(open, table, _)) => (open, Value::Table(table)),
            None => return,
        };
        let unclosed = close.start == close.end;
        if unclosed {
            let start = |found: &Diagnostic| found.primary.as_ref().map(|label| label.span.start);
            self.found.retain(|found| start(found) <= Some(open.start));
        }
        let value = if too_deep || unclosed { Value::Bad } else { value };
        self.finish(value, Span::new(open.start, close.end));
    }

    /// Goes into the table that a header names. A header that was never closed
    /// has been reported; what follows it belongs there all the same.
    pub(super) fn close_header(&mut self, end: Span) {
        let Some((open, array)) = self.header.take() else {
            return;
        };
        let keys = mem::take(&mut self.keys);
        self.frames.clear();
        // Without its closing bracket a header ends with its name.
        let read = self.text.get(..end.end).unwrap_or_default();
        let name_end = keys.parts.last().map_or(open.end, |key| key.span.end);
        let end = if read.ends_with(']') { end.end } else { name_end };
        let parts = if keys.bad { Vec::new() } else { keys.parts };
        let (current, conflict) = enter(&mut self.root, parts, array, Span::new(open.start, end));
        self.current = current;
        self.lost = Table::new(Defined::Header);
        if let Some(conflict) = conflict {
            self.found.push(*conflict);
        }
    }
}

/// The table at the end of a way through the tree.
fn current<'t, 'a>(root: &'t mut Table<'a>, way: &[usize]) -> &'t mut Table<'a> {
    let mut table = root;
    for &at in way {
        table = table.inner(at).expect("`enter` leads through tables");
    }
    table
}
