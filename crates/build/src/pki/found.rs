//! What is there before anything is decided: as bytes of files, read by the caller.

use bouquet_x509::Secret;

/// What one place held.
#[derive(Debug, Default)]
pub struct Found {
    /// The bytes of its `.crt`, if it is there.
    pub certificate: Option<Vec<u8>>,
    /// The bytes of its `.key`, if it is there.
    pub key: Option<Secret>,
}

/// What the files of a CA hold, and what else is known of it.
#[derive(Debug)]
pub struct CaFound {
    /// Its number in the spec.
    pub number: u32,
    /// The name that a new one gets, such as [`ca_common_name`](super::ca_common_name) makes.
    pub common_name: String,
    /// The bytes of its certificate's file, if it is there: the CA's own certificate, and below it
    /// those of the CAs over it, if there are any.
    pub certificate: Option<Vec<u8>>,
    /// The bytes of its key's file, if it is there.
    pub key: Option<Secret>,
    /// Whether anything tells of an earlier CA of that number, such as the manifest. None is minted
    /// then: every member and client would have to be given the new one.
    ///
    /// Certificates among [`Request::found`](super::Request::found) count without it.
    pub expected: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// What the SHA-256 of its certificate, or of the one over it that is trusted, has to be.
    pub pin: Option<[u8; 32]>,
}

impl CaFound {
    /// A CA of which nothing is there; it is to be made.
    pub fn none(number: u32, common_name: impl Into<String>) -> Self {
        Self {
            number,
            common_name: common_name.into(),
            certificate: None,
            key: None,
            expected: false,
            origin: Origin::Minted,
            pin: None,
        }
    }
}

/// Where a CA comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The build makes it, in `out/pki/`.
    Minted,
    /// The operator has it, in these files; without a key it signs elsewhere.
    Own {
        /// The path of its certificate.
        certificate: String,
        /// The path of its key.
        key: Option<String>,
    },
}

/// What encrypts the keys of CAs.
#[derive(Debug, Default)]
pub enum Passphrase {
    /// The spec asks for none.
    #[default]
    None,
    /// The spec asks for one, and it is not there; the text says what is missing.
    Missing(String),
    /// This one.
    Given(Secret),
}
