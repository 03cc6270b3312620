//! What only a build needs to know of CAs: where they come from, and what new ones may do. None of
//! it is part of the cluster, and none of it reaches the binary.

use crate::diagnostic::Span;
use bouquet_model::revocation::RevocationReason;
use core::fmt;
use std::net::IpAddr;

/// Holds what `[ca]` and `[[authority]]` say, but for who trusts whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issuing {
    /// The CAs that the build does not simply make.
    pub sources: Vec<Source>,
    /// What the SHA-256 of the CA that issues has to be.
    pub fingerprint: Option<[u8; 32]>,
    /// What a new CA is limited to.
    pub limits: Limits,
    /// What it can vouch for then; where nothing is written, that follows from the members.
    pub permit: Vec<Permit>,
    /// What encrypts the CAs' keys in `out/pki/`.
    pub passphrase: Option<Passphrase>,
    /// What members are to refuse.
    pub revoked: Vec<Revoked>,
    /// The places of all this in `[ca]`.
    pub spans: CaSpans,
}

/// `name-constraints`: what a CA is limited to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Limits {
    /// Nothing: it can vouch for every host.
    #[default]
    None,
    /// Certain domains, and no addresses.
    Names,
    /// Certain domains and certain networks.
    NamesAndAddresses,
}

impl Limits {
    /// The words for it in the spec.
    pub const WORDS: [(&'static str, Self); 2] =
        [("dns", Self::Names), ("dns+ip", Self::NamesAndAddresses)];
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::WORDS.iter().find(|(_, limits)| limits == self);
        match word {
            Some((word, _)) => write!(f, "\"{word}\""),
            None => f.write_str("false"),
        }
    }
}

/// The places of the values of `[ca]` in the spec, as far as they are written: what is wrong with a CA
/// is seen when its files are, and the cause may be here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaSpans {
    /// `issue`
    pub issue: Option<Span>,
    /// `trust`
    pub trust: Option<Span>,
    /// `peer-issue`
    pub peer_issue: Option<Span>,
    /// `peer-trust`
    pub peer_trust: Option<Span>,
    /// `fingerprint`
    pub fingerprint: Option<Span>,
    /// `name-constraints`
    pub name_constraints: Option<Span>,
    /// `permit`
    pub permit: Option<Span>,
    /// `passphrase-file` or `passphrase-env`
    pub passphrase: Option<Span>,
    /// Each number in `trust` and `peer-trust`.
    pub trusted: Vec<(u32, Span)>,
    /// The name of each member and client: for whom a CA cannot vouch.
    pub owners: Vec<(String, Span)>,
}

impl CaSpans {
    /// Returns the place of a member's or client's name.
    pub fn owner(&self, name: &str) -> Option<Span> {
        self.owners.iter().find(|(other, _)| other == name).map(|(_, span)| *span)
    }

    /// Returns the first place of a CA's number among those that are trusted.
    pub fn trusted(&self, number: u32) -> Option<Span> {
        self.trusted.iter().find(|(other, _)| *other == number).map(|(_, span)| *span)
    }
}

/// `[[revoked]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// The place of the `name` or `serial` in the spec.
    pub span: Span,
    /// Which certificates.
    pub which: Which,
    /// The day from which on, as its first second since 1970.
    pub date: i64,
    /// Why.
    pub reason: RevocationReason,
}

/// Which certificates are revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All that were issued to that member or client until the day of the revocation, but not those
    /// of the generation that the spec asks for.
    Of {
        /// The member or client.
        name: String,
        /// The generation that it has in the spec; `None` where it is in the spec no more.
        current: Option<u32>,
    },
    /// The one with that serial number, in hexadecimal without leading zeros.
    Serial(String),
}

/// Says where a CA comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its number.
    pub number: u32,
    /// Its certificate's file; `None` for one that is made here and only pinned.
    pub certificate: Option<Place>,
    /// Its key's file; without one it signs elsewhere.
    pub key: Option<Place>,
    /// What the SHA-256 of its certificate has to be.
    pub fingerprint: Option<[u8; 32]>,
    /// The places of all this in its `[[authority]]`.
    pub spans: SourceSpans,
}

/// The places of the values of an `[[authority]]` in the spec, as far as they are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SourceSpans {
    /// `number`
    pub number: Span,
    /// `certificate` or `certificate-env`
    pub certificate: Option<Span>,
    /// `key` or `key-env`
    pub key: Option<Span>,
    /// `fingerprint`
    pub fingerprint: Option<Span>,
}

/// A file outside `out/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Its path, relative to the package.
    File(String),
    /// The environment variable that holds its path.
    Variable(String),
}

/// Says where a passphrase comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passphrase {
    /// The first line of a file.
    File(String),
    /// An environment variable.
    Variable(String),
}

/// Names or addresses that a CA can vouch for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permit {
    /// Every address of a network: its first one, and the length of its prefix.
    Network(IpAddr, u8),
    /// A domain and every name below it.
    Domain(String),
}

impl fmt::Display for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(ip, prefix) => write!(f, "{ip}/{prefix}"),
            Self::Domain(name) => f.write_str(name),
        }
    }
}
