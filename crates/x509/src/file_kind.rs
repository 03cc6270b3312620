//! What a file is that should hold a certificate or a key, for anyone who has to say so.

use crate::certificate::ParsedCertificate;
use crate::der::{BITS, Der, INTEGER, OCTETS, OID, SEQUENCE};
use crate::pem;

/// Says what a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Nothing is in it, or blanks alone.
    Empty,
    /// Certificates in PEM, and nothing else.
    Certificates,
    /// Certificates and private keys in PEM.
    CertificatesAndKeys,
    /// A private key in PEM, encrypted or not.
    Key,
    /// OpenSSH's own form of a private key.
    OpenSsh,
    /// A public key.
    PublicKey,
    /// A request for a certificate (PKCS#10).
    Request,
    /// A list of revoked certificates.
    List,
    /// A bundle of certificates by PKCS#7: in PEM.
    Pkcs7,
    /// The same in DER.
    Pkcs7Der,
    /// OpenSSL's own `TRUSTED CERTIFICATE`.
    Trusted,
    /// A certificate in DER.
    CertificateDer,
    /// A private key in DER.
    KeyDer,
    /// A key and certificates under a passphrase (PKCS#12).
    Pkcs12,
    /// Text in UTF-16, as some editors and PowerShell write it.
    Utf16,
    /// A block of PEM that does not end, or is no base64.
    BrokenPem,
    /// Something else.
    Other,
}

/// Tells what a file is.
pub fn kind_of(file: &[u8]) -> FileKind {
    if file.iter().all(u8::is_ascii_whitespace) {
        return FileKind::Empty;
    }
    if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
        return FileKind::Utf16;
    }
    let text = String::from_utf8_lossy(file);
    if text.contains("-----BEGIN ") {
        let Some(blocks) = pem::blocks(text.as_bytes()) else { return kind_of_broken(&text) };
        let labels: Vec<&str> = blocks.iter().map(|block| block.label).collect();
        return kind_of_pem(&labels);
    }
    kind_of_der(file).unwrap_or(FileKind::Other)
}

/// Tells what a file of broken PEM is: OpenSSL's older form of an encrypted key has lines that are
/// no base64.
fn kind_of_broken(text: &str) -> FileKind {
    if text.contains("Proc-Type: 4,ENCRYPTED") { FileKind::Key } else { FileKind::BrokenPem }
}

fn kind_of_pem(labels: &[&str]) -> FileKind {
    let has = |is: &dyn Fn(&str) -> bool| labels.iter().any(|label| is(label));
    let is_certificate = |label: &str| label == pem::CERTIFICATE;
    let is_key = |label: &str| label.ends_with("PRIVATE KEY");
    let only_certificates = !labels.is_empty() && labels.iter().all(|label| is_certificate(label));
    let both = has(&is_certificate) && has(&is_key);
    // The first that holds.
    let kinds = [
        (both, FileKind::CertificatesAndKeys),
        (only_certificates, FileKind::Certificates),
        (has(&|label| label == "OPENSSH PRIVATE KEY"), FileKind::OpenSsh),
        (has(&is_key), FileKind::Key),
        (has(&|label| label.ends_with("PUBLIC KEY")), FileKind::PublicKey),
        (has(&|label| label.ends_with("CERTIFICATE REQUEST")), FileKind::Request),
        (has(&|label| label == "X509 CRL"), FileKind::List),
        (has(&|label| label == "PKCS7" || label == "CMS"), FileKind::Pkcs7),
        (has(&|label| label == "TRUSTED CERTIFICATE"), FileKind::Trusted),
    ];
    kinds.into_iter().find(|(is, _)| *is).map_or(FileKind::Other, |(_, kind)| kind)
}

/// pkcs-7: `data` is `.1`, `signedData` is `.2`.
const PKCS7: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07";

