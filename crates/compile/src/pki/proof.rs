//! What an earlier build proved, so that a later one need not compute it again.

use super::secret::Secret;
use core::fmt;
use data_encoding::HEXLOWER;
use ring::digest::{Context, SHA256};

/// The word of an earlier build that these very files — a CA's certificate, a leaf's and its key —
/// belong together: that the CA signed the leaf, and that the key is the leaf's.
///
/// Proving that takes longer than issuing did, and an unchanged build of thousands of clients does
/// little else. The word is a hash over all three files, so that a change to any of them voids it,
/// and whoever keeps it need not protect it: it tells nothing of the key, and to forge it one
/// must be able to write `out/`, where one could replace the CA as well. Without it, or with another
/// one, everything is proven anew; what a certificate says and its dates are checked either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof([u8; 32]);

impl Proof {
    /// Reads what `Display` wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Of files that were proven, or that are about to be.
    pub(super) fn of(ca: &[u8; 32], certificate: &[u8], key: &Secret) -> Self {
        let mut context = Context::new(&SHA256);
        // The version lets a program that proves more than this one start afresh.
        context.update(b"bouquet proof 1\0");
        context.update(ca);
        // The length keeps a byte from moving from one file to the other unnoticed.
        context.update(&certificate.len().to_be_bytes());
        context.update(certificate);
        context.update(key.expose());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        Self(bytes)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_read_as_it_was_written() {
        let proof = Proof::of(&[1; 32], b"certificate", &Secret::new(b"key".to_vec()));
        assert_eq!(Proof::parse(&proof.to_string()), Some(proof));
        for text in ["", "00", "zz", &"0".repeat(62), &"0".repeat(66), &"F".repeat(64)] {
            assert_eq!(Proof::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_proof_depends_on_each_file_and_on_where_one_ends() {
        let of = |ca: u8, certificate: &str, key: &str| {
            Proof::of(&[ca; 32], certificate.as_bytes(), &Secret::new(key.as_bytes().to_vec()))
        };
        let proof = of(1, "ab", "c");
        for other in [of(2, "ab", "c"), of(1, "aB", "c"), of(1, "ab", "C"), of(1, "a", "bc")] {
            assert_ne!(other, proof);
        }
    }
}
