//! What `toml` objects to, in words for somebody who does not know TOML.
//!
//! The parser says what it expected next. People rather make the same dozen
//! mistakes: no quotes, a colon for `=`, typographic quotes. So the line or the
//! value is looked at first, and the parser's words are the fallback.

mod key;
mod line;
mod objection;
mod scalar;
mod structure;
mod unclosed;

pub(super) use key::{key, set_twice};
pub(super) use objection::Objection;
pub(super) use scalar::{nothing, scalar, too_large};
pub(super) use structure::{add_structural, swallowed_from};
