//! The members, as a command line names them.

use crate::failure::Failure;
use crate::names;
use bouquet_model::{Cluster, Member};

/// Returns the member of that name, or says which there are.
pub(super) fn member<'a>(cluster: &'a Cluster, name: &str) -> Result<&'a Member, Failure> {
    let missing = || names::unknown(name, "member", &member_names(cluster));
    cluster.member(name).ok_or_else(missing)
}

/// Returns the names of all members, in the order of the spec.
pub(super) fn member_names(cluster: &Cluster) -> Vec<&str> {
    cluster.members.iter().map(|member| member.name.as_str()).collect()
}
