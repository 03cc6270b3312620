//! The CAs that machines trust, as it is recorded of them: what was built since is on none of them yet.

use crate::pki::existing::{Bundle, Slot};
use bouquet_lock::{Identity, Issued, Recorded};
use bouquet_model::certificate::Kind;
use bouquet_model::running::Running;
use bouquet_model::trust::{Side, Trust};
use bouquet_x509::pem;
use std::collections::{BTreeMap, BTreeSet};

/// Puts what is recorded in the place of what `out/` has for the same machine and side, which is told apart
/// for clients and for peers. Of others, `out/` stays as good as it is.
pub(in crate::pki) fn as_recorded(
    here: Vec<Bundle>,
    recorded: &Recorded,
    identity: &Identity,
) -> Vec<Bundle> {
    let Running { members, clients } = recorded.running();
    let mut all = Vec::new();
    let mut add = |side: Side, path: String, trust: Option<&Trust>| {
        all.extend(trust.map(|trust| Bundle {
            side,
            path,
            content: anchors(trust, identity).into_bytes(),
        }));
    };
    for (name, member) in &members {
        add(Side::Clients, format!("members/{name}/certs/ca.crt"), member.clients.as_ref());
        let peers = if member.peers == member.clients { "ca.crt" } else { "peer-ca.crt" };
        add(Side::Peers, format!("members/{name}/certs/{peers}"), member.peers.as_ref());
    }
    for (name, client) in &clients {
        add(Side::Clients, format!("clients/{name}/ca.crt"), client.trust.as_ref());
    }
    let known: BTreeSet<_> =
        all.iter().map(|one| (owner(&one.path).to_owned(), one.side)).collect();
    let others = here.into_iter().filter(|one| {
        let key = (owner(&one.path).to_owned(), one.side);
        !known.contains(&key)
    });
    all.extend(others);
    all
}

/// Returns the folders, below `out/`, of the members and clients of which it is recorded what they trust.
pub(in crate::pki) fn owners(recorded: &Recorded) -> BTreeSet<String> {
    let Running { members, clients } = recorded.running();
    let members = members.iter().filter(|(_, member)| member.clients.is_some());
    let members = members.map(|(name, _)| format!("members/{name}"));
    let clients = clients.iter().filter(|(_, client)| client.trust.is_some());
    members.chain(clients.map(|(name, _)| format!("clients/{name}"))).collect()
}

/// Returns the numbers of the CAs that issued what machines have by what is recorded, by the folders of the
/// members and clients below `out/`, as far as the lock still knows those certificates.
pub(in crate::pki) fn issuers(
    recorded: &Recorded,
    issued: &Issued,
) -> BTreeMap<(String, Kind), u32> {
    let Running { members, clients } = recorded.running();
    let mut all = BTreeMap::new();
    let mut add = |folder: String, kind: Kind, serial: &str| {
        let facts = issued.get(serial).and_then(|entry| entry.facts.as_ref());
        all.extend(facts.map(|facts| ((folder, kind), facts.ca)));
    };
    for (name, member) in &members {
        for (kind, serial) in &member.certificates {
            add(format!("members/{name}"), *kind, serial);
        }
    }
    for (name, client) in &clients {
        if let Some(serial) = &client.certificate {
            add(format!("clients/{name}"), Kind::Client, serial);
        }
    }
    all
}

/// Tells whether all who have a certificate are among these.
pub(super) fn is_of(slot: &Slot, owners: &BTreeSet<String>) -> bool {
    slot.wanted.places.iter().all(|place| owners.contains(owner(place)))
}

/// Returns the folder of a member or client below `out/`, by the path of a file in it.
pub(super) fn owner(path: &str) -> &str {
    let end = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
    &path[..end]
}

/// Returns the certificates to trust of CAs, as far as the lock has them.
fn anchors(trust: &Trust, identity: &Identity) -> String {
    let known = trust.trust.iter().filter_map(|number| identity.authorities.get(number));
    known.filter_map(|ca| pem::anchor(&ca.certificate)).collect()
}
