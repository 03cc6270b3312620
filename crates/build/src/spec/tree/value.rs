//! Scalars and keys: from text to value.

use std::borrow::Cow;

use toml_parser::decoder::{IntegerRadix, ScalarKind};
use toml_parser::{ParseError, Raw};

use super::Value;

/// Why a scalar has no value.
pub(super) enum Unreadable {
    /// TOML has no such value; the parser's first objection.
    Syntax(ParseError),
    /// A number that does not fit.
    TooLarge,
}

/// Reads a key's text, and says what is wrong with it.
pub(super) fn key(raw: Raw<'_>) -> (Cow<'_, str>, Option<ParseError>) {
    let mut text = Cow::Borrowed("");
    let mut first = None;
    raw.decode_key(&mut text, &mut first);
    (text, first)
}

/// Reads a scalar.
pub(super) fn scalar(raw: Raw<'_>) -> Result<Value<'_>, Unreadable> {
    let mut text = Cow::Borrowed("");
    let mut first = None;
    let kind = raw.decode_scalar(&mut text, &mut first);
    if let Some(error) = first {
        return Err(Unreadable::Syntax(error));
    }
    match kind {
        ScalarKind::String => Ok(Value::Str(text)),
        ScalarKind::Boolean(value) => Ok(Value::Bool(value)),
        ScalarKind::DateTime => Ok(Value::Date),
        ScalarKind::Float => text.parse().map(Value::Float).map_err(|_| Unreadable::TooLarge),
        ScalarKind::Integer(radix) => integer(&text, radix),
    }
}

fn integer<'a>(digits: &str, radix: IntegerRadix) -> Result<Value<'a>, Unreadable> {
    i64::from_str_radix(digits, radix.value()).map(Value::Int).map_err(|_| Unreadable::TooLarge)
}
