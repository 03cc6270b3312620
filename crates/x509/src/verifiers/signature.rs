//! Algorithms of signatures, as Go's `crypto/x509` knows them (`x509.go`, `signatureAlgorithmDetails`).

use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::AlgorithmIdentifier;

/// What Go makes of the algorithm of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It verifies such signatures.
    Known,
    /// It knows the algorithm and refuses it; the text is its name.
    Insecure(&'static str),
    /// It does not know it; the text is its OID.
    Unknown(String),
}

/// Tells what Go makes of it.
pub(super) fn judge(algorithm: &AlgorithmIdentifier<'_>) -> Verdict {
    let oid = algorithm.algorithm.to_id_string();
    match &*oid {
        "1.2.840.113549.1.1.11"
        | "1.2.840.113549.1.1.12"
        | "1.2.840.113549.1.1.13"
        | "1.2.840.10045.4.3.2"
        | "1.2.840.10045.4.3.3"
        | "1.2.840.10045.4.3.4"
        | "1.3.101.112" => Verdict::Known,
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" | "1.2.840.10045.4.1" => {
            Verdict::Insecure("SHA-1")
        }
        "1.2.840.113549.1.1.4" => Verdict::Insecure("MD5"),
        "1.2.840.113549.1.1.2" => Verdict::Insecure("MD2"),
        PSS if is_known_pss(algorithm) => Verdict::Known,
        _ => Verdict::Unknown(oid),
    }
}

/// RSASSA-PSS (RFC 4055, section 3.1).
const PSS: &str = "1.2.840.113549.1.1.10";

/// Tells whether Go knows a PSS: it takes a salt as long as the hash, and no other (`getSignatureAlgorithmFromAI`).
fn is_known_pss(algorithm: &AlgorithmIdentifier<'_>) -> bool {
    let params = algorithm.parameters.as_ref();
    let Some(params) = params.and_then(|any| RsaSsaPssParams::try_from(any).ok()) else {
        return false;
    };
    let hash = params.hash_algorithm_oid().to_id_string();
    let salt = match &*hash {
        "2.16.840.1.101.3.4.2.1" => 32,
        "2.16.840.1.101.3.4.2.2" => 48,
        "2.16.840.1.101.3.4.2.3" => 64,
        _ => return false,
    };
    let same = params.mask_gen_algorithm().is_ok_and(|mask| mask.hash.to_id_string() == hash);
    same && params.salt_length() == salt && params.trailer_field() == 1
}
