//! Files that hold something else than a CA's certificate or key: what they are, and how to make the
//! right one of them.

use super::files::{Files, identity};
use bouquet_model::artifact::shell_word;
use bouquet_model::certificate::Certificate;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{FileKind, KeyFault, Secret, kind_of};

/// The command by which OpenSSL encrypts a key as a build reads it.
const ENCRYPT: &str = "openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000";

impl Files<'_> {
    /// Reports the certificate's file, which holds these bytes; `what` continues its path where nothing more
    /// is known.
    pub(super) fn unreadable(&self, what: &str, file: &[u8]) -> Diagnostic {
        let kind = kind_of(file);
        let what = certificate_words(kind).unwrap_or(what);
        let error = Diagnostic::error(format!("`{}` {what}", self.certificate))
            .at_if(self.certificate_span(), "this CA");
        if self.are_ours {
            // What is put in its place overwrites it.
            let is_key = matches!(
                kind,
                FileKind::Key
                    | FileKind::KeyDer
                    | FileKind::OpenSsh
                    | FileKind::CertificatesAndKeys
            );
            let aside = is_key.then(|| {
                format!(
                    "that may be the only copy of the CA's key: move it aside first, and to `{}` if that is \
                     not the key",
                    self.key
                )
            });
            let mut error = error;
            error.help.extend(aside);
            error.help(self.restore())
        } else {
            error.help(certificate_help(kind, &shell_word(&self.certificate)))
        }
    }

    /// Reports the key's file, if it is there, which cannot be used with the CA's certificate.
    pub(super) fn key_fault(
        &self,
        fault: KeyFault,
        file: Option<&Secret>,
        facts: &Certificate,
    ) -> Diagnostic {
        let path = &self.key;
        let kind = file.map_or(FileKind::Other, |file| kind_of(file.expose()));
        let error = match fault {
            KeyFault::Mismatch => Diagnostic::error(format!(
                "`{path}` is not the key of the CA in `{}`",
                self.certificate
            )),
            KeyFault::Several => Diagnostic::error(format!("`{path}` {fault}")),
            fault => Diagnostic::error(match key_words(kind) {
                Some(words) => format!("`{path}` {words}"),
                None => format!("`{path}` {fault}"),
            }),
        };
        let mut error = error.at_if(self.key_span(), "this key");
        error.help.extend(key_help(fault, kind, &shell_word(path)));
        if fault == KeyFault::Mismatch && self.are_ours {
            // Either file may be the one that was replaced: to follow the wrong one loses the CA.
            let (certificate, out) = (&self.certificate, self.context.out);
            return error
                .help(format!("`{certificate}` holds {}", identity(facts)))
                .help(format!(
                    "`{out}/members/*/certs/ca.crt` hold the CA that members trust: where that is \
                     another, `{certificate}` is the wrong file, and this one of theirs belongs there"
                ))
                .help(format!("where it is the same, put that CA's key back as `{path}`"))
                .help("overwrite neither file before you have a copy of it");
        }
        let error = error.help(format!("the CA is {}", identity(facts)));
        // Without one, a CA of the operator's would be an external one.
        if self.are_ours {
            error
                .help(format!("put that CA's key back as `{path}`"))
                .help("a build that issues nothing works without the key: move the file away")
        } else if fault == KeyFault::Mismatch {
            error.help(format!(
                "name the key that belongs to `{}`, or the other way round",
                self.certificate
            ))
        } else {
            error
        }
    }

    /// Reports the key's file, which is encrypted and cannot be opened with the passphrase.
    pub(super) fn locked(&self, fault: KeyFault) -> Diagnostic {
        let error = Diagnostic::error(format!("`{}` {fault}", self.key));
        let path = shell_word(&self.key);
        let again =
            format!("`{ENCRYPT} -in {path} -out ca.key.new`, and put the result in its place");
        match fault {
            KeyFault::WrongPassphrase => error
                .at_if(self.passphrase_span(), "named here")
                .help("give the passphrase that it was encrypted with")
                .help("where this is the one, the file was damaged: put it back from a backup")
                .help(format!("to change the passphrase: {again}")),
            KeyFault::UnsupportedEncryption => error.at_if(self.key_span(), "this key").help(again),
            KeyFault::Several => {
                error.at_if(self.key_span(), "this key").help("leave the CA's own key in it alone")
            }
            _ => error.at_if(self.key_span(), "this key").help("put it back from a backup"),
        }
    }
}

/// Continues the path of a file that is no CA's certificate.
fn certificate_words(kind: FileKind) -> Option<&'static str> {
    Some(match kind {
        FileKind::Empty => "holds no certificate: it is empty",
        FileKind::CertificatesAndKeys => "holds a private key besides the certificate",
        FileKind::Key => "holds a private key instead of a certificate",
        FileKind::OpenSsh => "holds a private key of OpenSSH instead of a certificate",
        FileKind::PublicKey => "holds a public key instead of a certificate",
        FileKind::Request => "holds a request for a certificate, which is still to be signed",
        FileKind::List => "holds a list of revoked certificates instead of a certificate",
        FileKind::Pkcs7 | FileKind::Pkcs7Der => "is PKCS#7; it has to be certificates in PEM",
        FileKind::Trusted => {
            "holds a `TRUSTED CERTIFICATE`, which OpenSSL alone reads; it has to be a `CERTIFICATE`"
        }
        FileKind::CertificateDer => "is a certificate in DER; it has to be PEM",
        FileKind::KeyDer => "holds a private key in DER instead of a certificate",
        FileKind::Pkcs12 => "is PKCS#12; it has to be certificates in PEM",
        FileKind::Utf16 => "is text in UTF-16; PEM is ASCII",
        FileKind::BrokenPem => "is not sound PEM",
        FileKind::Certificates | FileKind::Other => return None,
    })
}

