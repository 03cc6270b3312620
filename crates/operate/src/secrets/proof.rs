//! Proving what files say of each other.

use bouquet_x509::{KeyFault, ParsedCertificate, pem, prove};

/// Why a certificate and a key are no pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPair {
    /// The first file holds no certificate, or a key too, which everybody could read there.
    NoCertificate,
    /// The key cannot be read, or is another's.
    Key(KeyFault),
}

/// Proves that a key is that of the first certificate of a file.
pub(crate) fn prove_pair(certificate: &[u8], key: &[u8]) -> Result<(), NoPair> {
    let ders = pem::certificates_among(certificate).unwrap_or_default();
    let parsed = ders.first().and_then(|der| ParsedCertificate::parse(der));
    let mark = b"PRIVATE KEY-----";
    let parsed = parsed.filter(|_| !certificate.windows(mark.len()).any(|bytes| bytes == mark));
    let parsed = parsed.ok_or(NoPair::NoCertificate)?;
    prove(key, parsed.public_key()).map(drop).map_err(NoPair::Key)
}
