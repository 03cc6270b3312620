//! From the parser's events to the tree.

use std::mem;

use toml_parser::decoder::Encoding;
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, ParseError, Raw, Source};

use super::place::{add_by_path, enter};
use super::{Defined, Item, Key, Table, Value, syntax, value};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Span, Spanned};

/// Errors in the structure beyond this many are forgotten. A file with more is
/// not a spec with mistakes but something else.
const MOST_ERRORS: usize = 1_000;
/// A spec needs keys of two parts (`[member.etcd]`) and one list in a table.
/// The bounds keep every recursion over the tree shallow.
const MOST_KEY_PARTS: usize = 8;
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
    };
    let mut structure = Bounded(Vec::new());
    toml_parser::parser::parse_document(&tokens, &mut builder, &mut structure);
    builder.close_header(Span::at(text.len()));
    let mut found = builder.found;
    syntax::add_structural(text, structure.0, &mut found);
    (builder.root, found)
}

struct Builder<'a> {
    text: &'a str,
    root: Table<'a>,
    /// The way from the root to the table that keys now go into, as positions
    /// among the entries; tables only grow, so positions stay true. `None`
    /// below a header that has no place.
    current: Option<Vec<usize>>,
    /// Takes the keys below a header that has no place; nobody looks at it.
    lost: Table<'a>,
    /// The header being read: where it opened, and whether by `[[`.
    header: Option<(Span, bool)>,
    /// The parts of the key being read.
    keys: Keys<'a>,
    /// The key, outside any list or inline table, that waits for its value.
    pending: Option<Keys<'a>>,
    /// The lists and inline tables being read, innermost last.
    frames: Vec<Frame<'a>>,
    found: Diagnostics,
}

/// The parts of a dotted key.
#[derive(Default)]
pub(super) struct Keys<'a> {
    pub(super) parts: Vec<Key<'a>>,
    /// Whether a part could not be read, which has been reported; then the
    /// key's value goes nowhere.
    bad: bool,
}

/// A value with others inside.
enum Frame<'a> {
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
    fn raw(&self, span: toml_parser::Span, encoding: Option<Encoding>) -> Raw<'a> {
        let text = self.text.get(span.start()..span.end()).unwrap_or_default();
        Raw::new_unchecked(text, encoding, span)
    }

    /// Gives a finished value to what it belongs to.
    fn finish(&mut self, value: Value<'a>, span: Span) {
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
    fn may_open(&mut self, span: Span) -> bool {
        if self.frames.len() == DEEPEST {
            self.found.push(syntax::too_deep(span));
        }
        self.frames.len() < DEEPEST
    }

    /// Ends a list or an inline table. One without its bracket, for which the
    /// parser makes up an empty one, has swallowed the rest of the file: it
    /// holds nothing, and what was found in it is forgotten.
    fn close_frame(&mut self, close: Span) {
        let too_deep = self.frames.len() > DEEPEST;
        let (open, value) = match self.frames.pop() {
            Some(Frame::List(open, items)) => (open, Value::List(items)),
            Some(Frame::Table(open, table, _)) => (open, Value::Table(table)),
            None => return,
        };
        let unclosed = close.start == close.end;
        if unclosed {
            let inside =
                |d: &Diagnostic| d.primary.as_ref().is_some_and(|at| at.span.start > open.start);
            self.found.retain(|found| !inside(found));
        }
        let value = if too_deep || unclosed { Value::Bad } else { value };
        self.finish(value, Span::new(open.start, close.end));
    }

    /// Goes into the table that a header names. A header that was never closed
    /// has been reported; what follows it belongs there all the same.
    fn close_header(&mut self, end: Span) {
        let Some((open, array)) = self.header.take() else {
            return;
        };
        let keys = mem::take(&mut self.keys);
        self.frames.clear();
        let end = end.end.max(open.end);
        let last = keys.parts.last().map_or(open.end, |key| key.span.end);
        // Without its closing bracket a header ends with its name.
        let end = if array_or_table_closed(self.text, end) { end } else { last };
        let parts = if keys.bad { Vec::new() } else { keys.parts };
        let (current, conflict) = enter(&mut self.root, parts, array, Span::new(open.start, end));
        self.current = current;
        self.lost = Table::new(Defined::Header);
        if let Some(conflict) = conflict {
            self.found.push(*conflict);
        }
    }
}

fn array_or_table_closed(text: &str, end: usize) -> bool {
    text.get(..end).is_some_and(|read| read.ends_with(']'))
}

/// The table at the end of a way through the tree.
fn current<'t, 'a>(root: &'t mut Table<'a>, way: &[usize]) -> &'t mut Table<'a> {
    let mut table = root;
    for &at in way {
        table = table.inner(at).expect("`enter` leads through tables");
    }
    table
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
        self.keys = Keys::default();
        self.header = Some((span(at), false));
    }

    fn array_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
        self.keys = Keys::default();
        self.header = Some((span(at), true));
    }

    fn std_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
    }

    fn array_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_header(span(at));
    }

    fn comment(&mut self, at: toml_parser::Span, error: &mut dyn ErrorSink) {
        self.raw(at, None).decode_comment(error);
    }

    fn newline(&mut self, at: toml_parser::Span, error: &mut dyn ErrorSink) {
        self.raw(at, None).decode_newline(error);
        self.close_header(span(at));
        if self.frames.is_empty() {
            self.keys = Keys::default();
        }
    }

    fn simple_key(
        &mut self,
        at: toml_parser::Span,
        encoding: Option<Encoding>,
        _: &mut dyn ErrorSink,
    ) {
        match self.keys.parts.len() {
            0..MOST_KEY_PARTS => {}
            MOST_KEY_PARTS if !self.keys.bad => {
                self.keys.bad = true;
                return self.found.push(syntax::too_deep(span(at)));
            }
            _ => return,
        }
        let raw = self.raw(at, encoding);
        let (key, error) = value::key(raw);
        if let Some(error) = error {
            self.keys.bad = true;
            let explain = || syntax::key(self.text, raw.as_str(), span(at), &error);
            self.found.push_with(Severity::Error, explain);
        }
        self.keys.parts.push(Spanned::new(key, span(at)));
    }

    fn key_val_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        let keys = mem::take(&mut self.keys);
        match self.frames.last_mut() {
            Some(Frame::Table(_, _, pending)) => *pending = Some(keys),
            Some(Frame::List(..)) => {}
            None => self.pending = Some(keys),
        }
    }

    fn value_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.keys = Keys::default();
    }

    fn scalar(&mut self, at: toml_parser::Span, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        let raw = self.raw(at, encoding);
        let value = value::scalar(raw).unwrap_or_else(|why| {
            let keys = match self.frames.last() {
                Some(Frame::Table(_, _, keys)) => keys.as_ref(),
                Some(Frame::List(..)) => None,
                None => self.pending.as_ref(),
            };
            let key = keys.and_then(|keys| keys.parts.last());
            let explain = || syntax::scalar(self.text, raw.as_str(), span(at), &why, key);
            self.found.push_with(Severity::Error, explain);
            Value::Bad
        });
        self.finish(value, span(at));
    }

    fn array_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        let may = self.may_open(span(at));
        self.frames.push(Frame::List(span(at), Vec::new()));
        may
    }

    fn array_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_frame(span(at));
    }

    fn inline_table_open(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        let may = self.may_open(span(at));
        let table = Table::new(Defined::Inline);
        self.frames.push(Frame::Table(span(at), table, None));
        may
    }

    fn inline_table_close(&mut self, at: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close_frame(span(at));
        self.keys = Keys::default();
    }
}
