//! The lock as it is written: each key is declared once, by the field that serde reads and writes.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

/// The whole file. What is left out of a file that was cut off is missing, or does not end: the last
/// thing in it is the end of a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) version: i64,
    pub(crate) identity: Identity,
    #[serde(default)]
    pub(crate) running: Running,
    pub(crate) issued: Issued,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Identity {
    pub(crate) token: String,
    pub(crate) cluster_id: Option<Spanned<String>>,
    pub(crate) restored: Option<Spanned<Restored>>,
    pub(crate) crl: Option<u64>,
    pub(crate) members: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(crate) authority: Vec<Spanned<Authority>>,
}

/// One line of the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Restored {
    pub(crate) token: String,
    pub(crate) revision: i64,
    pub(crate) sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Authority {
    pub(crate) number: u32,
    #[serde(default)]
    pub(crate) removed: bool,
    pub(crate) not_before: Datetime,
    pub(crate) not_after: Datetime,
    pub(crate) sha256: String,
    pub(crate) certificate: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Issued {
    pub(crate) certificates: Vec<Spanned<Line>>,
}

/// A certificate: one line of the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) kind: String,
    /// Left out where all members share it.
    pub(crate) owner: Option<String>,
    #[serde(default)]
    pub(crate) removed: bool,
    pub(crate) generation: u32,
    pub(crate) not_before: Datetime,
    pub(crate) not_after: Datetime,
    pub(crate) serial: String,
    /// This and what follows: all four, or none of them, of one that was replaced before there was a
    /// lock.
    pub(crate) sha256: Option<String>,
    pub(crate) ca: Option<u32>,
    pub(crate) common_name: Option<String>,
    pub(crate) sans: Option<Vec<String>>,
}

/// Holds what is on the machines; left out where nothing is recorded.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Running {
    #[serde(default)]
    pub(crate) clients: Vec<RunningClient>,
    #[serde(default)]
    pub(crate) members: BTreeMap<String, RunningMember>,
}

/// Holds what is on a member's node.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RunningMember {
    pub(crate) since: Spanned<Datetime>,
    /// Nothing: then there is nothing else but what was before.
    #[serde(default)]
    pub(crate) unrecorded: bool,
    /// Its ID, where this record made it another one than that before.
    pub(crate) id: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) digest: Option<String>,
    pub(crate) trust: Option<Vec<u32>>,
    pub(crate) issue: Option<u32>,
    pub(crate) peer_trust: Option<Vec<u32>>,
    pub(crate) peer_issue: Option<u32>,
    /// Serial numbers, by the kinds of certificates.
    #[serde(default)]
    pub(crate) certificates: BTreeMap<String, String>,
    pub(crate) crl: Option<u64>,
    #[serde(default)]
    pub(crate) options: BTreeMap<String, String>,
    /// What its unit says besides, where that is anything.
    #[serde(default)]
    pub(crate) unit: BTreeMap<String, String>,
    pub(crate) before: Option<Box<Self>>,
    /// Of all lines above, and of the IDs of the cluster and the member; left out of what was recorded before, and
    /// of what a person wrote.
    pub(crate) checksum: Option<String>,
}

/// Holds what a client's machine has: one line of the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RunningClient {
    /// Left out of what was recorded before.
    pub(crate) name: Option<String>,
    pub(crate) since: Spanned<Datetime>,
    #[serde(default)]
    pub(crate) unrecorded: bool,
    pub(crate) endpoints: Option<Vec<String>>,
    pub(crate) common_name: Option<bool>,
    pub(crate) certs_dir: Option<String>,
    pub(crate) trust: Option<Vec<u32>>,
    pub(crate) issue: Option<u32>,
    pub(crate) serial: Option<String>,
    pub(crate) before: Option<Box<Self>>,
}
