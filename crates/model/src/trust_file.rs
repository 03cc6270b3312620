//! The files of trusted CAs, and the certificates that belong into them.

use crate::certificate::{Certificate, Kind};
use crate::cluster::{Cluster, Tls};
use crate::trust::Side;

/// A file of trusted CAs below `out/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustFile {
    /// Its path, such as `members/orange/certs/ca.crt`.
    pub path: String,
    /// Whose CAs it holds.
    pub side: Side,
}

/// Returns every file of trusted CAs: the members' in their order, then the clients'.
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

/// Returns where to look for the CAs that each member and client was given for each side, whatever the spec
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

/// Returns the certificates that a side trusts, out of all that a build knows: there, those to trust come
/// first, in the order of their CAs' numbers.
pub fn trusted<'a>(tls: &Tls, certificates: &'a [Certificate], side: Side) -> Vec<&'a Certificate> {
    let numbers = tls.authorities().into_iter();
    let cas = certificates.iter().filter(|certificate| certificate.kind == Kind::Ca);
    let numbered = numbers.zip(cas).filter(|(number, _)| tls.side(side).trust.contains(number));
    numbered.map(|(_, certificate)| certificate).collect()
}
