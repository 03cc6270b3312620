//! `cluster.toml`, proven and turned into certificates, artifacts and constants.

pub mod cargo;
pub mod constants;
pub mod diagnostic;
pub mod ids;
pub mod output;
pub mod pki;
pub mod secret;
pub mod spec;

use bouquet_model::Cluster;
use bouquet_model::option::{EtcdOption, OPTIONS, Origin};
use diagnostic::Diagnostics;

mod lower;
mod proof;
pub mod render;
mod suggest;

/// A spec becomes a proven cluster. Pure.
///
/// There is a cluster exactly if no finding is an error.
pub fn prove(source: &[u8]) -> (Option<Cluster>, Diagnostics) {
    let written = OPTIONS.iter().filter(|option| option.origin() == Origin::User);
    let options: Vec<&str> = written.map(EtcdOption::name).collect();
    let (spec, mut found) = spec::parse_bytes(source, &options);
    let Some(spec) = spec else { return (None, found) };
    if let Some(error) = proof::too_many(&spec) {
        found.push(error);
        return (None, found);
    }
    let cluster = lower::lower(&spec, &mut found);
    if let Some(cluster) = cluster.as_ref().filter(|_| spec.whole) {
        proof::prove(&spec, cluster, &mut found);
    }
    (cluster.filter(|_| !found.has_errors()), found)
}
