//! Where members are: every socket is opened once, every URL leads to one member, and others reach
//! it there. And what members have in common that are on one machine.

mod advertised;
mod loopback;
mod machines;
mod networks;
mod sockets;

use crate::check::relations::subject::{Said, Subject};
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    // Pairs of members that are wrong in themselves: the address of one may be a slip, and the
    // machine with it. So nothing more is said of them.
    let mut said = Said::new();
    sockets::check(subject, &mut said, found);
    networks::own(subject, &mut said, found);
    networks::names(subject, found);
    loopback::names(subject, &mut said, found);
    advertised::check(subject, &mut said, found);
    loopback::addresses(subject, found);
    loopback::of_clients(subject, found);
    loopback::names_of_clients(subject, found);
    loopback::of_no_use(subject, found);
    machines::check(subject, &said, found);
}