/// Tells how to make the operator's file the CA's certificate; `path` is a word for a shell.
fn certificate_help(kind: FileKind, path: &str) -> String {
    match kind {
        FileKind::CertificateDer => {
            format!("`openssl x509 -inform der -in {path} -out ca.pem`, and name that file")
        }
        FileKind::Pkcs7 => {
            format!("`openssl pkcs7 -print_certs -in {path} -out ca.pem`, and name that file")
        }
        FileKind::Pkcs7Der => {
            format!(
                "`openssl pkcs7 -inform der -print_certs -in {path} -out ca.pem`, and name that file"
            )
        }
        FileKind::Pkcs12 => format!(
            "`openssl pkcs12 -in {path} -nokeys -out ca.pem` for the certificates, and `openssl pkcs12 \
             -in {path} -nocerts -out ca.key` for the key; name those files"
        ),
        FileKind::Trusted => format!("`openssl x509 -in {path} -out ca.pem`, and name that file"),
        FileKind::CertificatesAndKeys => format!(
            "keep them apart: `openssl x509 -in {path} -out ca.pem` for `certificate`, with those over \
             it below, and `openssl pkey -in {path} -out ca.key` for `key`"
        ),
        FileKind::Key | FileKind::KeyDer | FileKind::OpenSsh => {
            "have `certificate` and `key` changed places? name the CA's certificate here".to_owned()
        }
        FileKind::Request => "name what the CA over it made of the request".to_owned(),
        FileKind::Utf16 => {
            format!("`iconv -f utf-16 -t ascii {path} > ca.pem`, and name that file")
        }
        _ => "name the file of the CA's certificate, in PEM, with those over it below".to_owned(),
    }
}

/// Continues the path of a file that is no private key.
fn key_words(kind: FileKind) -> Option<&'static str> {
    Some(match kind {
        FileKind::Empty => "holds no key: it is empty",
        FileKind::Certificates => "holds a certificate instead of a private key",
        FileKind::OpenSsh => "is a private key of OpenSSH's own form",
        FileKind::PublicKey => "holds a public key instead of the private one",
        FileKind::Request => "holds a request for a certificate instead of a private key",
        FileKind::List => "holds a list of revoked certificates instead of a private key",
        FileKind::CertificateDer => "holds a certificate in DER instead of a private key",
        FileKind::KeyDer => "is a private key in DER; it has to be PEM",
        FileKind::Pkcs12 => "is PKCS#12; it has to be a private key in PEM",
        FileKind::Utf16 => "is text in UTF-16; PEM is ASCII",
        _ => return None,
    })
}

/// Tells how to make a file the CA's key; `path` is a word for a shell.
fn key_help(fault: KeyFault, kind: FileKind, path: &str) -> Option<String> {
    Some(match (fault, kind) {
        (KeyFault::Mismatch | KeyFault::Several, _) => return None,
        (KeyFault::Encrypted, _) => format!(
            "name its passphrase by `passphrase-file` or `passphrase-env` under [ca]; or decrypt it: \
             `openssl pkcs8 -topk8 -nocrypt -in {path} -out ca.key.new`, and put the result in its \
             place"
        ),
        (KeyFault::LegacyEncrypted, _) => format!(
            "`{ENCRYPT} -in {path} -out ca.key.new`, and put the result in its place; name its \
             passphrase by `passphrase-file` or `passphrase-env` under [ca]"
        ),
        (_, FileKind::KeyDer) => {
            format!(
                "`openssl pkey -inform der -in {path} -out ca.key.new`, and put the result in its place"
            )
        }
        (_, FileKind::Pkcs12) => format!(
            "`openssl pkcs12 -in {path} -nocerts -out ca.key.new`, and put the result in its place"
        ),
        (_, FileKind::OpenSsh) => format!(
            "`cp {path} ca.key.new && ssh-keygen -q -p -N '' -m PKCS8 -f ca.key.new`, and put the result \
             in its place"
        ),
        (_, FileKind::Certificates | FileKind::CertificateDer) => {
            "have `certificate` and `key` changed places? the CA's private key belongs here"
                .to_owned()
        }
        (_, FileKind::Utf16) => {
            format!(
                "`iconv -f utf-16 -t ascii {path} > ca.key.new`, and put the result in its place"
            )
        }
        (KeyFault::Unsupported, _) => {
            "supported are ECDSA P-256 and P-384, Ed25519, and RSA of 2048 \
             to 4096 bits, as `PRIVATE KEY`, `EC PRIVATE KEY` or `RSA PRIVATE KEY`"
                .to_owned()
        }
        _ => return None,
    })
}
