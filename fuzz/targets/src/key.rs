//! Any bytes are a private key or get a reason why not, and none is that of a public key which it does not belong to.

use crate::parts::each_public_key;
use bouquet_model::cluster::KeyKind;
use bouquet_x509::{KeyFault, KeyPair, NewKey, PublicKey, Secret, pem, prove};

const LABELS: [&str; 3] = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"];

const MESSAGE: &[u8] = b"signed by it";

pub(crate) fn run(bytes: &[u8]) {
    judge(bytes);
    // Base64 would keep most of what is tried from being anything.
    for label in LABELS {
        judge(pem::encode(label, bytes).as_bytes());
    }
}

fn judge(file: &[u8]) {
    let mut owners = 0;
    each_public_key(|public| {
        if let Ok(pair) = prove(file, public) {
            owners += 1;
            signs(&pair, public);
        }
    });
    assert!(owners <= 1, "it belongs to {owners} keys");
    for kind in [KeyKind::EcdsaP256, KeyKind::EcdsaP384, KeyKind::Ed25519] {
        let Some(key) = NewKey::read(&Secret::from(file.to_vec()), kind) else { continue };
        let pair = key.pair().expect("a key that was read");
        signs(&pair, key.public_key());
        let other = PublicKey { algorithm: key.public_key().algorithm, bytes: &[4; 65] };
        let fault = prove(file, other).err().expect("another public key");
        assert!(matches!(fault, KeyFault::Mismatch | KeyFault::Damaged | KeyFault::Unsupported));
    }
}

/// What counts for the private half of a key signs what that verifies.
fn signs(pair: &KeyPair, public: PublicKey<'_>) {
    if let KeyPair::Ed25519(pair) = pair {
        let signature = pair.sign(MESSAGE);
        let algorithm = b"\x2b\x65\x70";
        assert_eq!(public.verifies(algorithm, MESSAGE, signature.as_ref()), Some(true));
    }
}
