//! Signatures: whether an owner of a public key made one.

use crate::certificate::ParsedCertificate;
use crate::public_key::{Algorithm, ED25519, PublicKey};
use bouquet_model::cluster::KeyKind;
use ring::signature;

const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
const ECDSA_SHA384: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x03";
const RSA_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const RSA_SHA384: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c";
const RSA_SHA512: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d";

impl PublicKey<'_> {
    /// Tells whether its owner signed that message; the algorithm is the OID of a signature's.
    /// `None` for an algorithm that is not known here.
    pub fn verifies(self, algorithm: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
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

impl ParsedCertificate<'_> {
    /// Tells whether that key signed it; `None` where the algorithm is not known here.
    pub fn is_signed_by(&self, issuer: PublicKey<'_>) -> Option<bool> {
        let (algorithm, signed, signature) = self.signature();
        issuer.verifies(algorithm, signed, signature)
    }
}
