//! What is compiled: the spec of a cluster whose nodes are reached by `ssh`, in parts, so that a change is one of them.

use super::super::spec::{Member, address};
use std::fmt::Write as _;

#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) release: &'static str,
    pub(super) members: Vec<Member>,
    /// What of the next change is accepted, as its error prints it.
    pub(super) accept: Option<&'static str>,
    /// Lines of `[etcd]`.
    pub(super) etcd: &'static str,
    /// Lines of `[ca]`.
    pub(super) ca: &'static str,
    /// A member that moved, with its former address.
    pub(super) moved: Option<Member>,
}

impl Spec {
    pub(super) fn of(release: &'static str, members: &[Member]) -> Self {
        Self { release, members: members.to_vec(), accept: None, etcd: "", ca: "", moved: None }
    }

    pub(super) fn text(&self) -> String {
        let Self { release, members, accept, etcd, ca, moved } = self;
        let accept = accept.map(|words| format!("accept = [\"{words}\"]\n")).unwrap_or_default();
        let mut text = format!(
            "[cluster]\ntoken = \"changes\"\netcd = \"{release}\"\n{accept}\
             [etcd]\ndata-dir = \"/data/etcd\"\n{etcd}[tls]\ncerts-dir = \"/opt/etcd/certs\"\n"
        );
        if !ca.is_empty() {
            let _ = write!(text, "[ca]\n{ca}");
        }
        text += "[[client]]\nname = \"root\"\n";
        for member in members {
            let (name, ip) = (member.0, address(*member));
            let _ =
                write!(text, "[[member]]\nname = \"{name}\"\nip = \"{ip}\"\nssh = \"root@{ip}\"\n");
            if let Some(former) = moved.filter(|moved| moved.0 == name) {
                let _ = writeln!(text, "extra-sans = [\"{}\"]", address(former));
            }
        }
        text
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(its, _)| *its == name)
    }

    /// A member comes, and another goes.
    pub(super) fn replaces(&mut self, name: &str, new: Member) {
        self.members.retain(|(its, _)| *its != name);
        self.members.push(new);
    }
}
