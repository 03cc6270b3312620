//! Keys: making them, signing with them, and checking signatures.

use super::{pem, private_key};
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
    /// It is encrypted, and not under the passphrase that is there; or it was damaged.
    WrongPassphrase,
    /// It is a key of a kind or size that is not supported.
    Unsupported,
    /// It is another key than the certificate's.
    Mismatch,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Damaged => "is damaged",
            Self::NotAKey => "holds no key",
            Self::Several => "holds more than one key",
            Self::Encrypted => "is encrypted",
            Self::WrongPassphrase => "cannot be opened with this passphrase",
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
        private_key::prove(self.secret.expose(), public)
    }
}

const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
pub(super) const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
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

    /// The same of a public key. ring knows neither points in compressed form nor RSA of less than
    /// 2048 bits.
    pub(super) fn of_public_key(algorithm: &[u8], curve: Option<&[u8]>, bytes: &[u8]) -> Self {
        let algorithm = Self::from_oids(algorithm, curve);
        let known = match algorithm {
            Self::Ours(KeyKind::EcdsaP256 | KeyKind::EcdsaP384) => bytes.first() == Some(&4),
            Self::Rsa => bytes.len() > 2048 / 8,
            _ => true,
        };
        if known { algorithm } else { Self::Other }
    }
}

impl PublicKey<'_> {
    /// Whether its owner signed that message; the algorithm is the OID of a signature's. `None` for
    /// an algorithm that is not known here.
    pub(super) fn verifies(
        self,
        algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
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
                _ => return None,
            };
        let key = signature::UnparsedPublicKey::new(verification, self.bytes);
        Some(key.verify(message, signature).is_ok())
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

pub(super) fn algorithm(kind: KeyKind) -> &'static rcgen::SignatureAlgorithm {
    match kind {
        KeyKind::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
        KeyKind::EcdsaP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        KeyKind::Ed25519 => &rcgen::PKCS_ED25519,
    }
}
