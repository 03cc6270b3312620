//! Keys: making them, reading them, and proving that two halves belong together.

use super::pem;
use crate::secret::Secret;
use bouquet_model::cluster::KeyKind;
use core::fmt;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use zeroize::Zeroizing;

/// The kind of a key that somebody made, perhaps not this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// One of the kinds that this program makes.
    Ours(KeyKind),
    /// RSA: accepted of a CA, never made.
    Rsa,
    /// Neither read nor made.
    Other,
}

/// A public key as a certificate holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicKey<'a> {
    pub(super) algorithm: Algorithm,
    /// The content of the `subjectPublicKey` bit string.
    pub(super) bytes: &'a [u8],
}

/// Both halves, proven to belong together.
pub(super) enum Pair {
    Ecdsa(KeyKind, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

/// Why the file of a private key is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// It is not PEM, or its content is not a key.
    Damaged,
    /// It holds something else, such as a certificate.
    NotAKey,
    /// It holds more than one key.
    Several,
    /// It needs a passphrase.
    Encrypted,
    /// It is a key of a kind or size that is not supported.
    Unsupported,
    /// It is another key than the certificate's.
    Mismatch,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Damaged => "is damaged",
            Self::NotAKey => "holds no private key",
            Self::Several => "holds more than one key",
            Self::Encrypted => "is encrypted",
            Self::Unsupported => "is of an unsupported kind",
            Self::Mismatch => "does not match",
        })
    }
}

/// A new key of a leaf or a CA.
pub(super) struct NewKey {
    pub(super) kind: KeyKind,
    /// Its public half, as [`PublicKey::bytes`].
    pub(super) public: Vec<u8>,
    /// PKCS#8 in PEM.
    pub(super) secret: Secret,
}

/// PKCS#8 v1 around an Ed25519 seed, which follows (RFC 8410, section 7).
const ED25519_V1: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

/// Makes a key; `None` where the system has no random numbers.
///
/// `rcgen::KeyPair` would compute the public half twice, once to make it and once to load it. A
/// leaf's key is never loaded, because nothing is signed with it here.
pub(super) fn generate(kind: KeyKind, random: &SystemRandom) -> Option<NewKey> {
    let ecdsa = |algorithm, public_length| {
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, random).ok()?;
        // ring's document ends with the public key.
        let at = document.as_ref().len().checked_sub(public_length)?;
        Some(NewKey::new(kind, &document.as_ref()[at..], document.as_ref()))
    };
    match kind {
        KeyKind::EcdsaP256 => ecdsa(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, 1 + 2 * 32),
        KeyKind::EcdsaP384 => ecdsa(&signature::ECDSA_P384_SHA384_ASN1_SIGNING, 1 + 2 * 48),
        KeyKind::Ed25519 => {
            let mut pkcs8 = Zeroizing::new([0; ED25519_V1.len() + 32]);
            let (head, seed) = pkcs8.split_at_mut(ED25519_V1.len());
            head.copy_from_slice(ED25519_V1);
            random.fill(seed).ok()?;
            let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
            // ring would write PKCS#8 v2, which not every reader knows; all know v1.
            Some(NewKey::new(kind, pair.public_key().as_ref(), pkcs8.as_ref()))
        }
    }
}

impl NewKey {
    fn new(kind: KeyKind, public: &[u8], pkcs8: &[u8]) -> Self {
        let secret = Secret::from(pem::encode("PRIVATE KEY", pkcs8).into_bytes());
        Self { kind, public: public.to_vec(), secret }
    }

    /// Loads it, to sign with it.
    pub(super) fn pair(&self) -> Result<Pair, KeyFault> {
        let public = PublicKey { algorithm: Algorithm::Ours(self.kind), bytes: &self.public };
        prove(self.secret.expose(), public)
    }
}

