//! What every part of the reading needs.

use super::document::Broken;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use std::cell::{Cell, RefCell};

/// Holds what is known of the file, and what is found in it.
pub(super) struct Context<'c> {
    pub(super) text: &'c str,
    broken: &'c Broken,
    /// The names that may stand under `[etcd]`.
    pub(super) options: &'c [&'c str],
    found: RefCell<Diagnostics>,
    lost: Cell<bool>,
}

impl<'c> Context<'c> {
    pub(super) fn new(text: &'c str, broken: &'c Broken, options: &'c [&'c str]) -> Self {
        Self { text, broken, options, found: RefCell::default(), lost: Cell::new(false) }
    }

    /// Returns the text at a place.
    pub(super) fn text_at(&self, place: Span) -> &'c str {
        self.text.get(place.range()).unwrap_or_default()
    }

    /// Returns all that was found.
    pub(super) fn into_found(self) -> Diagnostics {
        self.found.into_inner()
    }

    /// Reports an error, put into words only if there is room for it.
    pub(super) fn report(&self, make: impl FnOnce() -> Diagnostic) {
        self.found.borrow_mut().push_with(make);
    }

    /// Tells whether the value of a known key was lost.
    pub(super) fn has_lost(&self) -> bool {
        self.lost.get()
    }

    /// Notes that the value of a known key is lost.
    pub(super) fn lose(&self) {
        self.lost.set(true);
    }

    /// Reports why the value of a known key is lost.
    pub(super) fn lose_by(&self, make: impl FnOnce() -> Diagnostic) {
        self.lose();
        self.report(make);
    }

    /// Tells whether all of the TOML can be read.
    pub(super) fn is_sound(&self) -> bool {
        self.broken.is_empty()
    }

    /// Tells whether the TOML is broken between this header and the next.
    pub(super) fn is_broken_below(&self, header: Span) -> bool {
        let rest = self.text.get(header.end..).unwrap_or_default();
        let length = rest.find("\n[").unwrap_or(rest.len());
        self.broken.is_in(header.start..header.end + length + 1)
    }

    /// Tells whether the TOML is broken before this place.
    pub(super) fn is_broken_above(&self, place: Span) -> bool {
        self.broken.is_in(0..place.start)
    }

    /// Tells whether the TOML is broken here.
    pub(super) fn is_broken_at(&self, place: Span) -> bool {
        self.broken.is_in(place.start..place.end + 1)
    }
}
