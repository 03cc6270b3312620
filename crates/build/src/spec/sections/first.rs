//! The first of all that have a name.

use crate::diagnostic::Span;
use crate::spec::keys::Section;

/// How a name came into the file.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// By `name = …` or `name.key = …`, above every header.
    Key,
    /// By `[name]` or `[[name]]`.
    Header,
    /// By `[name.inner]` alone.
    Inner,
}

/// The first of all that have a name.
#[derive(Clone, Copy)]
pub(super) struct First {
    pub(super) span: Span,
    pub(super) form: Form,
    pub(super) section: Option<&'static Section>,
    /// Whether a `[[name]]` may follow.
    pub(super) many: bool,
}
