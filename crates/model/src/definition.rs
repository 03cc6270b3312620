//! What a member, and a cluster, is defined as: the texts that their digests are taken over.
//!
//! Two definitions have the same text exactly if a member runs with the same options, and a client finds
//! the cluster in the same way. So there is nothing in it of dates, certificates and comments, of
//! the formats in which options are written, or of the release that writes them; and nothing of the
//! order of tables in `cluster.toml`.

use crate::artifact::etcdctl_variables;
use crate::cluster::{Cluster, Member};
use crate::option::OnChange;
use crate::settings::settings;
use std::fmt::Write as _;

/// Returns a member's options, one a line, in the order of the options table, and what its unit says besides. Those that
/// count at its first start only are left out: they change with every member that comes or goes, and nothing is to be done
/// then about the others.
pub fn of_member(cluster: &Cluster, member: &Member) -> String {
    let mut text = String::new();
    for setting in settings(cluster, member) {
        if setting.option().on_change() != OnChange::Bootstrap {
            line(&mut text, setting.name, &setting.value.flag_text());
        }
    }
    for (key, value) in cluster.systemd.differences() {
        line(&mut text, &format!("systemd.{key}"), &value);
    }
    text
}

/// Returns the members' names with their digests, the way in which clients find the cluster, and each
/// client's certificate and folder; members and clients in the order of their names.
pub fn of_cluster(cluster: &Cluster) -> String {
    let mut text = String::new();
    let mut members: Vec<&Member> = cluster.members.iter().collect();
    members.sort_unstable_by_key(|member| member.name.as_str());
    for member in members {
        line(&mut text, "member", member.name.as_str());
        line(&mut text, "digest", &member.digest.full());
    }
    let mut endpoints = cluster.endpoints();
    endpoints.sort_by_cached_key(ToString::to_string);
    for (name, value) in etcdctl_variables(cluster, &endpoints, "") {
        line(&mut text, name, &value);
    }
    let mut clients: Vec<_> = cluster.clients.iter().collect();
    clients.sort_unstable_by_key(|client| client.name.as_str());
    for client in clients {
        line(&mut text, "client", client.name.as_str());
        line(&mut text, "common-name", if client.common_name { "true" } else { "false" });
        line(&mut text, "certs-dir", client.certs_dir.as_str());
    }
    text
}

/// Adds a line that no value can leave.
fn line(text: &mut String, name: &str, value: &str) {
    let _ = write!(text, "{name}=");
    for c in value.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\\' => text.push_str("\\\\"),
            c => text.push(c),
        }
    }
    text.push('\n');
}