/// Reads the file of a private key and proves that it belongs to a public key.
///
/// The proof computes the public half from the private one. A public key that the file itself
/// carries counts for nothing: it could be anybody's.
///
/// # Errors
/// Says what the file is instead.
pub(super) fn prove(file: &[u8], public: PublicKey<'_>) -> Result<Pair, KeyFault> {
    let blocks = pem::blocks(file).ok_or(KeyFault::Damaged)?;
    // `openssl ecparam -genkey` names the curve in a block of its own before the key.
    let mut keys = blocks.iter().filter(|block| block.label != "EC PARAMETERS");
    let key = match (keys.next(), keys.next()) {
        (None, _) => return Err(KeyFault::NotAKey),
        (Some(key), None) => key,
        (Some(_), Some(_)) => return Err(KeyFault::Several),
    };
    match key.label {
        "PRIVATE KEY" => prove_pkcs8(&key.der, public),
        "EC PRIVATE KEY" => prove_sec1(&key.der, None, public),
        "RSA PRIVATE KEY" => prove_rsa(&key.der, public),
        "ENCRYPTED PRIVATE KEY" => Err(KeyFault::Encrypted),
        label if label.ends_with("PRIVATE KEY") => Err(KeyFault::Unsupported),
        _ => Err(KeyFault::NotAKey),
    }
}

const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const P256: &[u8] = b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
const P384: &[u8] = b"\x2b\x81\x04\x00\x22";
const ED25519: &[u8] = b"\x2b\x65\x70";
const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
const ECDSA_SHA384: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x03";
const RSA_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const RSA_SHA384: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c";
const RSA_SHA512: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d";

impl Algorithm {
    /// What an algorithm identifier stands for: its OID and, where it has one, the curve's.
    pub(super) fn from_oids(algorithm: &[u8], curve: Option<&[u8]>) -> Self {
        match (algorithm, curve) {
            (EC, Some(P256)) => Self::Ours(KeyKind::EcdsaP256),
            (EC, Some(P384)) => Self::Ours(KeyKind::EcdsaP384),
            (ED25519, _) => Self::Ours(KeyKind::Ed25519),
            (RSA, _) => Self::Rsa,
            _ => Self::Other,
        }
    }
}

impl PublicKey<'_> {
    /// Whether its owner signed that message; the algorithm is the OID of a signature's.
    pub(super) fn verifies(self, algorithm: &[u8], message: &[u8], signature: &[u8]) -> bool {
        use signature::{
            ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1,
            ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
            RSA_PKCS1_2048_8192_SHA512,
        };
        let verification: &'static dyn signature::VerificationAlgorithm =
            match (self.algorithm, algorithm) {
                (Algorithm::Ours(KeyKind::EcdsaP256), ECDSA_SHA256) => &ECDSA_P256_SHA256_ASN1,
                (Algorithm::Ours(KeyKind::EcdsaP256), ECDSA_SHA384) => &ECDSA_P256_SHA384_ASN1,
                (Algorithm::Ours(KeyKind::EcdsaP384), ECDSA_SHA256) => &ECDSA_P384_SHA256_ASN1,
                (Algorithm::Ours(KeyKind::EcdsaP384), ECDSA_SHA384) => &ECDSA_P384_SHA384_ASN1,
                (Algorithm::Ours(KeyKind::Ed25519), ED25519) => &signature::ED25519,
                (Algorithm::Rsa, RSA_SHA256) => &RSA_PKCS1_2048_8192_SHA256,
                (Algorithm::Rsa, RSA_SHA384) => &RSA_PKCS1_2048_8192_SHA384,
                (Algorithm::Rsa, RSA_SHA512) => &RSA_PKCS1_2048_8192_SHA512,
                _ => return false,
            };
        signature::UnparsedPublicKey::new(verification, self.bytes)
            .verify(message, signature)
            .is_ok()
    }
}

// `rcgen` issues through these two.
impl rcgen::PublicKeyData for Pair {
    fn der_bytes(&self) -> &[u8] {
        match self {
            Self::Ecdsa(_, pair) => pair.public_key().as_ref(),
            Self::Ed25519(pair) => pair.public_key().as_ref(),
            Self::Rsa(pair) => pair.public_key().as_ref(),
        }
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self {
            Self::Ecdsa(kind, _) => algorithm(*kind),
            Self::Ed25519(_) => algorithm(KeyKind::Ed25519),
            Self::Rsa(_) => &rcgen::PKCS_RSA_SHA256,
        }
    }
}

impl rcgen::SigningKey for Pair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let random = SystemRandom::new();
        match self {
            Self::Ecdsa(_, pair) => pair.sign(&random, message).map(|s| s.as_ref().to_vec()),
            Self::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map(|()| signature)
            }
        }
        .map_err(|ring::error::Unspecified| rcgen::Error::RingUnspecified)
    }
}

impl rcgen::PublicKeyData for NewKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        algorithm(self.kind)
    }
}

