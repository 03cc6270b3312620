//! What can be had once.

use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::time::Instant;
use bouquet_x509::{ParsedCertificate, fingerprint, pem};
use data_encoding::HEXLOWER;
use std::collections::BTreeMap;

/// Holds what makes a cluster this one and no other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// `--initial-cluster-token`.
    pub token: String,
    /// The cluster's ID, where it is known.
    pub cluster_id: Option<ClusterId>,
    /// What its data was restored from, where it was.
    pub restored: Option<Restored>,
    /// The number of the latest list of revoked certificates, where there was one.
    pub crl: Option<u64>,
    /// The members' IDs by their names, as far as they are known.
    pub members: BTreeMap<String, Option<MemberId>>,
    /// The CAs by their numbers.
    pub authorities: BTreeMap<u32, Authority>,
}

/// A snapshot that all members were restored from. etcd gave the cluster and its members other IDs then: they
/// follow from the token that the restore was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// `--initial-cluster-token` of the restore: that of `cluster.toml`, a part of `sha256`, and when it was begun.
    pub token: String,
    /// SHA-256 of the snapshot's database, as it stands at the end of its file.
    pub sha256: [u8; 32],
    /// The revision of its keys.
    pub revision: i64,
}

impl Restored {
    /// Gives a token to a restore that begins at that second: members that were restored from another file or another
    /// time, and those that kept their data, are of another cluster then, and cannot join.
    pub fn token_of(token: &str, sha256: &[u8; 32], now: i64) -> String {
        start(token, sha256) + &Instant(now).basic()
    }

    /// Returns the restore that was given such a token; `None` where it is not one of that cluster and file.
    pub fn of(token: &str, sha256: [u8; 32], revision: i64, given: &str) -> Option<Self> {
        let end = given.strip_prefix(&start(token, &sha256))?;
        let is_time = end.len() == 16 && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_time.then(|| Self { token: given.to_owned(), sha256, revision })
    }
}

/// Returns what all tokens of restores of a file have in common.
fn start(token: &str, sha256: &[u8; 32]) -> String {
    format!("{token}.{}.", HEXLOWER.encode(&sha256[..4]))
}

/// A CA; its certificate is public, and a clone needs it to verify, and for `CA_PEM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// SHA-256 of its certificate in DER.
    pub sha256: [u8; 32],
    /// Valid from, in seconds since 1970.
    pub not_before: i64,
    /// Valid until, in seconds since 1970.
    pub not_after: i64,
    /// PEM: its certificate, and below it those of the CAs over it, if there are any.
    pub certificate: String,
    /// Whether `cluster.toml` trusts it no more.
    pub removed: bool,
}

impl Authority {
    /// Takes the facts from the file of a CA's certificate, and its certificates without what is around
    /// them; `None` where that holds none.
    pub fn of(certificate: &str) -> Option<Self> {
        let ders = pem::certificates(certificate.as_bytes()).ok()?;
        let parsed = ParsedCertificate::parse(ders.first()?)?;
        Some(Self {
            sha256: fingerprint(ders.first()?),
            not_before: parsed.not_before(),
            not_after: parsed.not_after(),
            certificate: ders.iter().map(|der| pem::certificate(der)).collect(),
            removed: false,
        })
    }

    /// Tells whether that file, of PEM, is of the same CA: one of the same name and key. Its certificate
    /// may be another, as when an operator had it renewed.
    pub fn is_same_ca(&self, certificate: &[u8]) -> bool {
        let first = |file: &[u8]| pem::certificates(file).ok()?.into_iter().next();
        let (Some(ours), Some(theirs)) = (first(self.certificate.as_bytes()), first(certificate))
        else {
            return false;
        };
        if ours == theirs {
            return true;
        }
        let (ours, theirs) = (ParsedCertificate::parse(&ours), ParsedCertificate::parse(&theirs));
        ours.zip(theirs).is_some_and(|(ours, theirs)| {
            ours.subject() == theirs.subject()
                && ours.public_key().bytes == theirs.public_key().bytes
        })
    }
}
