//! The etcd of nodes: that which they get, from folders of this machine, or have.

use super::work::Applying;
use crate::programs::{Release, is_of};
use crate::remote::Remote;
use bouquet_model::Cluster;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::systemd::searched;
use bouquet_model::version::EtcdVersion;
use std::sync::Arc;

/// Releases of one and the same version, for one processor each.
#[derive(Debug)]
pub(super) struct Etcds(Vec<Arc<Release>>);

impl Etcds {
    /// Looks at those that were named.
    ///
    /// # Errors
    /// If one cannot be read, or is of another version than the one that is meant.
    pub(super) fn open(work: &Applying, meant: EtcdVersion) -> Result<Self, Diagnostic> {
        let open = |folder| {
            let release = Release::open(folder)?;
            release.is_meant(meant)?;
            Ok(Arc::new(release))
        };
        let all: Result<_, Diagnostic> = work.etcd.iter().map(|it| open(it)).collect();
        all.map(Self).map_err(|problem: Diagnostic| problem.note("nothing was begun"))
    }

    /// Tells whether none was named.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the one for a node with that processor, as `uname -m` has it; `None` where none was named.
    ///
    /// # Errors
    /// If those that were named are for other processors.
    pub(super) fn of(
        &self,
        name: &str,
        processor: &str,
    ) -> Result<Option<Arc<Release>>, Diagnostic> {
        let found = self.0.iter().find(|release| release.is_for(processor));
        if found.is_some() || self.is_empty() {
            return Ok(found.cloned());
        }
        let are = self.0.iter().map(|release| release.processor()).collect::<Vec<_>>().join(", ");
        Err(Diagnostic::error(format!(
            "{name}: the node has {}, and the etcd that was named is for {are}",
            quoted(processor)
        ))
        .help("name that for the node as well: `--etcd DIR --etcd OTHER-DIR`"))
    }
}

/// Checks that a node to which no etcd goes has the one that is meant, before a member is made of it.
///
/// # Errors
/// If it has none, or another one.
pub(super) fn is_there(
    name: &str,
    remote: &Remote<'_>,
    cluster: &Cluster,
) -> Result<(), Diagnostic> {
    let places = searched(cluster.systemd.program());
    let problem = match remote.etcd(&places)? {
        None => Diagnostic::error(format!("{name}: there is no etcd on the node"))
            .note(format!("its unit looks for {}", places.join(", "))),
        Some((file, told)) => match is_of(&file, Ok(told), cluster.version) {
            Ok(_) => return Ok(()),
            Err(problem) => {
                let message = format!("{name}: on the node, {}", problem.message);
                Diagnostic { message, ..problem }
            }
        },
    };
    Err(problem.note("nothing was begun").help(format!(
        "name a release of etcd {}, unpacked, that goes there: the same with `--etcd DIR`",
        cluster.version
    )))
}
