//! What an operator has to know of a snapshot before it is restored.

use super::file::Facts;
use bouquet_etcd::messages::maintenance::AlarmType;
use bouquet_model::Cluster;
use bouquet_model::diagnostic::{Diagnostic, visible};
use bouquet_model::running::{Running, RunningMember};
use bouquet_model::version::{EtcdVersion, Minor};
use std::collections::BTreeSet;

/// The members that are to have its data.
pub(crate) struct Heirs {
    /// The etcds that read it, the lowest first.
    minors: BTreeSet<Minor>,
    /// Their peer URLs.
    peers: BTreeSet<String>,
}

impl From<&Running> for Heirs {
    fn from(running: &Running) -> Self {
        let members = || running.members.values();
        let urls = |member: &RunningMember| -> Vec<String> {
            member.peer_urls().into_iter().map(str::to_owned).collect()
        };
        Self {
            minors: members().map(|member| member.version.minor()).collect(),
            peers: members().flat_map(urls).collect(),
        }
    }
}

impl From<&Cluster> for Heirs {
    fn from(cluster: &Cluster) -> Self {
        Self::from(&Running::of(cluster, &[]))
    }
}

/// Returns all of it, what is gravest first.
pub(super) fn doubts(heirs: impl Into<Heirs>, facts: &Facts) -> Vec<Diagnostic> {
    let heirs = heirs.into();
    let content = &facts.content;
    let mut doubts = Vec::new();
    if content.has(AlarmType::Corrupt) {
        doubts.push(
            Diagnostic::warning("it was taken under the alarm CORRUPT: members had different data")
                .note("all that are taken under it have it, those of members with the right data too; a step switches it off")
                .help("see by `--drill` what each member's snapshot has, and restore the right one, or one from before"),
        );
    }
    if content.has(AlarmType::Nospace) {
        doubts.push(
            Diagnostic::warning(
                "it was taken under the alarm NOSPACE: a cluster that is restored from it takes \
                 no write either",
            )
            .note("the alarm is of a member that no longer exists; a step switches it off")
            .help("afterwards compact and defragment, or raise `quota-backend-bytes`"),
        );
    }
    doubts.extend(others(&heirs, facts));
    doubts.extend(newer(&heirs, facts));
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
fn others(heirs: &Heirs, facts: &Facts) -> Option<Diagnostic> {
    let members = &facts.content.members;
    let mut urls = members.iter().flat_map(|member| &member.peer_urls);
    let is_ours = urls.any(|url| heirs.peers.contains(url));
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
            .help(
                "go on only if this cluster is to have that data: it must be empty, or loses its \
                 own",
            ),
    )
}

/// Says that a later etcd wrote it than is to read it.
fn newer(heirs: &Heirs, facts: &Facts) -> Option<Diagnostic> {
    let content = &facts.content;
    let written = [&content.storage_version, &content.cluster_version];
    let written = written.into_iter().find_map(|text| EtcdVersion::parse(text).ok())?;
    let reads = *heirs.minors.first()?;
    (written.minor() > reads).then(|| {
        Diagnostic::warning(format!(
            "etcd {} wrote it, and etcd {} is to read it",
            written.minor(),
            reads
        ))
        .note("its keys are read; what only the later one knows is not")
        .help("try it first, on this machine, by `--drill`")
    })
}