fn kind_of_der(file: &[u8]) -> Option<FileKind> {
    if ParsedCertificate::parse(file).is_some() {
        return Some(FileKind::CertificateDer);
    }
    let mut whole = Der(file);
    let mut parts = Der(whole.take(SEQUENCE)?);
    whole.end()?;
    if parts.optional(OID).is_some_and(|oid| oid.starts_with(PKCS7)) {
        return Some(FileKind::Pkcs7Der);
    }
    if let Some(version) = parts.optional(INTEGER) {
        return match version {
            [3] => Some(FileKind::Pkcs12),
            // PKCS#8 has an algorithm next, SEC 1 an octet string, PKCS#1 a number.
            [0 | 1] => [SEQUENCE, OCTETS, INTEGER]
                .into_iter()
                .any(|tag| parts.optional(tag).is_some())
                .then_some(FileKind::KeyDer),
            _ => None,
        };
    }
    let mut first = Der(parts.take(SEQUENCE)?);
    if first.optional(OID).is_some() {
        // An algorithm, then the bits of a public key, or what is encrypted with it.
        return match (parts.optional(BITS), parts.optional(OCTETS)) {
            (Some(_), _) => Some(FileKind::PublicKey),
            (_, Some(_)) => Some(FileKind::KeyDer),
            _ => None,
        };
    }
    match first.optional(INTEGER) {
        // A request has version 0 and then a name; a list version 1, or none, and then an algorithm.
        Some([0]) => Some(FileKind::Request),
        _ if Der(first.take(SEQUENCE)?).take(OID).is_some() => Some(FileKind::List),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::{folder, read, run};

    #[test]
    fn every_form_that_openssl_writes_is_told() {
        let folder = folder();
        let openssl = |command: &str| run(folder.path(), &format!("openssl {command}"));
        openssl("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out key");
        openssl("req -x509 -new -key key -subj /CN=x -out crt");
        let cases = [
            ("x509 -in crt -out file", FileKind::Certificates),
            ("x509 -in crt -outform der -out file", FileKind::CertificateDer),
            ("x509 -in crt -trustout -addtrust serverAuth -out file", FileKind::Trusted),
            ("pkey -in key -out file", FileKind::Key),
            ("pkey -in key -outform der -out file", FileKind::KeyDer),
            ("ec -in key -outform der -out file", FileKind::KeyDer),
            ("ec -in key -aes256 -passout pass:rosebud -out file", FileKind::Key),
            ("pkcs8 -topk8 -in key -passout pass:rosebud -out file", FileKind::Key),
            ("pkcs8 -topk8 -in key -outform der -passout pass:rosebud -out file", FileKind::KeyDer),
            ("genrsa -traditional -out rsa 2048", FileKind::Key),
            ("rsa -in rsa -traditional -outform der -out file", FileKind::KeyDer),
            ("pkey -in key -pubout -out file", FileKind::PublicKey),
            ("pkey -in key -pubout -outform der -out file", FileKind::PublicKey),
            ("req -new -key key -subj /CN=x -out file", FileKind::Request),
            ("req -new -key key -subj /CN=x -outform der -out file", FileKind::Request),
            ("crl2pkcs7 -nocrl -certfile crt -out file", FileKind::Pkcs7),
            ("crl2pkcs7 -nocrl -certfile crt -outform der -out file", FileKind::Pkcs7Der),
            ("pkcs12 -export -in crt -inkey key -passout pass:rosebud -out file", FileKind::Pkcs12),
        ];
        for (command, kind) in cases {
            openssl(command);
            let name = if command.contains("-out rsa") { "rsa" } else { "file" };
            assert_eq!(kind_of(&read(folder.path(), name)), kind, "{command}");
        }
    }

    #[test]
    fn what_openssl_does_not_write_is_told_too() {
        let certificate = pem::encode(pem::CERTIFICATE, b"one");
        let key = pem::encode("PRIVATE KEY", b"hush");
        let cases = [
            (String::new(), FileKind::Empty),
            (" \r\n\t".to_owned(), FileKind::Empty),
            (certificate.clone() + &key, FileKind::CertificatesAndKeys),
            (certificate[..40].to_owned(), FileKind::BrokenPem),
            (pem::encode("OPENSSH PRIVATE KEY", b"hush"), FileKind::OpenSsh),
            (pem::encode("X509 CRL", b"list"), FileKind::List),
            ("hello".to_owned(), FileKind::Other),
        ];
        for (file, kind) in cases {
            assert_eq!(kind_of(file.as_bytes()), kind, "{file}");
        }
        assert_eq!(kind_of(b"\xff\xfe-\0-\0"), FileKind::Utf16);
    }
}
