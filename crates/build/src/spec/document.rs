//! The file as trees of `toml`'s, with every mistake of its syntax in one go.
//!
//! `toml` reads on after a mistake, but not after every one: a key without a value, a bracket that is
//! never closed, a header that is broken or stands twice cost it what follows. So what such a line
//! spoils is taken out, byte for byte, and the text read again: all places stay true. What belongs to a
//! header that is taken out is read by itself.

use super::syntax::{self, Mistake};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The largest text, in bytes, of which all mistakes are reported; of a larger one it is the first: `toml` keeps all of
/// them, without a bound and at some 300 bytes each.
const LARGE: usize = 256 * 1024;

/// The most mistakes that a spec may have: a text with more is not a spec, and is read once.
const MANY: usize = 1_000;

/// The most bytes that are read again in all.
const MOST_AGAIN: usize = 4 * 1024 * 1024;

/// A file, as far as it can be read.
pub(super) struct Document<'t> {
    /// Its tables. What cannot stand in one tree is in others.
    pub(super) trees: Vec<Tree<'t>>,
    pub(super) broken: Broken,
    /// Why something cannot be read.
    pub(super) found: Diagnostics,
}

/// The header that was meant by one that cannot be read, and where that is.
pub(super) type Header = (String, Span);

/// Holds what can be read by itself: the whole, or the keys below a broken header.
pub(super) struct Tree<'t> {
    pub(super) header: Option<Header>,
    pub(super) table: DeTable<'t>,
}

/// The text of a tree, as long as the whole and blank where the others are not.
pub(super) struct Piece {
    header: Option<Header>,
    text: String,
}

/// The places at which a file cannot be read. What is not there may well be there, and broken.
#[derive(Default)]
pub(super) struct Broken(BTreeSet<usize>);

impl Broken {
    /// Tells whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether there is one in a part of the file.
    pub(super) fn is_in(&self, part: Range<usize>) -> bool {
        self.0.range(part).next().is_some()
    }
}

/// Reads a file; `pieces` takes the texts that its trees are of, where it is not sound.
pub(super) fn read<'t>(text: &'t str, pieces: &'t mut Vec<Piece>) -> Document<'t> {
    let (tree, mistakes) = toml(text);
    let (broken, found) = (Broken::default(), Diagnostics::new());
    let mut reader = Reader { text, again: MOST_AGAIN, broken, found };
    let trees = if mistakes.is_empty() {
        vec![Tree { header: None, table: tree }]
    } else {
        drop((tree, mistakes));
        *pieces = reader.pieces();
        let tree = |Piece { header, text }: &'t Piece| Tree {
            header: header.clone(),
            table: toml(text).0,
        };
        pieces.iter().map(tree).collect()
    };
    for value in trees.iter().flat_map(|tree| tree.table.values()) {
        reader.report_numbers(value);
    }
    Document { trees, broken: reader.broken, found: reader.found }
}

/// Returns the tree, and what `toml` objects to, in the order of the file.
fn toml(text: &str) -> (DeTable<'_>, Vec<Mistake>) {
    let (tree, errors) = if text.len() <= LARGE {
        let (tree, errors) = DeTable::parse_recoverable(text);
        (tree.into_inner(), errors)
    } else {
        match DeTable::parse(text) {
            Ok(tree) => (tree.into_inner(), Vec::new()),
            Err(error) => (DeTable::new(), vec![error]),
        }
    };
    let mut mistakes: Vec<_> = errors.into_iter().map(|error| Mistake::new(text, &error)).collect();
    mistakes.sort_by_key(|mistake| mistake.span.start);
    (tree, mistakes)
}

struct Reader<'r> {
    text: &'r str,
    /// How many bytes may be read again.
    again: usize,
    broken: Broken,
    found: Diagnostics,
}

