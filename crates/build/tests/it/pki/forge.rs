//! Certificates that this program would not make.

use super::cluster::{NOW, Out, Pair};
use bouquet_x509::ParsedCertificate;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose,
};
use time::OffsetDateTime;

/// The DER form of the first block of a PEM file.
pub(crate) fn der(pem: &[u8]) -> Vec<u8> {
    let text = core::str::from_utf8(pem).expect("text");
    let lines = text.lines().map(str::trim_ascii_end);
    let lines = lines.skip_while(|line| !line.starts_with("-----BEGIN ")).skip(1);
    let body = lines.take_while(|line| !line.starts_with("-----END ")).collect::<String>();
    data_encoding::BASE64.decode(body.as_bytes()).expect("base64")
}

/// Bytes as PEM.
pub(crate) fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let body = data_encoding::BASE64.encode(der);
    let lines = body.as_bytes().chunks(64).map(|line| [line, b"\n"].concat()).collect::<Vec<_>>();
    let (begin, end) = (format!("-----BEGIN {label}-----\n"), format!("-----END {label}-----\n"));
    [begin.into_bytes(), lines.concat(), end.into_bytes()].concat()
}

/// The parameters of a client's certificate, as this program would choose them.
pub(crate) fn client(name: &str) -> CertificateParams {
    let second = |second| OffsetDateTime::from_unix_timestamp(second).expect("a date");
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = second(NOW - 300);
    params.not_after = second(NOW + 365 * 86_400);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

/// A pair that the CA in `out` signs, whatever it says. Its name is a common name alone.
pub(crate) fn sign(out: &Out, params: &CertificateParams) -> Pair {
    let file = |file: &Option<Vec<u8>>| der(file.as_ref().expect("a CA"));
    let ca_key = KeyPair::try_from(file(&out.ca_key)).expect("the CA's key");
    let ca = file(&out.ca_certificate);
    let ca = ParsedCertificate::parse(&ca).expect("the CA's certificate");
    let mut like_ca = client(ca.common_name().expect("a common name"));
    let key_id = ca.extensions.key_id.expect("a key identifier");
    like_ca.key_identifier_method = KeyIdMethod::PreSpecified(key_id.to_vec());
    like_ca.key_usages.clear();
    let issuer = Issuer::new(like_ca, ca_key);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");
    (Some(pem("CERTIFICATE", certificate.der())), Some(pem("PRIVATE KEY", key.serialized_der())))
}
