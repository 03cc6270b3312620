//! `cluster.toml`, proven and turned into certificates, artifacts and constants.

mod certify;
pub mod constants;
pub mod diagnostic;
mod external;
pub mod ids;
pub mod issuing;
pub mod outdir;
pub mod pki;
pub mod spec;

pub use run::{Built, Job, build, compile};

use bouquet_model::Cluster;
use bouquet_model::option::{EtcdOption, OPTIONS, Origin};
use diagnostic::Diagnostics;
use issuing::Issuing;

mod layout;
mod lower;
mod proof;
pub mod render;
mod rollout;
mod run;
mod suggest;

/// What a spec says, proven.
#[derive(Debug, Clone, PartialEq)]
pub struct Proven {
    /// The cluster, as the binary knows it too.
    pub cluster: Cluster,
    /// What only a build needs to know of its CAs.
    pub issuing: Issuing,
}

/// A spec becomes a proven cluster. Pure.
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
