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
    pub(super) headers: Vec<usize>,
    /// What is wrong with the structure, as the parser has it.
    pub(super) objections: Vec<ParseError>,
}

impl Outline {
    pub(super) fn of(text: &str) -> Self {
        let source = Source::new(text);
        let tokens = source.lex().into_vec();
        let mut headers = Headers(Vec::new());
        let mut objections = Bounded(Vec::new());
        let mut whole = ValidateWhitespace::new(&mut headers, source);
        let mut shallow = RecursionGuard::new(&mut whole, DEEPEST);
        parse_document(&tokens, &mut shallow, &mut objections);
        Self { headers: headers.0, objections: objections.0 }
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

    /// The text without its keys that have no value, at which `toml` would stop reading; all else
    /// stays in its place.
    pub(super) fn without_bare_keys<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        let mut done = 0;
        let bare = self.objections.iter().filter(|o| o.description() == "key with no value");
        for at in bare.filter_map(|o| Some(o.unexpected()?.start())) {
            if at < done {
                continue; // Of the same line, which may be long.
            }
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            done = text[at..].find('\n').map_or(text.len(), |n| at + n);
            text.to_mut().replace_range(start..done, &" ".repeat(done - start));
        }
        text
    }
}

struct Headers(Vec<usize>);

impl EventReceiver for Headers {
    fn std_table_open(&mut self, at: Span, _: &mut dyn ErrorSink) {
        self.0.push(at.start());
    }

    fn array_table_open(&mut self, at: Span, _: &mut dyn ErrorSink) {
        self.0.push(at.start());
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
