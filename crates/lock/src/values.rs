//! Single values of the file, from text to facts and back.

use bouquet_model::time::Instant;
use core::fmt::{self, Write as _};
use core::ops::Range;
use data_encoding::HEXLOWER;
use toml::value::Datetime;

/// Says what is wrong in a file, and where.
pub(crate) struct Wrong(pub(crate) Range<usize>, pub(crate) String);

/// Reads 64 hexadecimal digits; `key` is the value's, for the words of what is wrong.
pub(crate) fn digest(key: &str, text: &str) -> Result<[u8; 32], String> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok();
    let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| format!("`{key}` is 64 hexadecimal digits"))
}

pub(crate) fn instant(datetime: Datetime) -> Result<i64, String> {
    let text = datetime.to_string();
    let instant = Instant::parse(&text).map(|instant| instant.0);
    instant.ok_or_else(|| format!("`{text}` is not a moment such as `2027-11-22T08:00:00Z`"))
}

/// Returns the number of an ID as etcd writes it.
pub(crate) fn hexadecimal(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_plain.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

/// Takes a serial number as certificates have it, in small letters.
pub(crate) fn serial(text: &str) -> Result<&str, String> {
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.is_empty() || !text.bytes().all(is_digit) {
        return Err("`serial` is hexadecimal digits".to_owned());
    }
    Ok(text)
}

/// Returns a number that TOML can have; no list of revoked certificates has a larger one.
pub(crate) fn fits(number: u64) -> Option<i64> {
    i64::try_from(number).ok()
}

/// A table on one line.
#[derive(Default)]
pub(crate) struct Inline(String);

impl Inline {
    /// Adds a key of letters and a value as it is to stand there.
    pub(crate) fn add(&mut self, key: &str, value: impl fmt::Display) {
        let comma = if self.0.is_empty() { "" } else { ", " };
        let _ = write!(self.0, "{comma}{key} = {value}");
    }

    pub(crate) fn end(self) -> String {
        format!("{{ {} }}", self.0)
    }
}
