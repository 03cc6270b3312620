//! The digests of what members, and the whole cluster, are defined as.

use bouquet_model::cluster::Cluster;
use bouquet_model::definition;
use bouquet_model::digest::Digest;
use ring::digest::SHA256;

/// Gives each member its digest, then the cluster its own, which is made from theirs.
pub(crate) fn assign(cluster: &mut Cluster) {
    let of = |member| digest(&definition::of_member(cluster, member));
    let digests: Vec<Digest> = cluster.members.iter().map(of).collect();
    for (member, digest) in cluster.members.to_mut().iter_mut().zip(digests) {
        member.digest = digest;
    }
    cluster.digest = digest(&definition::of_cluster(cluster));
}

fn digest(text: &str) -> Digest {
    let mut digest = Digest([0; 32]);
    digest.0.copy_from_slice(ring::digest::digest(&SHA256, text.as_bytes()).as_ref());
    digest
}
