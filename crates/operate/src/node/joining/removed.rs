//! Data of a member that was removed: it gives way where that member is added again.

use crate::node::machine::Data;
use crate::node::peers::{Agreed, Answer, agreed};
use bouquet_model::Cluster;

/// Tells whether data is that of a member which was removed from this cluster: a quorum does not list it any more.
pub(crate) fn is_of_one_removed(cluster: &Cluster, data: Data, answers: &[Answer]) -> bool {
    let (Data::Whole(identity) | Data::LogAlone(Some(identity))) = data else { return false };
    let Some(agreed) = agreed(answers).filter(Agreed::is_certain) else { return false };
    let own = cluster.id.map_or(agreed.cluster_id, |id| id.0);
    [identity.cluster_id, agreed.cluster_id] == [own; 2] && !agreed.lists(identity.member_id)
}
