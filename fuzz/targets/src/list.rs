//! Any bytes are a list of revoked certificates or not, and one that is damaged is not taken for its issuer's.

use crate::parts::{pair, secret, signed};
use bouquet_model::cluster::KeyKind;
use bouquet_x509::{NewKey, crl};

pub(crate) fn run(bytes: &[u8]) {
    if let Some(der) = crl::der(bytes) {
        judge(&der, None);
    }
    if let Some(again) = signed(bytes, &pair(1)) {
        judge(&again, Some(1));
    }
}

/// A list, perhaps signed by the key of that byte.
fn judge(der: &[u8], signer: Option<u8>) {
    let Some(list) = crl::read(der) else { return };
    assert!(list.entries.len() * 8 <= der.len(), "more came out than in");
    for entry in &list.entries {
        assert_ne!(entry.serial.first(), Some(&0), "a zero in front");
    }
    let Some(byte) = signer else { return };
    let signed_by = |byte| {
        let key = NewKey::read(&secret(byte), KeyKind::Ed25519).expect("any bytes are a key");
        list.is_signed_by(key.public_key())
    };
    assert!(!signed_by(byte + 1), "it counts for what another signed");
    let _ = signed_by(byte);
}
