//! Certificates, and the clocks that they are judged by.

use crate::expiry::{Validity, renew_before};
use crate::live::beside::ClientEnd;
use crate::live::found::{Findings, Found, wrong};
use crate::live::report::{Differs, Gravity, Row, Served};
use crate::package::BUILD_AGAIN;
use crate::show::{date, distance};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::DAY;

/// The seconds by which two clocks have to differ to be reported: each is read to a second.
const CLOCK: i64 = 3;

/// From so long before its end on, a certificate that was not replaced is a fault and no news; sooner where
/// certificates are short-lived.
const SOON: i64 = 14 * DAY;

fn soon(found: &Found<'_>) -> i64 {
    let half = renew_before(found.compiled).as_secs() / 2;
    SOON.min(i64::try_from(half).unwrap_or(SOON))
}

pub(super) fn served(found: &Found<'_>) -> Findings {
    let soon = found.observed.now + soon(found);
    let mut all = Vec::new();
    for row in found.rows {
        let shared = row.client_certificate == row.peer_certificate;
        let ports = [("client", &row.client_certificate), ("peer", &row.peer_certificate)];
        for (port, served) in ports.into_iter().take(if shared { 1 } else { 2 }) {
            let Some(served) = served else { continue };
            let port = if shared { "" } else { port };
            let is_soon = served.not_after < soon;
            all.extend(certificate(row, port, served, (found.observed.now, is_soon)));
        }
    }
    all
}

/// Tells whether the certificate that a client sees is told with what to do about it, so that nobody trusts it.
pub(super) fn is_told(row: &Row) -> bool {
    row.client_certificate.as_ref().is_some_and(|served| {
        matches!(served.validity, Validity::Expired | Validity::NotYetValid)
            || matches!(served.differs, Some(Differs::Foreign | Differs::Older))
    })
}

/// Says what to do with the certificates of a member that are in `out/`; of one that is not compiled there are
/// none.
pub(super) fn copy(row: &Row) -> String {
    let name = &row.name;
    if row.is_compiled {
        format!("copy `out/members/{name}/certs` to its node: no restart is needed")
    } else {
        format!(
            "{name} is not compiled, and has no certificate in `out/`: describe it in cluster.toml, or remove it"
        )
    }
}

fn certificate(
    row: &Row,
    port: &str,
    served: &Served,
    (now, is_soon): (i64, bool),
) -> Option<(Gravity, Diagnostic)> {
    let name = &row.name;
    let space = if port.is_empty() { "" } else { " " };
    let what = format!("{name}'s {port}{space}certificate");
    let copy = copy(row);
    let when = format!("{}, on {}", distance(served.not_after, now), date(served.not_after));
    let is_there = served.differs == Some(Differs::Older) || !row.is_compiled;
    let help = if is_there { copy.clone() } else { "build, then ".to_owned() + &copy };
    let gravity = |otherwise| if is_soon { Gravity::Wrong } else { otherwise };
    let (gravity, finding, help) = match (served.validity, served.differs) {
        (Validity::Expired, _) => {
            (Gravity::Wrong, Diagnostic::error(format!("{what} expired {when}")), help)
        }
        (Validity::NotYetValid, _) => {
            let message = format!("{what} is not valid yet");
            let help = "compare `date` there, here, and on the machine that built: one of the \
                        clocks is wrong";
            (Gravity::Wrong, Diagnostic::error(message), help.to_owned())
        }
        (_, Some(Differs::Foreign)) => {
            let message = format!("{what} was issued by another CA than those that are compiled");
            (Gravity::Wrong, Diagnostic::error(message), copy)
        }
        (_, Some(Differs::Older)) => {
            let message = format!("{what} was renewed, and the new one is not yet installed");
            let finding = Diagnostic::warning(message).note(format!("it expires {when}"));
            (gravity(Gravity::Other), finding, copy)
        }
        (Validity::Expiring, _) => {
            let finding = Diagnostic::warning(format!("{what} expires {when}"));
            (gravity(Gravity::Fact), finding, help)
        }
        (_, Some(Differs::Newer)) => {
            let finding = Diagnostic::warning(format!("{what} is newer than this program"));
            (Gravity::Other, finding, BUILD_AGAIN.to_owned())
        }
        (Validity::Valid, None) => return None,
    };
    Some((gravity, finding.help(help)))
}

/// Finds what is wrong with those of clients: what they have is not seen, and is as `cluster.lock` has it.
pub(super) fn clients(found: &Found<'_>) -> Findings {
    let (now, soon) = (found.observed.now, soon(found));
    let ends =
        found.beside.clients.iter().filter_map(|client| client_end(found, client, (now, soon)));
    ends.map(wrong).collect()
}

fn client_end(
    found: &Found<'_>,
    client: &ClientEnd,
    (now, soon): (i64, i64),
) -> Option<Diagnostic> {
    let ClientEnd { name, not_after, is_renewed, .. } = client;
    let when = format!("{}, on {}", distance(*not_after, now), date(*not_after));
    let copy = format!("copy `out/clients/{name}` to its machine");
    let finding = if *not_after < now {
        Diagnostic::error(format!("the certificate of client {name} expired {when}"))
    } else if not_after - now < soon {
        Diagnostic::warning(format!("the certificate of client {name} expires {when}"))
    } else {
        return None;
    };
    Some(if *is_renewed {
        let record =
            format!("once it is there, {} records it", found.typed(&format!("done {name}")));
        finding
            .note("a later one was issued, and is not recorded as installed")
            .help(copy)
            .help(record)
    } else {
        finding.help("build, then ".to_owned() + &copy)
    })
}

pub(super) fn clocks(found: &Found<'_>) -> Findings {
    let off = found.rows.iter().filter_map(|row| Some((row, row.clock?)));
    let off = off.filter(|(_, offset)| offset.abs() >= CLOCK);
    off.map(|(row, offset)| {
        let word = if offset < 0 { "behind" } else { "ahead of" };
        let message =
            format!("the clock of {} is {} s {word} that of this machine", row.name, offset.abs());
        let help = "set both by NTP: leases and certificates depend on them";
        wrong(Diagnostic::warning(message).help(help))
    })
    .collect()
}
