//! The keys and values of a block, by their places: what an objection of `toml` is about.

use crate::diagnostic::Span;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What stands where.
#[derive(Default)]
pub(super) struct Parts {
    /// Every part of every key, with its text, in the order of the file.
    keys: Vec<(Span, String)>,
    /// Every value that holds no others, in the order of the file.
    scalars: Vec<Scalar>,
    /// Every table on one line.
    inline: Vec<Span>,
}

/// A value that holds no others.
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    pub(super) span: Span,
    /// The key that it is for, unless it stands in a list.
    pub(super) key: Option<Span>,
    /// Whether it stands in a table on one line.
    pub(super) inline: bool,
}

impl Parts {
    pub(super) fn of(table: &DeTable<'_>) -> Self {
        let mut parts = Self::default();
        parts.add_table(table, None, false);
        parts.keys.sort_by_key(|(span, _)| *span);
        parts.scalars.sort_by_key(|scalar| scalar.span);
        parts
    }

    /// The key around a place.
    pub(super) fn key_at(&self, at: usize) -> Option<Span> {
        let after = self.keys.partition_point(|(span, _)| span.start <= at);
        let (span, _) = self.keys.get(after.checked_sub(1)?)?;
        (at <= span.end).then_some(*span)
    }

    /// The value around a place; one that `toml` does not keep begins behind the last sign before it.
    pub(super) fn scalar_at(&self, text: &str, at: Span) -> Scalar {
        // Of two that meet there, the second: an empty one, or its first sign is what is wrong.
        let after = self.scalars.partition_point(|scalar| scalar.span.start <= at.start);
        let before = after.checked_sub(1).and_then(|before| self.scalars.get(before)).copied();
        before.filter(|scalar| at.start <= scalar.span.end).unwrap_or_else(|| {
            let around = |span: &Span| (span.start..=span.end).contains(&at.start);
            let before = text.get(..at.start).unwrap_or_default();
            let sign = before.rfind(['=', ',', '[', '{', '\n']).map_or(0, |sign| sign + 1);
            let blanks = before.len() - before.trim_end().len();
            let start = before.len() - before[sign..].trim_start().len();
            let span = if start + blanks > before.len() { at } else { Span::new(start, at.end) };
            Scalar { span, key: None, inline: self.inline.iter().any(around) }
        })
    }

    /// Where a key that is set again, as written, was set first: in the same table, if it is one
    /// on one line.
    pub(super) fn first_set(&self, again: Span, written: &str) -> Option<Span> {
        let name = written.trim_matches(['"', '\'']);
        let table = |at: usize| self.inline.iter().rposition(|span| span.range().contains(&at));
        let before = |(span, text): &&(Span, String)| span.start < again.start && text == name;
        let same = |(span, _): &&(Span, String)| table(span.start) == table(again.start);
        self.keys.iter().filter(before).filter(same).map(|(span, _)| *span).max()
    }

    fn add_table(&mut self, table: &DeTable<'_>, first: Option<usize>, inline: bool) {
        for (key, value) in table {
            self.keys.push((key.span().into(), key.get_ref().to_string()));
            let Range { start, end } = key.span();
            let start = first.unwrap_or(start);
            match value.get_ref() {
                DeValue::Table(inner) if is_dotted(key.span(), value) => {
                    self.add_table(inner, Some(start), inline);
                }
                _ => self.add_value(value, Some(Span::new(start, end)), inline),
            }
        }
    }

    fn add_value(&mut self, value: &Spanned<DeValue<'_>>, key: Option<Span>, inline: bool) {
        match value.get_ref() {
            DeValue::Table(table) => {
                self.inline.push(value.span().into());
                self.add_table(table, None, true);
            }
            DeValue::Array(items) => {
                for item in items {
                    self.add_value(item, None, false);
                }
            }
            _ => self.scalars.push(Scalar { span: value.span().into(), key, inline }),
        }
    }
}

/// Whether a table came to be by `name.inner = …`: then it has no place but that of its key.
fn is_dotted(key: Range<usize>, value: &Spanned<DeValue<'_>>) -> bool {
    value.span() == key
}
