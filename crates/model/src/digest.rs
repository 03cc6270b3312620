//! SHA-256 of a definition, by which two of them are compared.

use core::fmt;

/// SHA-256 of what a member, or a whole cluster, is defined as; see [`definition`](crate::definition).
///
/// Shown, it has 16 hexadecimal digits: so many can be compared by eye, and nobody is served by
/// finding two definitions that agree in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

/// How many digits are shown.
pub const SHOWN: usize = 16;

impl Digest {
    /// Reads all 64 digits, for generated code.
    ///
    /// # Panics
    /// In a constant's evaluation only, where they are none.
    pub const fn from_static(hex: &'static str) -> Self {
        let hex = hex.as_bytes();
        assert!(hex.len() == 64, "a digest has 64 digits");
        let mut bytes = [0; 32];
        let mut at = 0;
        while at < 32 {
            bytes[at] = digit(hex[2 * at]) << 4 | digit(hex[2 * at + 1]);
            at += 1;
        }
        Self(bytes)
    }

    /// Returns all 64 digits.
    pub fn full(&self) -> String {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
        digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.full()[..SHOWN])
    }
}

const fn digit(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => panic!("a digest has hexadecimal digits, in small letters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "00ff10abcdef0123456789fedcba98765432100123456789abcdef0123456789";

    #[test]
    fn a_digest_reads_back_and_shows_its_first_digits() {
        const DIGEST: Digest = Digest::from_static(HEX);
        assert_eq!(DIGEST.full(), HEX);
        assert_eq!(DIGEST.to_string(), "00ff10abcdef0123");
        assert_eq!(DIGEST.0[1], 0xff);
    }
}
