//! The tables of a file, by the section that each is.

use super::document::Keys;
use super::keys::Section;
use crate::diagnostic::Span;
use std::collections::BTreeMap;

/// The keys of a section, and where they begin.
#[derive(Clone, Default)]
pub(super) struct Found<'d> {
    pub(super) span: Span,
    pub(super) keys: Keys<'d>,
}

/// The tables of the file by the names of their sections, in the order of the file.
#[derive(Default)]
pub(super) struct Tables<'d>(BTreeMap<&'static str, Vec<Found<'d>>>);

impl<'d> Tables<'d> {
    /// Adds a table.
    pub(super) fn add(&mut self, section: &Section, found: Found<'d>) {
        self.0.entry(section.name).or_default().push(found);
    }

    /// Takes all tables of a section.
    pub(super) fn take(&mut self, section: &Section) -> Vec<Found<'d>> {
        self.0.remove(section.name).unwrap_or_default()
    }

    /// Whether a section has none.
    pub(super) fn is_empty(&self, section: &Section) -> bool {
        !self.0.contains_key(section.name)
    }

    /// The last table of a section so far.
    pub(super) fn last(&mut self, section: &Section) -> Option<&mut Found<'d>> {
        self.0.get_mut(section.name)?.last_mut()
    }
}
