//! Where the tables of a file begin, and which of its lines are none of TOML.
//!
//! `toml` reads on after a mistake, but not after every one: a header that is written twice or not
//! closed, or a key without a value, costs it the tables or the keys that follow. So a file is taken
//! apart at its headers first, by the events of the parser inside `toml`.

use std::borrow::Cow;
use std::ops::Range;
use toml_parser::parser::{EventReceiver, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Source, Span};

/// Objections beyond this many are forgotten. A file with more is not a spec with mistakes but
/// something else.
const MOST: usize = 1_000;

/// A spec needs one list in a table. The bound keeps every recursion over its values shallow.
const DEEPEST: u32 = 16;

/// The structure of a file.
pub(super) struct Outline {
    /// Where each header begins.
    headers: Vec<usize>,
    /// Where lines end, but for those within texts of many lines.
    newlines: Vec<usize>,
    /// What is wrong with the structure, as the parser has it.
    pub(super) objections: Vec<ParseError>,
}

impl Outline {
    pub(super) fn of(text: &str) -> Self {
        let source = Source::new(text);
        let tokens = source.lex().into_vec();
        let mut lines = Lines { headers: Vec::new(), newlines: Vec::new() };
        let mut objections = Bounded(Vec::new());
        let mut whole = ValidateWhitespace::new(&mut lines, source);
        let mut shallow = RecursionGuard::new(&mut whole, DEEPEST);
        parse_document(&tokens, &mut shallow, &mut objections);
        let Lines { headers, newlines } = lines;
        Self { headers, newlines, objections: objections.0 }
    }

    /// Whether there may be more objections than are known.
    pub(super) fn is_cut(&self) -> bool {
        self.objections.len() == MOST
    }

    /// Whether values lie so deep in each other here that reading them would take a stack of any size.
    pub(super) fn is_too_deep(&self, range: &Range<usize>) -> bool {
        let too_deep = |o: &&ParseError| o.description().starts_with("cannot recurse further");
        let mut places = self.objections.iter().filter(too_deep).filter_map(ParseError::unexpected);
        places.any(|at| range.contains(&at.start()))
    }

    /// The line of each header, and what stands below it; the first has none.
    pub(super) fn blocks(&self, text: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let starts = self.headers.iter().copied();
        let ends = starts.clone().skip(1).chain([text.len()]);
        let first = (0..0, 0..self.headers.first().copied().unwrap_or(text.len()));
        let below = move |(start, end)| {
            let line = self.line_end(start).map_or(end, |newline| newline + 1);
            (start..line, line..end)
        };
        std::iter::once(first).chain(starts.zip(ends).map(below))
    }

    /// The lines of keys that have no value, at which `toml` would stop reading.
    pub(super) fn bare_keys(&self, text: &str) -> Vec<Range<usize>> {
        let mut lines: Vec<Range<usize>> = Vec::new();
        let is_bare = |o: &&ParseError| {
            matches!(o.description(), "key with no value" | "missing value for key")
        };
        let bare = self.objections.iter().filter(is_bare);
        for at in bare.filter_map(|o| Some(o.unexpected()?.start())) {
            if lines.last().is_none_or(|line| line.end < at) {
                let next = self.newlines.partition_point(|newline| *newline < at);
                let before = next.checked_sub(1).and_then(|before| self.newlines.get(before));
                let end = self.line_end(at).unwrap_or(text.len());
                lines.push(before.map_or(0, |newline| newline + 1)..end);
            }
        }
        lines
    }

    /// The end of the line at a place, unless it is the last.
    fn line_end(&self, at: usize) -> Option<usize> {
        self.newlines.get(self.newlines.partition_point(|newline| *newline < at)).copied()
    }
}

/// The text without some of its lines; all else stays in its place.
pub(super) fn blanked<'t>(text: &'t str, lines: &[Range<usize>]) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(text);
    for line in lines {
        text.to_mut().replace_range(line.clone(), &" ".repeat(line.len()));
    }
    text
}

struct Lines {
    headers: Vec<usize>,
    newlines: Vec<usize>,
}

impl EventReceiver for Lines {
    fn std_table_open(&mut self, at: Span, _: &mut dyn ErrorSink) {
        self.headers.push(at.start());
    }

    fn array_table_open(&mut self, at: Span, _: &mut dyn ErrorSink) {
        self.headers.push(at.start());
    }

    fn newline(&mut self, at: Span, _: &mut dyn ErrorSink) {
        self.newlines.push(at.end() - 1);
    }
}

/// Keeps the first errors and forgets the rest.
struct Bounded(Vec<ParseError>);

impl ErrorSink for Bounded {
    fn report_error(&mut self, error: ParseError) {
        if self.0.len() < MOST {
            self.0.push(error);
        }
    }
}
