//! The ways to a minor version of etcd that is not the next one.

use crate::release::edge;
use crate::version::{EtcdVersion, Minor};

/// A way to another minor version that is not the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    /// `etcdctl downgrade`, which knows the way from 3.6 to 3.5.
    Downgrade(EtcdVersion),
    /// By a snapshot.
    Restore(EtcdVersion),
}

/// Returns how a member comes from one version to another where that is neither of the same minor nor of the
/// next one.
pub(super) fn jump(from: EtcdVersion, to: EtcdVersion) -> Option<Jump> {
    if from.minor() == to.minor() || edge(from, to).is_some() {
        return None;
    }
    let has_a_way_back = (from.minor(), to.minor()) == (Minor::V3_6, Minor::V3_5);
    Some(if has_a_way_back { Jump::Downgrade(to) } else { Jump::Restore(to) })
}
