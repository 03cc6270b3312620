//! One block: its header, and its keys by `toml`.

use super::super::syntax::{self, Objection};
use super::broken::Broken;
use super::outline::Outline;
use super::parts::{Parts, Scalar};
use crate::diagnostic::{Diagnostics, Severity, Span};
use std::collections::HashSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, Error};

/// Beyond this size, the first mistake of a block has to do: `toml` keeps all of them, without a bound
/// and at some 300 bytes each.
const LARGE: usize = 256 * 1024;

/// A header and the keys below it.
#[derive(Default)]
pub(in crate::spec) struct Block<'d> {
    /// `None` for what stands above the first header, and below one whose name cannot be read.
    pub(in crate::spec) header: Option<Header<'d>>,
    pub(in crate::spec) keys: Keys<'d>,
}

/// `[name]` or `[[name]]`.
pub(in crate::spec) struct Header<'d> {
    /// The parts of the name.
    pub(in crate::spec) path: Vec<Spanned<DeString<'d>>>,
    /// Where it is, with its brackets.
    pub(in crate::spec) span: Span,
    /// Whether by `[[`.
    pub(in crate::spec) many: bool,
}

/// The keys of a table, by whether their values can be read.
#[derive(Clone, Default)]
pub(in crate::spec) struct Keys<'d> {
    pub(in crate::spec) table: DeTable<'d>,
    pub(in crate::spec) unreadable: DeTable<'d>,
}

impl<'d> From<DeTable<'d>> for Keys<'d> {
    fn from(table: DeTable<'d>) -> Self {
        Self { table, unreadable: DeTable::new() }
    }
}

/// Reads blocks, and puts into words what `toml` objects to.
pub(super) struct Reader<'r> {
    text: &'r str,
    /// What the outline has found already, by place and words.
    known: HashSet<(usize, &'r str)>,
    /// Where a bracket is never closed: all below was taken for what is in it.
    swallowed: Option<usize>,
    /// Whether the outline may have found more.
    is_cut: bool,
    /// Where keys and values cannot be read.
    pub(super) places: Vec<usize>,
    /// Why they cannot be read.
    pub(super) found: Diagnostics,
    /// Values that are not there, which another mistake may explain.
    pub(super) absent: Diagnostics,
    /// Keys that are set twice.
    pub(super) doubled: Diagnostics,
}

impl<'r> Reader<'r> {
    pub(super) fn new(text: &'r str, outline: &'r Outline) -> Self {
        let objections = outline.objections.iter();
        let known = objections
            .map(|o| (o.unexpected().map_or(text.len(), |at| at.start()), o.description()))
            .collect();
        Self {
            text,
            known,
            swallowed: syntax::swallowed_from(&outline.objections),
            is_cut: outline.is_cut(),
            places: Vec::new(),
            found: Diagnostics::new(),
            absent: Diagnostics::new(),
            doubled: Diagnostics::new(),
        }
    }

    /// Reads the block that is there in the text as it was made readable.
    pub(super) fn block<'d>(
        &mut self,
        readable: &'d str,
        header: Range<usize>,
        keys: Range<usize>,
    ) -> Block<'d> {
        let found = self.keys(at(readable, keys.clone().into()), keys.start);
        if header.is_empty() {
            return Block { header: None, keys: found };
        }
        let header = self.header(at(readable, header.clone().into()), header.start);
        // Below one that cannot be read, nobody knows whose they are.
        let keys = if header.is_some() { found } else { Keys::default() };
        Block { header, keys }
    }

    /// Says what is wrong with a key that has no value, besides that.
    pub(super) fn bare_key(&mut self, line: Range<usize>) {
        let (text, start) = (self.text, line.start);
        let line = at(text, line.into());
        let (_, objections) = self.parse(line, start);
        if let Some(objection) = objections.iter().min_by_key(|objection| objection.span) {
            let quoted = line.trim_start().starts_with(['"', '\'']);
            let raw = if quoted { line.trim() } else { at(text, objection.span) };
            let explain = || syntax::key(text, raw, objection.span, objection);
            self.found.push_with(Severity::Error, explain);
        }
    }

    fn keys<'d>(&mut self, text: &'d str, start: usize) -> Keys<'d> {
        let (table, objections) = self.parse(text, start);
        // Where there is no value, `toml` invents one, at a place where none can be.
        let (invented, table): (DeTable<'_>, DeTable<'_>) =
            table.into_iter().partition(|(_, value)| value.span() == (0..0));
        let mut moved = Moved::by(start);
        let (table, unreadable) = (moved.table(table), moved.table(invented));
        let is_number = |number: &Span| {
            let around = number.start..=number.end;
            self.is_real(*number) && !objections.iter().any(|o| around.contains(&o.span.start))
        };
        moved.too_large.retain(is_number);
        for number in moved.too_large {
            let raw = at(self.text, number);
            self.found.push_with(Severity::Error, || syntax::too_large(raw, number));
        }
        self.explain(&objections, || table.clone());
        Keys { table, unreadable }
    }

    /// The header in a line, as far as it can be read.
    fn header<'d>(&mut self, line: &'d str, start: usize) -> Option<Header<'d>> {
        let (mut table, objections) = self.parse(line, start);
        self.explain(&objections, || Moved::by(start).table(table.clone()));
        let moved = Moved::by(start);
        let mut path: Vec<Spanned<DeString<'d>>> = Vec::new();
        loop {
            let (key, value) = table.into_iter().next()?;
            let at = value.span();
            path.push(Spanned::new(moved.span(key.span()), key.into_inner()));
            let many = value.get_ref().is_array();
            match value.into_inner() {
                // On the way to the last part, a table has the place of its key.
                DeValue::Table(inner) if at.start > 0 => table = inner,
                _ => {
                    let name_end = path.last().map_or(start, |key| key.span().end);
                    let span = Span::new(start, name_end.max(start + at.end));
                    let has_name = objections.iter().all(|o| o.span.start > name_end);
                    return has_name.then_some(Header { path, span, many });
                }
            }
        }
    }

    /// What `toml` reads, and what it objects to besides what is known.
    fn parse<'d>(&self, text: &'d str, start: usize) -> (DeTable<'d>, Vec<Objection>) {
        let (table, errors) = if text.len() <= LARGE && !self.is_cut {
            let (table, errors) = DeTable::parse_recoverable(text);
            (table.into_inner(), errors)
        } else {
            match DeTable::parse(text) {
                Ok(table) => (table.into_inner(), Vec::new()),
                Err(error) => (DeTable::new(), vec![error]),
            }
        };
        let objection = |error: &Error| Objection::new(error, start);
        let news = |o: &Objection| {
            self.is_real(o.span) && !self.known.contains(&(o.span.start, o.what.as_str()))
        };
        (table, errors.iter().map(objection).filter(news).collect())
    }

    /// Whether what is there is what it was meant to be, as far as brackets are concerned.
    fn is_real(&self, place: Span) -> bool {
        self.swallowed.is_none_or(|from| place.start <= from)
    }

    fn explain<'d>(&mut self, objections: &[Objection], table: impl FnOnce() -> DeTable<'d>) {
        if objections.is_empty() {
            return;
        }
        let (text, parts) = (self.text, Parts::of(&table()));
        // Of several objections to one key or one value, the first will do.
        let mut last = None;
        for objection in objections {
            let place = objection.span;
            if objection.is_of_a_key_set_again() {
                let first = || parts.first_set(place, at(text, place));
                self.doubled
                    .push_with(Severity::Error, || syntax::set_twice(text, objection, first()));
                continue;
            }
            self.places.push(place.start);
            let key = parts.key_at(place.start);
            if let Some(key) = key.or(Some(place).filter(|_| objection.is_of_a_key())) {
                if last.replace(key) != Some(key) {
                    let explain = || syntax::key(text, at(text, key), key, objection);
                    self.found.push_with(Severity::Error, explain);
                }
                continue;
            }
            let Scalar { span, key, inline } = parts.scalar_at(text, place);
            if last.replace(span) == Some(span) {
                continue;
            }
            let (raw, key) = (at(text, span), key.map(|key| (at(text, key), key)));
            if raw.is_empty() {
                self.absent.push_with(Severity::Error, || syntax::nothing(text, span, key));
            } else {
                let explain = || syntax::scalar(text, raw, span, objection, key, inline);
                self.found.push_with(Severity::Error, explain);
            }
        }
    }
}

