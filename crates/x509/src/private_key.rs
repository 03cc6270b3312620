//! Reading private keys, in the forms in which openssl, cfssl, certtool and this program write
//! them.

use crate::der::{BITS, CONTEXT_0, CONTEXT_1, CONTEXT_1_BITS, Der, INTEGER, OCTETS, OID, SEQUENCE};
use crate::key::{KeyFault, KeyPair, NewKey};
use crate::pem;
use crate::public_key::{Algorithm, EC, PublicKey};
use crate::secret::Secret;
use bouquet_model::cluster::KeyKind;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};

/// Reads the file of a private key and proves that it belongs to a public key.
///
/// The proof computes the public half from the private one. A public key that the file itself
/// carries counts for nothing: it could be anybody's.
///
/// # Errors
/// Says what the file is instead.
pub fn prove(file: &[u8], public: PublicKey<'_>) -> Result<KeyPair, KeyFault> {
    let blocks = pem::blocks(file).ok_or_else(|| {
        // OpenSSL's older form has header lines, which PEM proper (RFC 7468) does not know.
        let marker = b"Proc-Type: 4,ENCRYPTED";
        let encrypted = file.windows(marker.len()).any(|window| window == marker);
        if encrypted { KeyFault::LegacyEncrypted } else { KeyFault::Damaged }
    })?;
    // `openssl ecparam -genkey` names the curve in a block of its own before the key, and some keep
    // the certificate beside it.
    let mut keys = blocks.iter().filter(|block| block.label.ends_with("PRIVATE KEY"));
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
        _ => Err(KeyFault::Unsupported),
    }
}

impl NewKey {
    /// Reads a key of that kind, as this program writes them, and finds its public half.
    pub fn read(file: &Secret, kind: KeyKind) -> Option<Self> {
        let blocks = pem::blocks(file.expose())?;
        let [block] = blocks.as_slice() else { return None };
        let (_, content) = read_pkcs8(&block.der)?;
        let public = match kind {
            KeyKind::Ed25519 => {
                let pair = Ed25519KeyPair::from_seed_unchecked(Der(content).take(OCTETS)?).ok()?;
                pair.public_key().as_ref().to_vec()
            }
            KeyKind::EcdsaP256 | KeyKind::EcdsaP384 => read_sec1(content)?.public?.to_vec(),
        };
        let key = Self { kind, public, secret: file.clone() };
        key.pair().is_ok().then_some(key)
    }

    /// Loads it, to sign with it.
    ///
    /// # Errors
    /// Never for a key that was made here.
    pub fn pair(&self) -> Result<KeyPair, KeyFault> {
        prove(self.secret.expose(), self.public_key())
    }

    /// Returns its public half.
    pub fn public_key(&self) -> PublicKey<'_> {
        PublicKey { algorithm: Algorithm::Ours(self.kind), bytes: &self.public }
    }
}

/// Proves `PrivateKeyInfo` (RFC 5208, section 5) or `OneAsymmetricKey` (RFC 5958, section 2).
fn prove_pkcs8(der: &[u8], public: PublicKey<'_>) -> Result<KeyPair, KeyFault> {
    let (algorithm, content) = read_pkcs8(der).ok_or(KeyFault::Damaged)?;
    match algorithm {
        Algorithm::Ours(KeyKind::Ed25519) => {
            let seed = Der(content).take(OCTETS).ok_or(KeyFault::Damaged)?;
            prove_ed25519(seed, public)
        }
        Algorithm::Ours(kind) => prove_sec1(content, Some(kind), public),
        Algorithm::Rsa => prove_rsa(content, public),
        Algorithm::Other => Err(KeyFault::Unsupported),
    }
}

