//! What is there before anything is decided: as bytes of files, read by the caller.

use bouquet_model::certificate::Wanted;
use bouquet_model::trust::Side;
use bouquet_x509::{Leaf, Secret, pem};
use zeroize::Zeroizing;

/// A certificate's file and its key's, as far as they are there.
#[derive(Debug, Default)]
pub struct Pair {
    /// The bytes of its `.crt`, if it is there.
    pub certificate: Option<Vec<u8>>,
    /// The bytes of its `.key`, if it is there.
    pub key: Option<Secret>,
}

/// A certificate that the cluster needs, and what there is of it.
#[derive(Debug)]
pub struct Slot {
    /// What is needed.
    pub wanted: Wanted,
    /// What is there.
    pub existing: Existing,
}

/// The files of one wanted certificate.
#[derive(Debug, Default)]
pub struct Existing {
    /// What its places hold, in their order; a place that nobody looked at is left out.
    pub places: Vec<Place>,
    /// What there is of a request for it.
    pub request: ExistingRequest,
}

/// A place of a certificate, and what it holds.
#[derive(Debug)]
pub struct Place {
    /// One of [`Wanted::places`].
    pub path: String,
    /// What is there.
    pub pair: Pair,
}

/// The files of a request to an external CA.
#[derive(Debug, Default)]
pub struct ExistingRequest {
    /// The bytes of its `.csr`, if it is there.
    pub text: Option<Vec<u8>>,
    /// Its key, and the answer to it: the certificate, once it was signed.
    pub pair: Pair,
}

/// The files of a CA, and what else is known of it.
#[derive(Debug)]
pub struct ExistingCa {
    /// Its number in the spec.
    pub number: u32,
    /// The name that a new one gets, such as [`ca_common_name`](super::ca_common_name) makes.
    pub common_name: String,
    /// Its pair. The certificate's file holds the CA's own certificate, and below it those of the
    /// CAs over it, if there are any.
    pub pair: Pair,
    /// Whether anything tells of an earlier CA of that number, such as the manifest. None is minted
    /// then: every member and client would have to be given the new one.
    ///
    /// Certificates in the places of leaves count without it.
    pub expected: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// The environment variable that should name its key's file, and is not set.
    pub no_key: Option<String>,
}

/// The origin of a CA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The build makes it, in `out/pki/`.
    Minted,
    /// The operator has it, in these files. Without a key it is an external CA.
    Files {
        /// The path of its certificate.
        certificate: String,
        /// The path of its key.
        key: Option<String>,
    },
}

/// A CA that has files in `pki/` and that the spec does not trust, now or any more.
#[derive(Debug)]
pub struct Retired {
    /// Its number.
    pub number: u32,
    /// The bytes of its certificate's file.
    pub certificate: Vec<u8>,
}

/// The CAs that a member or client was given for one side.
#[derive(Debug)]
pub struct Bundle {
    /// The side.
    pub side: Side,
    /// The path of their file, such as `members/orange/certs/ca.crt`.
    pub path: String,
    /// The bytes of it.
    pub content: Vec<u8>,
}

/// The passphrase that encrypts the keys of CAs.
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

impl Pair {
    /// Returns the certificate itself, in DER, without what follows it in its file; `None` where there is
    /// none or the file is not sound.
    pub(super) fn leaf(&self) -> Option<Zeroizing<Vec<u8>>> {
        pem::certificates(self.certificate.as_deref()?).ok()?.into_iter().next()
    }
}

impl Slot {
    /// Returns what the certificate says besides its key, no matter who signs it.
    pub(super) fn says(&self) -> Leaf<'_> {
        let Wanted { kind, subject, sans, .. } = &self.wanted;
        Leaf { kind: *kind, subject, sans }
    }
}

impl Existing {
    /// Returns the files that are there: paths below `out/`.
    pub(super) fn files(&self) -> Vec<String> {
        let mut all = Vec::new();
        for place in &self.places {
            all.extend(place.pair.certificate.is_some().then(|| format!("{}.crt", place.path)));
            all.extend(place.pair.key.is_some().then(|| format!("{}.key", place.path)));
        }
        all
    }

    /// Returns what each of its places holds.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.places.iter().map(|place| &place.pair)
    }
}

impl ExistingCa {
    /// Returns a CA of which nothing is there; it is to be made.
    pub fn none(number: u32, common_name: impl Into<String>) -> Self {
        Self {
            number,
            common_name: common_name.into(),
            pair: Pair::default(),
            expected: false,
            origin: Origin::Minted,
            no_key: None,
        }
    }
}
