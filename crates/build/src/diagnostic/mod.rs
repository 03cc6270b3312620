//! Errors and warnings that point into `cluster.toml`.
//!
//! A stage collects what it finds in [`Diagnostics`] and goes on; anyone who runs the stages shows
//! everything at once, in rustc's manner, and stops at the first stage that found an error. Nothing
//! here prints: rendering returns text.

mod list;
mod place;
mod render;
mod source;
mod words;

pub use bouquet_model::diagnostic::{Diagnostic, Label, Severity, Span, quoted, visible};
pub use list::Diagnostics;
pub use render::Style;
pub use source::Source;
pub(crate) use words::first_and_more;

#[cfg(test)]
mod tests;
