//! Changes of CAs: which phases follow which.
//!
//! A CA issues only where everybody trusts it already, and goes only where nothing of it is in use. Both are
//! held to what is recorded: what was built since is on no machine yet.

use super::class::Class;
use super::what::{Change, Subject, What};
use crate::running::{RunningClient, RunningMember};
use crate::trust::{Side, Trust};

/// Returns the changes of a member's CAs: one for both sides, where they change in the same way.
pub(super) fn of_member(name: &str, before: &RunningMember, after: &RunningMember) -> Vec<Change> {
    let clients = phase(before.clients.as_ref(), after.clients.as_ref());
    let peers = phase(before.peers.as_ref(), after.peers.as_ref())
        .filter(|_| before.clients != before.peers || after.clients != after.peers);
    let change = |side, (from, to): (&Trust, &Trust)| Change {
        subject: Subject::Member(name.to_owned()),
        what: What::Trust { side, from: from.clone(), to: to.clone() },
        class: match is_safe(from, to) {
            false => Class::Refused,
            // Certificates are read at every handshake, the CA file at the start alone.
            true if from.trust == to.trust => Class::Copy,
            true => Class::AskEtcd,
        },
    };
    let clients = clients.map(|phase| change(Side::Clients, phase));
    clients.into_iter().chain(peers.map(|phase| change(Side::Peers, phase))).collect()
}

/// Returns the change of a client's CAs.
pub(super) fn of_client(
    name: &str,
    before: &RunningClient,
    after: &RunningClient,
) -> Option<Change> {
    let (from, to) = phase(before.trust.as_ref(), after.trust.as_ref())?;
    Some(Change {
        subject: Subject::Client(name.to_owned()),
        what: What::Trust { side: Side::Clients, from: from.clone(), to: to.clone() },
        class: if is_safe(from, to) { Class::Copy } else { Class::Refused },
    })
}

/// Returns both sides of a change of CA: without TLS on one of them it is none.
fn phase<'a>(from: Option<&'a Trust>, to: Option<&'a Trust>) -> Option<(&'a Trust, &'a Trust)> {
    from.zip(to).filter(|(from, to)| from != to)
}

/// Tells whether this machine trusts the CA that is to issue, and whether that of its own certificate stays
/// trusted.
pub(super) fn is_safe(from: &Trust, to: &Trust) -> bool {
    from.trust.contains(&to.issue) && to.trust.contains(&from.issue)
}
