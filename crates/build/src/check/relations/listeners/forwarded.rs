//! Members that listen on the loopback alone, where something has to forward to them.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Warns of a member that listens on the loopback alone: no error, since a forwarding in front of it may make up for it.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    if subject.cluster.members.len() < 2 {
        return; // Nobody dials it.
    }
    for placed in subject.members() {
        let listen_ip = placed.member.listen_ip;
        let written = subject.spec.members[placed.index].listen_ip.as_ref();
        let Some(written) =
            written.filter(|_| listen_ip.is_loopback() && !placed.member.is_local())
        else {
            continue;
        };
        found.push(
            Diagnostic::warning(format!(
                "`{}` listens on `{listen_ip}` alone, and others dial {}",
                placed.member.name,
                placed.member.node()
            ))
            .at(written.span, "reached from its own machine only")
            .also(subject.ip_span(placed), "dialled by others")
            .help("leave `listen-ip` out, unless something on that machine forwards to it"),
        );
    }
}