fn read_pkcs8(der: &[u8]) -> Option<(Algorithm, &[u8])> {
    let mut file = Der(der);
    let mut key = Der(file.take(SEQUENCE)?);
    file.end()?;
    if !matches!(key.take(INTEGER)?, [0 | 1]) {
        return None;
    }
    let mut identifier = Der(key.take(SEQUENCE)?);
    let algorithm = Algorithm::from_oids(identifier.take(OID)?, identifier.optional(OID));
    let content = key.take(OCTETS)?;
    key.optional(CONTEXT_0);
    // ring's own files of some years ago have the constructed form.
    key.optional(CONTEXT_1_BITS).or_else(|| key.optional(CONTEXT_1));
    key.end()?;
    Some((algorithm, content))
}

/// Proves `ECPrivateKey` (RFC 5915, section 3). Inside PKCS#8 the curve stands outside of it.
fn prove_sec1(
    der: &[u8],
    kind: Option<KeyKind>,
    public: PublicKey<'_>,
) -> Result<KeyPair, KeyFault> {
    let key = read_sec1(der).ok_or(KeyFault::Damaged)?;
    let kind = match (kind.map(Algorithm::Ours), key.curve) {
        (Some(outside), Some(inside)) if outside != inside => return Err(KeyFault::Damaged),
        (Some(Algorithm::Ours(kind)), _) | (None, Some(Algorithm::Ours(kind))) => kind,
        _ => return Err(KeyFault::Unsupported),
    };
    let algorithm = match kind {
        KeyKind::EcdsaP256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        _ => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
    };
    belongs(public, Algorithm::Ours(kind))?;
    // Proves nothing, but some readers believe it.
    if key.public.is_some_and(|bytes| bytes != public.bytes) {
        return Err(KeyFault::Mismatch);
    }
    let random = SystemRandom::new();
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, key.scalar, public.bytes, &random)
        .map(|pair| KeyPair::Ecdsa(kind, pair))
        .map_err(fault)
}

struct Sec1<'a> {
    scalar: &'a [u8],
    curve: Option<Algorithm>,
    public: Option<&'a [u8]>,
}

fn read_sec1(der: &[u8]) -> Option<Sec1<'_>> {
    let mut file = Der(der);
    let mut key = Der(file.take(SEQUENCE)?);
    file.end()?;
    if key.take(INTEGER)? != [1] {
        return None;
    }
    let scalar = key.take(OCTETS)?;
    let curve = key.optional(CONTEXT_0).map(|curve| Algorithm::from_oids(EC, Der(curve).take(OID)));
    let public = match key.optional(CONTEXT_1) {
        None => None,
        Some(public) => Some(Der(public).take(BITS)?.strip_prefix(&[0])?),
    };
    key.end()?;
    Some(Sec1 { scalar, curve, public })
}

fn prove_ed25519(seed: &[u8], public: PublicKey<'_>) -> Result<KeyPair, KeyFault> {
    belongs(public, Algorithm::Ours(KeyKind::Ed25519))?;
    Ed25519KeyPair::from_seed_and_public_key(seed, public.bytes)
        .map(KeyPair::Ed25519)
        .map_err(fault)
}

fn prove_rsa(pkcs1: &[u8], public: PublicKey<'_>) -> Result<KeyPair, KeyFault> {
    belongs(public, Algorithm::Rsa)?;
    let pair = RsaKeyPair::from_der(pkcs1).map_err(fault)?;
    if pair.public_key().as_ref() == public.bytes {
        Ok(KeyPair::Rsa(pair))
    } else {
        Err(KeyFault::Mismatch)
    }
}

fn belongs(public: PublicKey<'_>, private: Algorithm) -> Result<(), KeyFault> {
    if public.algorithm == private { Ok(()) } else { Err(KeyFault::Mismatch) }
}

/// Returns the fault: ring tells its reasons as text only.
fn fault(rejected: ring::error::KeyRejected) -> KeyFault {
    match rejected.to_string().as_str() {
        "InconsistentComponents" => KeyFault::Mismatch,
        "InvalidEncoding" | "InvalidComponent" | "UnexpectedError" => KeyFault::Damaged,
        _ => KeyFault::Unsupported,
    }
}