impl Reader<'_> {
    /// Returns the pieces that `toml` can read to their ends.
    fn pieces(&mut self) -> Vec<Piece> {
        let whole = Piece { header: None, text: self.text.to_owned() };
        let (mut pieces, mut rest) = (Vec::new(), vec![whole]);
        while let Some(piece) = rest.pop() {
            let (tree, mistakes) = toml(&piece.text);
            self.again = self.again.saturating_sub(piece.text.len());
            let mut parts = Vec::new();
            if piece.text.len() <= LARGE && self.again > 0 {
                let text = self.without_brackets(&piece.text, &tree, &mistakes);
                parts.extend(text.map(|text| Piece { header: piece.header.clone(), text }));
                if parts.is_empty() && mistakes.len() <= MANY {
                    parts = self.take_apart(&piece, &mistakes);
                }
            }
            if parts.is_empty() {
                by_line(self.text, &mistakes).for_each(|mistakes| self.report(mistakes));
                pieces.push(piece);
            }
            rest.extend(parts);
        }
        pieces
    }

    /// Returns a text without brackets that are never closed, or are nested too deep.
    fn without_brackets(
        &mut self,
        piece: &str,
        tree: &DeTable<'_>,
        mistakes: &[Mistake],
    ) -> Option<String> {
        let text = self.text;
        if let Some(deep) = mistakes.iter().find(|mistake| mistake.is_too_deep()) {
            self.report_one(deep.span, || syntax::too_deep(deep));
            return Some(without(piece, &[line_at(text, deep.span.start)]));
        }
        let unclosed = mistakes.iter().filter(|mistake| mistake.is_an_open_bracket());
        let opened = |end: &Mistake| tree.values().find_map(|v| reaching(v, end.span.start));
        let opened = unclosed.filter_map(opened).min().or_else(|| self.opened_again(mistakes))?;
        let end = syntax::likely_end(text, opened);
        self.report_one(opened, || syntax::unclosed(text, opened, end));
        let lines = line_at(text, opened.start).start..line_at(text, end).end;
        Some(without(piece, &[lines]))
    }

    /// Finds the bracket that is never closed, if its key is set twice and so not in the tree.
    fn opened_again(&mut self, mistakes: &[Mistake]) -> Option<Span> {
        let text = self.text;
        mistakes.iter().find(|mistake| mistake.is_an_open_bracket())?;
        let twice = mistakes.iter().rfind(|mistake| mistake.is_of_a_key_set_again())?;
        let value = text.get(twice.span.end..)?.split_once('=')?.1.trim_start();
        let start = text.len() - value.len();
        value.starts_with(['[', '{']).then(|| {
            self.found.push_with(|| syntax::set_twice(text, twice));
            Span::new(start, start + 1)
        })
    }

    /// Returns the parts of a text, where a line in it keeps `toml` from reading the rest.
    fn take_apart(&mut self, piece: &Piece, mistakes: &[Mistake]) -> Vec<Piece> {
        let (text, Piece { header, text: piece }) = (self.text, piece);
        let (mut parts, mut out, mut twice, mut told) = (vec![], vec![], vec![], vec![]);
        let mut taken = 0;
        for mistakes in by_line(text, mistakes) {
            let line = line_of(text, mistakes);
            // What is taken out is looked at when it is read by itself.
            if line.start < taken {
                continue;
            }
            let content = &text[line.clone()];
            let (is_header, meant) = (is_header(content), syntax::header_meant(content));
            if !mistakes.iter().any(Mistake::is_of_the_line) {
                if is_header && mistakes.iter().any(Mistake::is_of_a_key_set_again) {
                    taken = block_end(text, &line);
                    twice.push(line.start..taken);
                }
            } else if is_header || meant.is_some() {
                told.push(mistakes);
                taken = block_end(text, &line);
                if parts.len() < self.again / piece.len() {
                    let body = line.end..taken;
                    let header = meant.map(|meant| (meant, line.clone().into()));
                    parts.push(Piece { header, text: only(piece, std::slice::from_ref(&body)) });
                }
                out.push(line.start..taken);
            } else if mistakes.iter().any(Mistake::is_a_bare_key) {
                told.push(mistakes);
                out.push(line);
            }
        }
        if !twice.is_empty() {
            parts.push(Piece { header: None, text: only(piece, &twice) });
        }
        out.extend(twice);
        parts.push(Piece { header: header.clone(), text: without(piece, &out) });
        // The place of text over many lines may be behind it, where nothing is to be taken out.
        if parts.iter().any(|part| part.text == *piece) {
            return Vec::new();
        }
        for mistakes in told {
            self.report(mistakes);
        }
        parts
    }

    /// Says what is wrong in a line. Of one key or one value the first thing will do, and one slip of
    /// the pen makes `toml` stumble more than once.
    fn report(&mut self, mistakes: &[Mistake]) {
        let text = self.text;
        let (twice, others): (Vec<_>, Vec<_>) =
            mistakes.iter().partition(|mistake| mistake.is_of_a_key_set_again());
        // What a broken header is to others is not looked at.
        if others.is_empty() || !is_header(&text[line_of(text, mistakes)]) {
            for mistake in twice {
                self.found.push_with(|| syntax::set_twice(text, mistake));
            }
        }
        self.broken.0.extend(others.iter().map(|mistake| mistake.span.start));
        let (of_values, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|mistake| mistake.is_of_a_value());
        for of_one in of_values.chunk_by(|a, b| !is_between(text, a, b, ',')) {
            let open = of_one.iter().find(|mistake| mistake.is_of_open_text());
            if let Some(mistake) = open.or(of_one.first()) {
                self.report_one(mistake.span, || syntax::value(text, mistake));
            }
        }
        if let Some(first) = others.first().filter(|_| of_values.is_empty()) {
            self.report_one(first.span, || syntax::explain(text, first));
        }
    }

    fn report_one(&mut self, at: Span, make: impl FnOnce() -> Diagnostic) {
        self.broken.0.insert(at.start);
        self.found.push_with(make);
    }

    /// Reports integers that do not fit into 64 bits: `toml` leaves that to anyone who reads them.
    fn report_numbers(&mut self, value: &Spanned<DeValue<'_>>) {
        let span = Span::from(value.span());
        match value.get_ref() {
            DeValue::Integer(digits) => {
                let is_known = self.broken.is_in(span.start..span.end + 1);
                if i64::from_str_radix(digits.as_str(), digits.radix()).is_err() && !is_known {
                    let raw = self.text.get(span.range()).unwrap_or_default();
                    self.report_one(span, || syntax::too_large(raw, span));
                }
            }
            DeValue::Table(table) => table.values().for_each(|value| self.report_numbers(value)),
            DeValue::Array(items) => items.iter().for_each(|value| self.report_numbers(value)),
            _ => {}
        }
    }
}

