//! What several targets share.

use bouquet_model::cluster::KeyKind;
use bouquet_x509::{KeyPair, NewKey, ParsedCertificate, PublicKey, Secret, pem};

/// A moment within the validity of all seeds: in January 2027.
pub(crate) const NOW: i64 = 1_800_000_000;

/// PKCS#8 around an Ed25519 seed, which follows.
const ED25519: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

/// Certificates of a key of each kind, in DER, whose private halves are among the seeds.
const CERTIFICATES: [&[u8]; 4] = [
    include_bytes!("../../seeds/certificate/p256"),
    include_bytes!("../../seeds/certificate/p384"),
    include_bytes!("../../seeds/certificate/ed25519"),
    include_bytes!("../../seeds/certificate/rsa"),
];

/// Does something with the public key of each kind.
pub(crate) fn each_public_key(mut with: impl FnMut(PublicKey<'_>)) {
    for der in CERTIFICATES {
        let certificate = ParsedCertificate::parse(der).expect("the seed is a certificate");
        with(certificate.public_key());
    }
}

/// The key whose seed is that byte, again and again.
pub(crate) fn secret(byte: u8) -> Secret {
    Secret::from(pem::encode("PRIVATE KEY", &[ED25519, &[byte; 32]].concat()))
}

/// The same, to sign with it.
pub(crate) fn pair(byte: u8) -> KeyPair {
    let key = NewKey::read(&secret(byte), KeyKind::Ed25519).expect("any bytes are a key");
    key.pair().expect("a key that was read")
}

/// What was signed, if it says at its end that it was: DER of a certificate, a request or a list, signed again by that
/// key. Otherwise nobody would get behind the signature by chance.
pub(crate) fn signed(der: &[u8], key: &KeyPair) -> Option<Vec<u8>> {
    let KeyPair::Ed25519(key) = key else { return None };
    let whole = content(der)?;
    let inner = &der[whole.start..];
    let signed = &inner[..content(inner)?.end];
    let end = der.len().checked_sub(64).filter(|end| *end >= whole.start + signed.len())?;
    let mut again = der.to_vec();
    again[end..].copy_from_slice(key.sign(signed).as_ref());
    Some(again)
}

/// Where the content of the first element is.
fn content(der: &[u8]) -> Option<std::ops::Range<usize>> {
    let (start, length) = match *der.get(1)? {
        short @ 0..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(*der.get(2)?)),
        0x82 => (4, usize::from(*der.get(2)?) << 8 | usize::from(*der.get(3)?)),
        _ => return None,
    };
    (start + length <= der.len()).then_some(start..start + length)
}

/// No text that a person is shown has what a terminal would obey.
pub(crate) fn is_harmless(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}
