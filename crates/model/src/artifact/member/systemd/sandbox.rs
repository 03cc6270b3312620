//! What a unit keeps from etcd: everything but the network, its folders and its files.

use crate::artifact::sandbox::CLOSED;
use crate::cluster::{Cluster, Member};
use crate::filesystem::{is_in_a_home, is_temporary};
use crate::option::Value;
use crate::places::Place;

pub(super) fn lines(places: &[Place], cluster: &Cluster, member: &Member) -> String {
    let binary = cluster.systemd.binary.as_ref();
    let any = |holds: fn(&Place) -> bool| places.iter().any(holds);
    let privileged = ports(member).any(|port| port < 1024);
    let mut lines = CLOSED.to_vec();
    if privileged {
        lines[0] = "AmbientCapabilities=CAP_NET_BIND_SERVICE";
        lines[1] = "CapabilityBoundingSet=CAP_NET_BIND_SERVICE";
        // A capability in a user namespace of its own opens no port of the host's.
        lines.retain(|line| *line != "PrivateUsers=yes");
    }
    if any(|place| place.is_written() && is_in_a_home(&place.path)) {
        lines.retain(|line| *line != "ProtectHome=yes");
    } else if any(|place| is_in_a_home(&place.path)) || binary.is_some_and(is_in_a_home) {
        let home = lines.iter_mut().find(|line| **line == "ProtectHome=yes");
        *home.expect("it is above") = "ProtectHome=read-only";
    }
    if any(|place| is_temporary(&place.path)) || binary.is_some_and(is_temporary) {
        lines.retain(|line| *line != "PrivateTmp=yes");
    }
    if member.option("enable-log-rotation") == Some(&Value::Bool(true)) {
        // Each new file is given to the owner of the one before.
        lines.push("SystemCallFilter=@chown");
    }
    lines.join("\n") + "\n"
}

fn ports(member: &Member) -> impl Iterator<Item = u16> {
    let more = ["listen-client-http-urls", "listen-metrics-urls"].into_iter().flat_map(|name| {
        let urls = match member.option(name) {
            Some(Value::List(urls)) => urls.as_ref(),
            _ => &[],
        };
        urls.iter().filter_map(|url| url.trim_end_matches('/').rsplit_once(':')?.1.parse().ok())
    });
    let urls = member.listen_peer_urls.iter().chain(member.listen_client_urls.iter());
    urls.map(|url| url.port).chain(more)
}
