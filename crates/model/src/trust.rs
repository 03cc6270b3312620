//! Which CAs are trusted and which of them issues: the part of a cluster that a CA rotation moves
//! through its phases.

use crate::certificate::{Certificate, Kind};
use crate::cluster::{Cluster, Layout, Tls};
use std::borrow::Cow;

/// The CAs of one side of a cluster, by their numbers. A number names a CA for good: its
/// successor has another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The CA that issues; one of those that are trusted.
    pub issue: u32,
    /// The CAs that are trusted, in ascending order, each once.
    pub trust: Cow<'static, [u32]>,
}

/// Those who show certificates to each other. Each side has CAs of its own, which may be the same
/// ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Clients and members: `ca.crt`.
    ///
    /// The server certificate belongs here, and etcd's JSON gateway shows it to its own listener,
    /// so that clients and servers cannot have different CAs.
    Clients,
    /// Members among each other: `ca.crt`, or `peer-ca.crt` where other CAs are trusted.
    Peers,
}

/// A file of trusted CAs below `out/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustFile {
    /// Its path, such as `members/orange/certs/ca.crt`.
    pub path: String,
    /// Whose CAs it holds.
    pub side: Side,
}

/// The file of a CA's certificate and key below `out/`, without its ending.
pub fn ca_place(number: u32) -> String {
    if number == 1 { "pki/ca".to_owned() } else { format!("pki/ca-{number}") }
}

/// The number of the CA whose file that is.
pub fn ca_number(place: &str) -> Option<u32> {
    let digits = match place.strip_prefix("pki/ca")? {
        "" => return Some(1),
        rest => rest.strip_prefix('-')?,
    };
    let plain = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|number| plain && *number > 1)
}

/// Every file of trusted CAs: the members' in their order, then the clients'.
pub fn trust_files(cluster: &Cluster) -> Vec<TrustFile> {
    let Some(tls) = &cluster.tls else { return Vec::new() };
    let mut files = Vec::new();
    for member in cluster.members.iter() {
        let mut add = |side| {
            let path = format!("members/{}/certs/{}", member.name, tls.trust_file(side));
            files.push(TrustFile { path, side });
        };
        add(Side::Clients);
        if tls.has_peer_trust() {
            add(Side::Peers);
        }
    }
    files.extend(cluster.clients.iter().map(|client| TrustFile {
        path: format!("clients/{}/ca.crt", client.name),
        side: Side::Clients,
    }));
    files
}

/// Where to look for the CAs that each member and client was given for each side, whatever the spec
/// said then: the first of these files that is there. A member that has no file for peers alone
/// trusts the same CAs on both sides.
pub fn earlier_trust_files(cluster: &Cluster) -> Vec<(Side, Vec<String>)> {
    let members = cluster.members.iter().flat_map(|member| {
        let [own, common] =
            ["peer-ca.crt", "ca.crt"].map(|file| format!("members/{}/certs/{file}", member.name));
        [(Side::Clients, vec![common.clone()]), (Side::Peers, vec![own, common])]
    });
    let clients = cluster.clients.iter();
    let clients =
        clients.map(|client| (Side::Clients, vec![format!("clients/{}/ca.crt", client.name)]));
    members.chain(clients).collect()
}

/// The certificates that a side trusts, out of all that a build knows: there, those to trust come
/// first, in the order of their CAs' numbers.
pub fn trusted<'a>(tls: &Tls, certificates: &'a [Certificate], side: Side) -> Vec<&'a Certificate> {
    let numbers = tls.authorities().into_iter();
    let cas = certificates.iter().filter(|certificate| certificate.kind == Kind::Ca);
    let numbered = numbers.zip(cas).filter(|(number, _)| tls.side(side).trust.contains(number));
    numbered.map(|(_, certificate)| certificate).collect()
}

impl Tls {
    /// The CAs of a side.
    pub const fn side(&self, side: Side) -> &Trust {
        match side {
            Side::Clients => &self.clients,
            Side::Peers => &self.peers,
        }
    }

    /// Returns `true` where members trust other CAs among each other than clients do.
    pub fn has_peer_trust(&self) -> bool {
        self.layout == Layout::Separate && self.clients.trust != self.peers.trust
    }

    /// The file in `certs-dir` that holds the CAs of a side.
    pub fn trust_file(&self, side: Side) -> &'static str {
        if side == Side::Peers && self.has_peer_trust() { "peer-ca.crt" } else { "ca.crt" }
    }

    /// The numbers of all CAs, in ascending order.
    pub fn authorities(&self) -> Vec<u32> {
        let both = [&self.clients, &self.peers];
        let mut all: Vec<u32> = both.iter().flat_map(|side| side.trust.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_ca_tells_its_number() {
        for number in [1, 2, 10, u32::MAX] {
            assert_eq!(ca_number(&ca_place(number)), Some(number));
        }
        for other in ["pki/ca-", "pki/ca-1", "pki/ca-02", "pki/ca-x", "pki/cat", "pki/issued", "ca"]
        {
            assert_eq!(ca_number(other), None, "{other}");
        }
    }
}
