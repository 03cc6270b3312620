//! Bytes in the place of a tar that are still encrypted or compressed.

use bouquet_model::diagnostic::Diagnostic;

/// How something begins, what it is, and how it is opened. The binary form of gpg begins with a packet
/// for a session key, of the older format or of the newer one (RFC 9580, sections 4.2 and 5).
const FORMS: &[(&[u8], &str, &str)] = &[
    (b"age-encryption.org/", ENCRYPTED_BY_AGE, AGE),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", ENCRYPTED_BY_AGE, AGE),
    (b"-----BEGIN PGP MESSAGE-----", ENCRYPTED_BY_GPG, GPG),
    (b"\x84", ENCRYPTED_BY_GPG, GPG),
    (b"\x85", ENCRYPTED_BY_GPG, GPG),
    (b"\x8c", ENCRYPTED_BY_GPG, GPG),
    (b"\xc1", ENCRYPTED_BY_GPG, GPG),
    (b"\xc3", ENCRYPTED_BY_GPG, GPG),
    (b"Salted__", "still encrypted by openssl", "openssl enc -d … -in FILE"),
    (b"\x1f\x8b", "compressed by gzip", "gzip -dc FILE"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", "zstd -dc FILE"),
    (b"\xfd7zXZ\0", "compressed by xz", "xz -dc FILE"),
    (b"BZh", "compressed by bzip2", "bzip2 -dc FILE"),
];

const ENCRYPTED_BY_AGE: &str = "still encrypted by age";
const AGE: &str = "age -d -i KEY FILE";
const ENCRYPTED_BY_GPG: &str = "still encrypted by gpg";
const GPG: &str = "gpg -d FILE";

/// Says what a stream is that is no tar, where that can be told.
pub(crate) fn sealed(stream: &[u8], program: &str) -> Option<Diagnostic> {
    let form = FORMS.iter().find(|(begins, ..)| stream.starts_with(begins));
    let (what, open) = match form {
        Some((_, what, open)) => (*what, *open),
        None if is_sops(stream) => ("still encrypted by sops", "sops -d FILE"),
        None => return None,
    };
    Some(
        Diagnostic::error(format!("this is {what}"))
            .help(format!("open it first: `{open} | {program} secrets import`")),
    )
}

/// Tells whether sops encrypted a stream: it leaves what it says of itself in clear, in JSON, YAML or as lines.
fn is_sops(stream: &[u8]) -> bool {
    let text = core::str::from_utf8(stream);
    text.is_ok_and(|text| {
        ["\"sops\":", "\nsops:", "\nsops_"].iter().any(|mark| text.contains(mark))
    })
}
