//! Keys: making them, and signing with them.

use crate::error::Error;
use crate::pem;
use crate::secret::Secret;
use bouquet_model::cluster::KeyKind;
use core::fmt;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use zeroize::Zeroizing;

/// Both halves, proven to belong together.
pub enum KeyPair {
    /// ECDSA, on the curve of that kind.
    Ecdsa(KeyKind, EcdsaKeyPair),
    /// Ed25519.
    Ed25519(Ed25519KeyPair),
    /// RSA: accepted of a CA, never made.
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
    /// It is encrypted in OpenSSL's older form, which no passphrase opens here.
    LegacyEncrypted,
    /// It is encrypted by a cipher, or at a cost, that is not supported.
    UnsupportedEncryption,
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
            Self::LegacyEncrypted => "is encrypted in OpenSSL's older form",
            Self::UnsupportedEncryption => "is encrypted in a form that is not supported",
            Self::WrongPassphrase => "cannot be opened with this passphrase",
            Self::Unsupported => "is of an unsupported kind",
            Self::Mismatch => "does not match",
        })
    }
}

/// A new key of a leaf or a CA.
pub struct NewKey {
    /// Its kind.
    pub kind: KeyKind,
    /// Its public half, as [`PublicKey::bytes`](crate::PublicKey::bytes).
    pub public: Vec<u8>,
    /// PKCS#8 in PEM.
    pub secret: Secret,
}

/// PKCS#8 v1 around an Ed25519 seed, which follows (RFC 8410, section 7).
const ED25519_V1: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

impl NewKey {
    /// Makes a key.
    ///
    /// `rcgen::KeyPair` would compute the public half twice, once to make it and once to load it. A
    /// leaf's key is never loaded, because nothing is signed with it here.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn generate(kind: KeyKind) -> Result<Self, Error> {
        Self::random(kind, &SystemRandom::new()).ok_or(Error::NoRandomNumbers)
    }

    fn random(kind: KeyKind, random: &SystemRandom) -> Option<Self> {
        let ecdsa = |algorithm, public_length| {
            let document = EcdsaKeyPair::generate_pkcs8(algorithm, random).ok()?;
            // ring's document ends with the public key.
            let at = document.as_ref().len().checked_sub(public_length)?;
            Some(Self::new(kind, &document.as_ref()[at..], document.as_ref()))
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
                Some(Self::new(kind, pair.public_key().as_ref(), pkcs8.as_ref()))
            }
        }
    }

    fn new(kind: KeyKind, public: &[u8], pkcs8: &[u8]) -> Self {
        let secret = Secret::from(pem::encode("PRIVATE KEY", pkcs8).into_bytes());
        Self { kind, public: public.to_vec(), secret }
    }
}
