//! What the programs of clients need of the cluster.

use super::subject::{Placed, Subject};
use super::urls::HTTP;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::issuing::Limits;
use bouquet_model::cluster::KeyKind;
use bouquet_model::program::{Need, Program};

const GATEWAY: &str = "enable-grpc-gateway";
const MOST: &str = "tls-max-version";

/// A client that is a program that is known.
#[derive(Clone, Copy)]
struct Client {
    program: &'static Program,
    /// Where `for` says so.
    span: Span,
}

/// Checks what programs need, each need once, for the first client that has it: what it stands against is one
/// place.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let clients = subject.cluster.clients.iter().zip(&subject.spec.clients);
    let clients: Vec<Client> = clients
        .filter_map(|(client, written)| {
            Some(Client { program: client.program?, span: written.r#for.as_ref()?.span })
        })
        .collect();
    let first = |need| clients.iter().copied().find(|client| client.program.needs(need));
    misread(subject, found);
    if let Some(client) = first(Need::Gateway) {
        gateway(subject, client, found);
    }
    if let Some(client) = first(Need::Gateway).or_else(|| first(Need::Http)) {
        http(subject, client, found);
    }
    if let Some(client) = first(Need::Tls13) {
        tls_1_3(subject, client, found);
    }
    if let Some(client) = first(Need::UnlimitedAddresses) {
        unlimited(subject, client, found);
    }
    if let Some(client) = first(Need::Ecdsa) {
        ecdsa(subject, client, found);
    }
}

/// Checks the paths of each client's files: some programs read more than a path in them, and no quotes keep them from that.
fn misread(subject: &Subject<'_>, found: &mut Diagnostics) {
    let clients = subject.cluster.clients.iter().zip(&subject.spec.clients);
    for (client, written) in clients.filter(|_| subject.cluster.tls.is_some()) {
        let Some((program, word)) = client.program.zip(written.r#for.as_ref()) else { continue };
        let path = client.certs_dir.as_str();
        let mut misreads = program.misreads.iter();
        let Some((part, read_as)) = misreads.find(|(part, _)| path.contains(part)) else {
            continue;
        };
        let certs_dir = written.certs_dir.as_ref().or(subject.spec.tls.certs_dir.as_ref());
        found.push(
            Diagnostic::error(format!(
                "`{}` would read {} in the path of its certificate as {read_as}",
                program.name,
                quoted(part)
            ))
            .at(certs_dir.map_or(word.span, |folder| folder.span), "")
            .also(word.span, "has the path in its configuration")
            .help("write a `certs-dir` for it of letters, digits, `-`, `_`, `.` and `/`"),
        );
    }
}

/// Checks that the gateway is on: it is at the endpoints of every member.
fn gateway(subject: &Subject<'_>, Client { program, span }: Client, found: &mut Diagnostics) {
    let is_off = |placed: &Placed<'_>| placed.flag(GATEWAY) == Some(false);
    if let Some(placed) = subject.writers(GATEWAY).into_iter().find(is_off) {
        found.push(
            Diagnostic::error(format!("`{}` uses etcd's JSON gateway, which is off", program.name))
                .at(span, "speaks to the gateway alone")
                .also(subject.option_span(placed, GATEWAY), "")
                .note("etcd answers 404 to all that it asks")
                .help(format!("take `{GATEWAY}` out")),
        );
    }
}

/// Checks that the client port has HTTP: `listen-client-http-urls` takes all of it away, the gateway with it.
fn http(subject: &Subject<'_>, Client { program, span }: Client, found: &mut Diagnostics) {
    let Some(placed) = subject.writers(HTTP).into_iter().find(|m| !m.list(HTTP).is_empty()) else {
        return;
    };
    let (what, why) = if program.needs(Need::Gateway) {
        ("uses etcd's JSON gateway", "speaks to the gateway alone")
    } else {
        ("speaks HTTP to etcd", "speaks HTTP")
    };
    found.push(
        Diagnostic::error(format!("`{}` {what}, and there is none at the endpoints", program.name))
            .at(span, why)
            .also(subject.option_span(placed, HTTP), "it is there")
            .note(format!("with `{HTTP}`, the client port serves gRPC and nothing else"))
            .help(format!("take `{HTTP}` out"))
            .help("or leave `for` out and write these addresses into its configuration yourself"),
    );
}

fn tls_1_3(subject: &Subject<'_>, Client { program, span }: Client, found: &mut Diagnostics) {
    let is_older = |placed: &Placed<'_>| placed.text(MOST).as_deref() == Some("TLS1.2");
    if subject.cluster.tls.is_none() {
        return;
    }
    if let Some(placed) = subject.writers(MOST).into_iter().find(is_older) {
        found.push(
            Diagnostic::error(format!(
                "`{}` speaks TLS 1.3 alone, and etcd would not",
                program.name
            ))
            .at(span, "asks for TLS 1.3")
            .also(subject.option_span(placed, MOST), "at most this")
            .help(format!("take `{MOST}` out"))
            .help(
                "or leave `for` out and write `tlsMinVersion: 1.2` into its configuration yourself",
            ),
        );
    }
}

fn unlimited(subject: &Subject<'_>, Client { program, span }: Client, found: &mut Diagnostics) {
    let ca = &subject.spec.ca;
    if subject.cluster.tls.is_none() || subject.limits != Limits::NamesAndAddresses {
        return;
    }
    let written = ca.name_constraints.as_ref().map(|written| written.span);
    let written = written.or_else(|| ca.permit.as_ref().map(|permit| permit.span));
    found.push(
        Diagnostic::error(format!(
            "`{}` verifies by BoringSSL, which refuses a CA that limits addresses",
            program.name
        ))
        .at(span, "verifies by BoringSSL")
        .also(written.unwrap_or(subject.spec.cluster.span), "limits addresses")
        .help("write `name-constraints = \"dns\"`: names alone, which every client copes with"),
    );
}

/// Checks for keys of ECDSA: whatever a member shows has a key of one kind.
fn ecdsa(subject: &Subject<'_>, Client { program, span }: Client, found: &mut Diagnostics) {
    let Some(tls) = subject.cluster.tls.as_ref().filter(|tls| tls.key == KeyKind::Ed25519) else {
        return;
    };
    let written = subject.spec.tls.key.as_ref().map_or(span, |written| written.span);
    found.push(
        Diagnostic::error(format!(
            "`{}` connects by BoringSSL, which takes no `{}`",
            program.name, tls.key
        ))
        .at(span, "connects by BoringSSL")
        .also(written, "no ECDSA")
        .help("take `key` out: `ecdsa-p256` is the default, and every client reads it"),
    );
}
