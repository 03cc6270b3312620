//! The lock as it is written: each key is declared once, by the field that serde reads and writes.

use serde::{Deserialize, Serialize};
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
    pub(crate) issued: Issued,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Identity {
    pub(crate) token: String,
    pub(crate) cluster_id: Option<Spanned<String>>,
    pub(crate) members: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(crate) authority: Vec<Spanned<Authority>>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Authority {
    pub(crate) number: u32,
    #[serde(default, skip_serializing_if = "is_false")]
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
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) kind: String,
    /// Left out where all members share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) removed: bool,
    pub(crate) generation: u32,
    pub(crate) not_before: Datetime,
    pub(crate) not_after: Datetime,
    pub(crate) serial: String,
    /// This and what follows: all four, or none of them, of one that was replaced before there was a
    /// lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) common_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sans: Option<Vec<String>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde wants")]
const fn is_false(value: &bool) -> bool {
    !*value
}
