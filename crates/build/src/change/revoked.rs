//! Certificates that are revoked while machines still show them.

use super::group::whose;
use crate::diagnostic::Diagnostic;
use bouquet_model::change::Subject;
use bouquet_model::running::Running;
use std::collections::BTreeSet;

/// Warns where a member or client is recorded with a certificate that is on the list: anyone who has the
/// list refuses it, until its new one is on its machine.
pub(crate) fn revoked_in_use(
    recorded: &Running,
    after: &Running,
    revoked: &BTreeSet<String>,
) -> Option<Diagnostic> {
    let members = recorded.members.iter().filter(|(name, member)| {
        let stays = after.members.contains_key(*name);
        stays && member.certificates.values().any(|serial| revoked.contains(serial))
    });
    let clients = recorded.clients.iter().filter(|(name, client)| {
        let stays = after.clients.contains_key(*name);
        stays && client.certificate.as_ref().is_some_and(|serial| revoked.contains(serial))
    });
    let members = members.map(|(name, _)| Subject::Member(name.clone()));
    let subjects: Vec<_> =
        members.chain(clients.map(|(name, _)| Subject::Client(name.clone()))).collect();
    let whose = whose(&subjects)?;
    Some(
        Diagnostic::warning(format!(
            "{whose}: still there with a certificate that is on the list of revoked ones, by what is recorded"
        ))
        .note("who has the list refuses it: a member whose peers have it is cut off from them")
        .help("copy the new certificates first, and the list to the members after that"),
    )
}
