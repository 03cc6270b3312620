//! What an operator has to know of a snapshot before it is restored.

use super::file::Facts;
use bouquet_etcd::messages::maintenance::AlarmType;
use bouquet_model::Cluster;
use bouquet_model::diagnostic::{Diagnostic, visible};
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeSet;

/// Returns all of it, what is gravest first.
pub(super) fn doubts(cluster: &Cluster, facts: &Facts) -> Vec<Diagnostic> {
    let content = &facts.content;
    let mut doubts = Vec::new();
    let has = |alarm: AlarmType| content.alarms.iter().any(|it| it.alarm == i32::from(alarm));
    if has(AlarmType::Corrupt) {
        doubts.push(
            Diagnostic::warning("it was taken under the alarm CORRUPT: members had different data")
                .help("restore one of another member, or an earlier one, if there is any"),
        );
    }
    if has(AlarmType::Nospace) {
        doubts.push(
            Diagnostic::warning(
                "it was taken under the alarm NOSPACE: restored, it takes no write either",
            )
            .note("the alarm is of a member that is no more, and a step switches it off")
            .help("afterwards compact and defragment, or raise `quota-backend-bytes`"),
        );
    }
    doubts.extend(others(cluster, facts));
    doubts.extend(newer(cluster, facts));
    if content.auth {
        let users: Vec<_> = content.users.iter().map(|user| visible(user).into_owned()).collect();
        doubts.push(
            Diagnostic::warning(
                "authentication is on in it: its users and passwords come back with it",
            )
            .note(format!("users: {}", users.join(", "))),
        );
    }
    doubts
}

/// Says that another cluster wrote it.
fn others(cluster: &Cluster, facts: &Facts) -> Option<Diagnostic> {
    let members = &facts.content.members;
    let ours: BTreeSet<String> = cluster
        .members
        .iter()
        .flat_map(|it| it.initial_advertise_peer_urls.iter())
        .map(ToString::to_string)
        .collect();
    let is_ours = members.iter().flat_map(|member| &member.peer_urls).any(|url| ours.contains(url));
    if members.is_empty() || is_ours {
        return None;
    }
    let name = |name: &str, urls: &[String]| {
        visible(&format!("{name} at {}", urls.join(" and "))).into_owned()
    };
    let theirs: Vec<_> = members.iter().map(|it| name(&it.name, &it.peer_urls)).collect();
    Some(
        Diagnostic::warning("it is of a cluster at other addresses")
            .note(format!("its members: {}", theirs.join(", ")))
            .help("go on if this cluster is to have that data: it has to be empty, or is to lose its own"),
    )
}

/// Says that a later etcd wrote it than is to read it.
fn newer(cluster: &Cluster, facts: &Facts) -> Option<Diagnostic> {
    let content = &facts.content;
    let written = [&content.storage_version, &content.cluster_version];
    let written = written.into_iter().find_map(|text| EtcdVersion::parse(text).ok())?;
    let reads = cluster.version;
    (written.minor() > reads.minor()).then(|| {
        Diagnostic::warning(format!(
            "etcd {} wrote it, and etcd {} is to read it",
            written.minor(),
            reads.minor()
        ))
        .note("of keys that went well among 3.4 to 3.7; what only the later one knows is not read")
        .help("try it first: `restore --drill`")
    })
}
