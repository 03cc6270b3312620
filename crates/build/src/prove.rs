//! The pure part of a build: from the text of `cluster.toml` to a proven cluster.

use crate::diagnostic::Diagnostics;
use crate::proven::Proven;
use crate::{lower, proof, spec};
use bouquet_model::option::{EtcdOption, OPTIONS, Origin};

/// Proves a spec. Pure: no file but the spec counts, and nothing is written.
///
/// There is a cluster exactly if no finding is an error.
pub fn prove(source: &[u8]) -> (Option<Proven>, Diagnostics) {
    let written = OPTIONS.iter().filter(|option| option.origin() == Origin::User);
    let options: Vec<&str> = written.map(EtcdOption::name).collect();
    let (spec, mut found) = spec::parse_bytes(source, &options);
    let Some(spec) = spec else { return (None, found) };
    if let Some(error) = proof::too_many(&spec) {
        found.push(error);
        return (None, found);
    }
    let proven = lower::lower(&spec, &mut found);
    if let Some(proven) = proven.as_ref().filter(|_| spec.whole) {
        proof::prove(&spec, &proven.cluster, &mut found);
    }
    (proven.filter(|_| !found.has_errors()), found)
}
