//! The tables of a file, by the section that each is.

use super::document::Keys;
use super::keys::Section;
use crate::diagnostic::Span;

/// The keys of a section, and where they begin.
#[derive(Clone, Default)]
pub(super) struct Found<'d> {
    pub(super) span: Span,
    pub(super) keys: Keys<'d>,
}

/// The tables of the file by section, in the order of the file.
#[derive(Default)]
pub(super) struct Tables<'d>(pub(super) Vec<(&'static Section, Found<'d>)>);

impl<'d> Tables<'d> {
    /// All tables of a section.
    pub(super) fn all(&mut self, section: &Section) -> Vec<Found<'d>> {
        let of = |(other, _): &mut (&Section, _)| other.name == section.name;
        self.0.extract_if(.., of).map(|(_, found)| found).collect()
    }

    /// Whether a section has none.
    pub(super) fn is_empty(&self, section: &Section) -> bool {
        self.0.iter().all(|(other, _)| other.name != section.name)
    }

    /// The last table of a section so far.
    pub(super) fn last(&mut self, section: &Section) -> Option<&mut Found<'d>> {
        let mut tables = self.0.iter_mut().rev();
        tables.find(|(other, _)| other.name == section.name).map(|(_, found)| found)
    }
}