/// The text at a place.
fn at(text: &str, place: Span) -> &str {
    text.get(place.range()).unwrap_or_default()
}

impl Keys<'_> {
    /// Takes out the keys that cannot be read, and sets those aside whose values cannot.
    pub(super) fn part_with_broken(&mut self, broken: &Broken) {
        if broken.is_empty() {
            return;
        }
        for (key, value) in std::mem::take(&mut self.table) {
            if has_broken_key(&key, &value, broken) {
                continue;
            }
            let table =
                if is_broken(&value, broken) { &mut self.unreadable } else { &mut self.table };
            table.insert(key, value);
        }
    }
}

/// Whether a part of a key, which may be dotted, cannot be read.
fn has_broken_key(
    key: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
    broken: &Broken,
) -> bool {
    let at = key.span();
    let inner = value.get_ref().as_table().filter(|_| at == value.span());
    broken.is_in(at.start..at.end.max(at.start + 1))
        || inner.is_some_and(|table| table.iter().any(|(k, v)| has_broken_key(k, v, broken)))
}

/// Whether something in a value cannot be read.
fn is_broken(value: &Spanned<DeValue<'_>>, broken: &Broken) -> bool {
    let at = value.span();
    let inner = || value.get_ref().as_table().into_iter().flat_map(DeTable::values);
    broken.is_in(at.start..at.end + 1) || inner().any(|value| is_broken(value, broken))
}

/// Moves a block's places to where the block is in the file.
struct Moved {
    by: usize,
    /// Integers that do not fit into 64 bits: `toml` leaves that to whoever reads them.
    too_large: Vec<Span>,
}

impl Moved {
    fn by(by: usize) -> Self {
        Self { by, too_large: Vec::new() }
    }

    fn span(&self, span: Range<usize>) -> Range<usize> {
        span.start + self.by..span.end + self.by
    }

    fn table<'d>(&mut self, table: DeTable<'d>) -> DeTable<'d> {
        let entry = |(key, value): (Spanned<DeString<'d>>, Spanned<DeValue<'d>>)| {
            (Spanned::new(self.span(key.span()), key.into_inner()), self.value(value))
        };
        table.into_iter().map(entry).collect()
    }

    fn value<'d>(&mut self, value: Spanned<DeValue<'d>>) -> Spanned<DeValue<'d>> {
        let span = self.span(value.span());
        let value = match value.into_inner() {
            DeValue::Table(table) => DeValue::Table(self.table(table)),
            DeValue::Array(items) => {
                DeValue::Array(items.into_iter().map(|item| self.value(item)).collect())
            }
            DeValue::Integer(digits) => {
                if i64::from_str_radix(digits.as_str(), digits.radix()).is_err()
                    && !digits.as_str().is_empty()
                {
                    self.too_large.push(span.clone().into());
                }
                DeValue::Integer(digits)
            }
            other => other,
        };
        Spanned::new(span, value)
    }
}
