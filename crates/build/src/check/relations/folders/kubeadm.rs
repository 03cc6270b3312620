//! Folders that `kubeadm reset` empties, where a client is an API server: it does so with an external etcd,
//! too (kubeadm issue 3225).

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::artifact::CLIENT_FILES;
use bouquet_model::node_path::NodePath;
use bouquet_model::places::{Usage, places};
use std::collections::BTreeSet;

/// etcd's data, where kubeadm itself runs it.
const DATA: NodePath = NodePath::from_static("/var/lib/etcd");

/// The certificates of a control plane.
const CERTIFICATES: NodePath = NodePath::from_static("/etc/kubernetes/pki");

/// Only warnings: whether members are on machines of a control plane, the spec does not tell.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let flags = CLIENT_FILES.iter().find(|file| file.file == "kube-apiserver.flags");
    let clients = subject.cluster.clients.iter();
    let mut servers = clients.filter(|client| flags.is_some_and(|file| (file.is_for)(client)));
    let Some(server) = servers.next() else { return };
    let mut told = BTreeSet::new();
    for placed in subject.distinct() {
        for place in places(subject.cluster, placed.member) {
            let (emptied, other) = match place.usage {
                Usage::Data => (&DATA, "data-dir = \"/data/etcd\""),
                Usage::Wal => (&DATA, "wal-dir = \"/wal/etcd/wal\""),
                Usage::Certificates => (&CERTIFICATES, "certs-dir = \"/opt/etcd/certs\""),
                Usage::Write | Usage::Socket | Usage::Read => continue,
            };
            let span = subject.place_span(placed, &place);
            if place.path.is_within(emptied) && told.insert(span) {
                let message =
                    format!("`kubeadm reset` empties {emptied}, and `{}` is in it", place.option);
                let note = format!(
                    "`{}` is an API server: on a machine of its control plane etcd's files would go with it, \
                     although etcd is none of kubeadm's",
                    server.name
                );
                let help = format!("write another folder, such as `{other}`");
                found.push(Diagnostic::warning(message).at(span, "").note(note).help(help));
            }
        }
    }
}
