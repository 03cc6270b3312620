//! The places at which a file cannot be read.

use crate::diagnostic::Diagnostics;
use std::collections::BTreeSet;
use std::ops::Range;
use toml_parser::ParseError;

/// The places at which a file cannot be read. What is not there may well be there, and broken.
pub(in crate::spec) struct Broken(BTreeSet<usize>);

impl Broken {
    /// What is wrong with the structure, with keys and values, and what is said of it.
    pub(super) fn new(objections: &[ParseError], places: Vec<usize>, found: &Diagnostics) -> Self {
        let structure = objections.iter().filter_map(|o| Some(o.unexpected()?.start()));
        let said = found.iter().filter_map(|d| Some(d.primary.as_ref()?.span.start));
        Self(structure.chain(places).chain(said).collect())
    }

    /// Whether there is none.
    pub(in crate::spec) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is one in a part of the file.
    pub(in crate::spec) fn is_in(&self, part: Range<usize>) -> bool {
        self.0.range(part).next().is_some()
    }
}