fn algorithm(kind: KeyKind) -> &'static rcgen::SignatureAlgorithm {
    match kind {
        KeyKind::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
        KeyKind::EcdsaP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        KeyKind::Ed25519 => &rcgen::PKCS_ED25519,
    }
}

/// `PrivateKeyInfo` (RFC 5208, section 5), or `OneAsymmetricKey` (RFC 5958, section 2), whose
/// further fields are not looked at.
fn prove_pkcs8(der: &[u8], public: PublicKey<'_>) -> Result<Pair, KeyFault> {
    let mut outer = Der(der);
    let mut key = Der(outer.take(SEQUENCE)?);
    key.take(INTEGER)?;
    let mut identifier = Der(key.take(SEQUENCE)?);
    let algorithm = identifier.take(OID)?;
    let curve = identifier.take(OID).ok();
    let content = key.take(OCTETS)?;
    match Algorithm::from_oids(algorithm, curve) {
        Algorithm::Ours(KeyKind::Ed25519) => prove_ed25519(Der(content).take(OCTETS)?, public),
        Algorithm::Ours(kind) => prove_sec1(content, Some(kind), public),
        Algorithm::Rsa => prove_rsa(content, public),
        Algorithm::Other => Err(KeyFault::Unsupported),
    }
}

/// `ECPrivateKey` (RFC 5915, section 3). Inside PKCS#8 the curve stands outside of it.
fn prove_sec1(der: &[u8], kind: Option<KeyKind>, public: PublicKey<'_>) -> Result<Pair, KeyFault> {
    let mut outer = Der(der);
    let mut key = Der(outer.take(SEQUENCE)?);
    key.take(INTEGER)?;
    let scalar = key.take(OCTETS)?;
    let kind = match kind {
        Some(kind) => kind,
        None => match Algorithm::from_oids(EC, Der(key.take(PARAMETERS)?).take(OID).ok()) {
            Algorithm::Ours(kind) => kind,
            _ => return Err(KeyFault::Unsupported),
        },
    };
    let algorithm = match kind {
        KeyKind::EcdsaP256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        _ => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
    };
    belongs(public, Algorithm::Ours(kind))?;
    let random = SystemRandom::new();
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, public.bytes, &random)
        .map(|pair| Pair::Ecdsa(kind, pair))
        .map_err(fault)
}

fn prove_ed25519(seed: &[u8], public: PublicKey<'_>) -> Result<Pair, KeyFault> {
    belongs(public, Algorithm::Ours(KeyKind::Ed25519))?;
    Ed25519KeyPair::from_seed_and_public_key(seed, public.bytes).map(Pair::Ed25519).map_err(fault)
}

fn prove_rsa(pkcs1: &[u8], public: PublicKey<'_>) -> Result<Pair, KeyFault> {
    belongs(public, Algorithm::Rsa)?;
    let pair = RsaKeyPair::from_der(pkcs1).map_err(fault)?;
    if pair.public_key().as_ref() == public.bytes {
        Ok(Pair::Rsa(pair))
    } else {
        Err(KeyFault::Mismatch)
    }
}

fn belongs(public: PublicKey<'_>, private: Algorithm) -> Result<(), KeyFault> {
    if public.algorithm == private { Ok(()) } else { Err(KeyFault::Mismatch) }
}

/// ring tells its reasons as text only.
fn fault(rejected: ring::error::KeyRejected) -> KeyFault {
    match rejected.to_string().as_str() {
        "InconsistentComponents" => KeyFault::Mismatch,
        "InvalidEncoding" | "InvalidComponent" | "UnexpectedError" => KeyFault::Damaged,
        _ => KeyFault::Unsupported,
    }
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const PARAMETERS: u8 = 0xa0;

/// DER that is still to be read. A private key's few fields are read here, and not by a general
/// parser, because this one copies nothing that would have to be wiped.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next element, which must have that tag.
    fn take(&mut self, tag: u8) -> Result<&'a [u8], KeyFault> {
        self.next(tag).ok_or(KeyFault::Damaged)
    }

    fn next(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&[found, first], rest) = self.0.split_first_chunk()?;
        if found != tag {
            return None;
        }
        let (length, rest) = match first {
            0x00..=0x7f => (usize::from(first), rest),
            0x81 => (usize::from(*rest.first()?), &rest[1..]),
            0x82 => {
                let (bytes, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(*bytes)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }
}
