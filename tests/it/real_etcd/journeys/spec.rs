//! What the cluster of a journey is to be.

use std::fmt::Write as _;

/// A member's name, and the last byte of its address.
pub(super) type Member = (&'static str, u8);

/// Those of the guide.
pub(super) const THREE: [Member; 3] = [("orange", 101), ("pink", 102), ("daffodil", 103)];

/// Where a member's machine is.
pub(super) fn address((_, last): Member) -> String {
    format!("192.168.65.{last}")
}

/// The text of `cluster.toml`, with lines of `[tls]`.
pub(super) fn spec(release: &str, members: &[Member], tls: &str) -> String {
    let (line, _) = release.rsplit_once('.').expect("a patch");
    let mut spec = format!(
        "[cluster]\ntoken = \"journey\"\netcd = \"{line}\"\n[etcd]\ndata-dir = \"/data/etcd\"\n\
         [tls]\ncerts-dir = \"/opt/etcd/certs\"\n{tls}[[client]]\nname = \"root\"\n"
    );
    for member in members {
        let ip = address(*member);
        write!(spec, "[[member]]\nname = \"{}\"\nip = \"{ip}\"\n", member.0).expect("a text");
    }
    spec
}
