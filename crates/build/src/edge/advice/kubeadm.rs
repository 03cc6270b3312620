//! Folders that `kubeadm reset` empties, where a client is an API server, or members are static Pods: it does so with an
//! external etcd, too (kubeadm issue 3225).

use crate::check::Places;
use crate::diagnostic::{Diagnostic, Span};
use bouquet_model::cluster::{Client, Cluster};
use bouquet_model::places::{Usage, places};
use bouquet_model::running::Running;
use std::collections::BTreeSet;

/// Warns of folders that kubeadm empties. These are only warnings: the spec does not tell whether members are on
/// machines of a control plane. Members that run keep their data where it is: no build makes another folder of it.
pub(in crate::edge) fn kubeadm(
    cluster: &Cluster,
    recorded: &Running,
    spans: &Places,
) -> Vec<Diagnostic> {
    let Some(why) = why(cluster) else { return Vec::new() };
    let (mut told, mut found) = (BTreeSet::new(), Vec::new());
    for member in cluster.members.iter() {
        let name = member.name.as_str();
        for place in places(cluster, member) {
            let Some(emptied) = place.emptied_by_kubeadm() else { continue };
            let other = match place.usage {
                Usage::Data => "data-dir = \"/data/etcd\"",
                Usage::Wal => "wal-dir = \"/wal/etcd/wal\"",
                _ => "certs-dir = \"/opt/etcd/certs\"",
            };
            let is_kept = place.usage != Usage::Certificates && recorded.members.contains_key(name);
            let span = span(place.usage, name, place.option, spans);
            if !told.insert((span, is_kept)) {
                continue;
            }
            let said = Diagnostic::warning(format!(
                "`kubeadm reset` empties {emptied}, and `{}` is in it",
                place.option
            ))
            .at(span, "")
            .note(why.as_str());
            found.push(said.help(if is_kept {
                "members that run keep it: no `kubeadm reset` on a machine before its member was removed from \
                 the cluster"
                    .to_owned()
            } else {
                format!("write another folder, such as `{other}`")
            }));
        }
    }
    found
}

/// Says why machines of members may be ones of kubeadm's; `None` where nothing tells of Kubernetes.
fn why(cluster: &Cluster) -> Option<String> {
    let is_api_server = |client: &&Client| {
        client.program.is_some_and(|program| matches!(program.name, "kubernetes" | "kubeadm"))
    };
    if let Some(server) = cluster.clients.iter().find(is_api_server) {
        return Some(format!(
            "`{}` is an API server: on a machine of its control plane etcd's files would go with it, \
             although etcd is none of kubeadm's",
            server.name
        ));
    }
    let pod = "`formats` names `static-pod`: on a machine that kubeadm made a node, etcd's files would go with it";
    cluster.formats.contains(&"static-pod").then(|| pod.to_owned())
}

/// Returns where the spec names a member's place, or else the member.
fn span(usage: Usage, member: &str, option: &str, spans: &Places) -> Span {
    let certs_dir = spans.certs_dir.filter(|_| usage == Usage::Certificates);
    certs_dir.or_else(|| spans.option(member, option)).unwrap_or(spans.cluster)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "[cluster]\ntoken = 'berlin'\netcd = '3.5'\n\
                        [[member]]\nname = 'pink'\nip = '10.0.0.1'\n\
                        [[member]]\nname = 'orange'\nip = '10.0.0.2'\n\
                        [[member]]\nname = 'camellia'\nip = '10.0.0.3'\n";

    const SERVER: &str = "[[client]]\nname = 'planes'\nfor = 'kubernetes'\n";

    /// Returns what is said of this spec where these members run, each with the text that it points at.
    fn said(spec: &str, running: &[&str]) -> Vec<(Diagnostic, String)> {
        let (proven, _) = crate::prove(spec.as_bytes());
        let proven = proven.expect("a cluster");
        let mut recorded = Running::of(&proven.cluster, &[]);
        recorded.members.retain(|name, _| running.contains(&name.as_str()));
        let found = kubeadm(&proven.cluster, &recorded, &proven.places);
        let shown = |said: Diagnostic| {
            let span = said.primary.as_ref().expect("a place").span;
            let at = spec[span.start..span.end].to_owned();
            (said, at)
        };
        found.into_iter().map(shown).collect()
    }

    #[test]
    fn folders_that_kubeadm_empties_are_told_where_a_client_is_an_api_server() {
        for (options, emptied, at) in [
            ("[etcd]\ndata-dir = '/var/lib/etcd'\n", "/var/lib/etcd", "'/var/lib/etcd'"),
            ("[etcd]\ndata-dir = '/var/lib/etcd/data'\n", "/var/lib/etcd", "'/var/lib/etcd/data'"),
            (
                "[etcd]\ndata-dir = '/data/etcd'\nwal-dir = '/var/lib/etcd/wal'\n",
                "/var/lib/etcd",
                "'/var/lib/etcd/wal'",
            ),
            (
                "[etcd]\ndata-dir = '/data/etcd'\n[tls]\ncerts-dir = '/etc/kubernetes/pki/etcd'\n",
                "/etc/kubernetes/pki",
                "'/etc/kubernetes/pki/etcd'",
            ),
        ] {
            let all = said(&format!("{SPEC}{SERVER}{options}"), &[]);
            let [(one, place)] = all.as_slice() else { panic!("{options}: {all:?}") };
            assert!(one.message.starts_with(&format!("`kubeadm reset` empties {emptied}, and")));
            assert_eq!(place, at);
            assert!(one.help[0].starts_with("write another folder, such as"), "{one:?}");
            assert_eq!(said(&format!("{SPEC}{options}"), &[]), [], "there is no API server");
        }
        let other = "[etcd]\ndata-dir = '/var/lib/etcd-1'\n";
        assert_eq!(said(&format!("{SPEC}{SERVER}{other}"), &[]), []);
    }

    #[test]
    fn a_static_pod_is_on_a_node_that_may_be_kubeadms() {
        let of = |formats: &str| {
            let spec =
                SPEC.replace("etcd = '3.5'", &format!("etcd = '3.5.33'\nformats = {formats}"));
            said(&format!("{spec}[etcd]\ndata-dir = '/var/lib/etcd'\n"), &[])
        };
        let all = of("['command', 'static-pod']");
        let [(one, place)] = all.as_slice() else { panic!("{all:?}") };
        assert!(one.notes[0].starts_with("`formats` names `static-pod`"), "{one:?}");
        assert_eq!(place, "'/var/lib/etcd'");
        assert_eq!(of("['command']"), []);
    }

    /// No build makes another folder of it, so that no help may ask for one.
    #[test]
    fn of_members_that_run_the_folder_is_kept() {
        let spec = format!("{SPEC}{SERVER}");
        let all = said(&format!("{spec}[etcd]\ndata-dir = '/var/lib/etcd'\n"), &["pink", "orange"]);
        let help: Vec<&str> = all.iter().map(|(one, _)| one.help[0].as_str()).collect();
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(help[0].starts_with("members that run keep it: no `kubeadm reset`"), "{help:?}");
        assert!(help[1].starts_with("write another folder"), "{help:?}");
        // Certificates can be moved.
        let all = said(
            &format!(
                "{spec}[etcd]\ndata-dir = '/data/etcd'\n[tls]\ncerts-dir = '/etc/kubernetes/pki/etcd'\n"
            ),
            &["pink", "orange", "camellia"],
        );
        assert!(all[0].0.help[0].starts_with("write another folder"), "{all:?}");
    }
}
