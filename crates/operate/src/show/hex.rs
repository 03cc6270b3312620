//! Bytes as hexadecimal digits.

use data_encoding::HEXLOWER;

/// Writes two digits for each byte, in small letters.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}
