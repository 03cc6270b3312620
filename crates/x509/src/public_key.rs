//! Public keys, and the kinds of keys that are told apart.

use crate::der::{Der, INTEGER, SEQUENCE};
use bouquet_model::cluster::KeyKind;
use x509_parser::asn1_rs::Tag;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The kind of a key that someone made, perhaps not this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// One of the kinds that this program makes.
    Ours(KeyKind),
    /// RSA: accepted of a CA, never made.
    Rsa,
    /// Neither read nor made.
    Other,
}

/// A public key as a certificate holds it.
#[derive(Debug, Clone, Copy)]
pub struct PublicKey<'a> {
    /// Its kind.
    pub algorithm: Algorithm,
    /// The content of the `subjectPublicKey` bit string.
    pub bytes: &'a [u8],
}

const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
pub(crate) const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const P256: &[u8] = b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
const P384: &[u8] = b"\x2b\x81\x04\x00\x22";
pub(crate) const ED25519: &[u8] = b"\x2b\x65\x70";

impl<'a> PublicKey<'a> {
    /// Takes the public key of a certificate or of a request.
    pub(crate) fn of(info: &'a SubjectPublicKeyInfo<'_>) -> Self {
        let curve = info.algorithm.parameters.as_ref().filter(|any| any.tag() == Tag::Oid);
        let (kind, curve) = (info.algorithm.algorithm.as_bytes(), curve.map(|any| any.data));
        let bytes: &[u8] = &info.subject_public_key.data;
        Self { algorithm: Algorithm::of_public_key(kind, curve, bytes), bytes }
    }
}

impl Algorithm {
    /// Tells the kind from an algorithm identifier: its OID and, where it has one, the curve's.
    pub(crate) fn from_oids(algorithm: &[u8], curve: Option<&[u8]>) -> Self {
        match (algorithm, curve) {
            (EC, Some(P256)) => Self::Ours(KeyKind::EcdsaP256),
            (EC, Some(P384)) => Self::Ours(KeyKind::EcdsaP384),
            (ED25519, _) => Self::Ours(KeyKind::Ed25519),
            (RSA, _) => Self::Rsa,
            _ => Self::Other,
        }
    }

    /// Tells the kind of a public key. ring knows neither points in compressed form nor RSA of less
    /// than 2048 bits.
    pub(crate) fn of_public_key(algorithm: &[u8], curve: Option<&[u8]>, bytes: &[u8]) -> Self {
        let algorithm = Self::from_oids(algorithm, curve);
        let known = match algorithm {
            Self::Ours(KeyKind::EcdsaP256 | KeyKind::EcdsaP384) => bytes.first() == Some(&4),
            Self::Rsa => rsa_bits(bytes).is_some_and(|bits| bits >= 2048),
            _ => true,
        };
        if known { algorithm } else { Self::Other }
    }
}

/// Returns the length of the modulus of a PKCS#1 key; `None` where that cannot be read.
pub(crate) fn rsa_bits(bytes: &[u8]) -> Option<usize> {
    let modulus = Der(Der(bytes).take(SEQUENCE)?).take(INTEGER)?;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(zeros)?;
    Some((modulus.len() - zeros) * 8 - first.leading_zeros() as usize)
}