/// Returns the outermost list or table on one line that ends at a place.
fn reaching(value: &Spanned<DeValue<'_>>, end: usize) -> Option<Span> {
    let span = value.span();
    match value.get_ref() {
        DeValue::Table(_) | DeValue::Array(_) if span.end == end => Some(span.into()),
        DeValue::Table(table) => table.values().find_map(|value| reaching(value, end)),
        DeValue::Array(items) => items.iter().find_map(|value| reaching(value, end)),
        _ => None,
    }
}

/// Groups mistakes by the lines that they begin in.
fn by_line<'m>(text: &str, mistakes: &'m [Mistake]) -> impl Iterator<Item = &'m [Mistake]> {
    mistakes.chunk_by(|a, b| !is_between(text, a, b, '\n'))
}

/// Tells whether a character is between the beginnings of two mistakes.
fn is_between(text: &str, a: &Mistake, b: &Mistake, c: char) -> bool {
    text.get(a.span.start..b.span.start).is_some_and(|between| between.contains(c))
}

/// Returns the line of the first of some mistakes.
fn line_of(text: &str, mistakes: &[Mistake]) -> Range<usize> {
    line_at(text, mistakes.first().map_or(0, |mistake| mistake.span.start))
}

/// Tells whether a line begins as a header does.
fn is_header(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

/// Returns the line around a place, without its end.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let at = syntax::floor(text, at);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    start..text[at..].find('\n').map_or(text.len(), |newline| at + newline)
}

/// Returns the place where the table ends that a line begins, with the tables in it.
fn block_end(text: &str, header: &Range<usize>) -> usize {
    fn name(line: &str) -> &str {
        line.trim_start_matches([' ', '\t', '['])
    }
    let own = name(&text[header.clone()]).split([']', ' ', '#', '\r']).next().unwrap_or_default();
    let is_next = |line: &str| {
        is_header(line) && !name(line).strip_prefix(own).is_some_and(|inner| inner.starts_with('.'))
    };
    let mut end = (header.end + 1).min(text.len());
    for line in text[end..].split_inclusive('\n').take_while(|line| !is_next(line)) {
        end += line.len();
    }
    end
}

/// Blanks some parts of a text.
fn without(text: &str, parts: &[Range<usize>]) -> String {
    let mut text = text.to_owned();
    for part in parts {
        text.replace_range(part.clone(), &" ".repeat(part.len()));
    }
    text
}

/// Blanks a text but for some parts.
fn only(text: &str, parts: &[Range<usize>]) -> String {
    let mut only = " ".repeat(text.len());
    for part in parts {
        only.replace_range(part.clone(), &text[part.clone()]);
    }
    only
}