/// Returns why an etcd of theirs would not start with it, which would be seen only once all data was set aside.
///
/// From 3.6 on a database has the version of its format, and an older etcd than that ends at its start (`Migrate` in
/// `server/storage/schema/migration.go`). Before 3.6 nobody looks at it.
pub(crate) fn refusal(heirs: impl Into<Heirs>, facts: &Facts) -> Option<Diagnostic> {
    let stored = EtcdVersion::parse(&facts.content.storage_version).ok()?.minor();
    let minors = heirs.into().minors;
    let reads = minors.into_iter().find(|reads| *reads >= Minor::V3_6 && stored > *reads);
    reads.map(|reads| {
        Diagnostic::error(format!("etcd {reads} does not start with it: etcd {stored} wrote it"))
            .note("nothing was changed")
            .help(format!("restore it with `etcd = \"{stored}\"` in cluster.toml, and etcd {stored} on every node; a downgrade may follow"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::Scene;
    use bouquet_etcd::database::Content;
    use bouquet_etcd::messages::maintenance::AlarmMember;
    use bouquet_etcd::peer::PeerMember;

    fn said(change: impl Fn(&mut Content)) -> Vec<String> {
        let cluster = Scene::healthy().cluster;
        let facts = facts(&cluster, change);
        doubts(&cluster, &facts).into_iter().map(|doubt| doubt.message).collect()
    }

    fn facts(cluster: &Cluster, change: impl Fn(&mut Content)) -> Facts {
        let members = cluster.members.iter().zip(1..).map(|(member, id)| PeerMember {
            id,
            name: member.name.to_string(),
            peer_urls: member.initial_advertise_peer_urls.iter().map(ToString::to_string).collect(),
            client_urls: Vec::new(),
            is_learner: false,
        });
        let mut content = Content {
            members: members.collect(),
            cluster_version: format!("{}.0", cluster.version.minor()),
            ..Content::default()
        };
        change(&mut content);
        Facts { size: 0, sha256: [0; 32], content }
    }

    #[test]
    fn of_a_snapshot_of_this_cluster_there_is_nothing_to_say() {
        assert_eq!(said(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn what_comes_along_is_said() {
        let alarm = |alarm: AlarmType| AlarmMember { member_id: 1, alarm: alarm.into() };
        let all = said(|content| {
            content.alarms = vec![alarm(AlarmType::Nospace), alarm(AlarmType::Corrupt)];
            content.auth = true;
            content.users = vec!["root\x1b[2J".to_owned()];
            content.cluster_version = "3.9.0".to_owned();
            for member in &mut content.members {
                member.peer_urls = vec!["https://10.9.9.9:2380".to_owned()];
            }
        });
        let words = ["CORRUPT", "NOSPACE", "other addresses", "authentication is on"];
        for word in words {
            assert!(all.iter().any(|message| message.contains(word)), "{word}: {all:?}");
        }
        assert!(!all.concat().contains('\x1b'));
    }

    #[test]
    fn a_later_etcd_that_wrote_it_is_said() {
        let cluster = Scene::healthy().cluster;
        assert!(cluster.version.minor() < bouquet_model::version::Minor::V3_7);
        assert!(
            said(|content| content.storage_version = "3.7.0".to_owned())[0]
                .contains("etcd 3.7 wrote it")
        );
        assert_eq!(
            said(|content| content.cluster_version = "3.4.0".to_owned()),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_an_etcd_does_not_start_with_is_refused() {
        let refused = |stored: &str, reads: &str| {
            let version = EtcdVersion::parse(reads).unwrap();
            let cluster = Cluster { version, ..Scene::healthy().cluster };
            let facts = facts(&cluster, |content| content.storage_version = stored.to_owned());
            refusal(&cluster, &facts).map(|problem| problem.message)
        };
        let said = refused("3.7.0", "3.6").unwrap();
        assert_eq!(said, "etcd 3.6 does not start with it: etcd 3.7 wrote it");
        for (stored, reads) in
            [("3.7.0", "3.7"), ("3.6.0", "3.7"), ("3.7.0", "3.5"), ("3.6.0", "3.4"), ("", "3.6")]
        {
            assert_eq!(refused(stored, reads), None, "{stored} {reads}");
        }
    }

    /// What is compiled and not rolled out does not read it.
    #[test]
    fn those_that_run_are_meant_and_of_their_etcds_the_lowest() {
        let cluster = Scene::healthy().cluster;
        let version = EtcdVersion::parse("3.7").unwrap();
        let compiled = Cluster { version, ..cluster.clone() };
        let of_3_7 = |content: &mut Content| content.storage_version = "3.7.0".to_owned();
        let facts = facts(&cluster, of_3_7);
        let mut running = Running::of(&compiled, &[]);
        assert_eq!(refusal(&running, &facts), None);
        assert!(doubts(&running, &facts).is_empty());
        running.members.get_mut("pink").unwrap().version = EtcdVersion::parse("3.6.16").unwrap();
        let said = refusal(&running, &facts).map(|problem| problem.message);
        assert_eq!(said.unwrap(), "etcd 3.6 does not start with it: etcd 3.7 wrote it");
        // One before 3.6 looks at nothing, and the others do.
        running.members.get_mut("orange").unwrap().version = EtcdVersion::parse("3.5").unwrap();
        assert!(refusal(&running, &facts).is_some());
        // Their addresses are those of the record, too.
        for member in running.members.values_mut() {
            let url = "https://10.9.9.9:2380".to_owned();
            member.options.insert("initial-advertise-peer-urls".to_owned(), url);
        }
        let messages: Vec<_> = doubts(&running, &facts).into_iter().map(|it| it.message).collect();
        assert_eq!(messages[0], "it is of a cluster at other addresses");
        assert_eq!(messages[1], "etcd 3.7 wrote it, and etcd 3.5 is to read it");
    }
}
