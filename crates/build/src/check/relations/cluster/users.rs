//! Who members and clients would be to etcd, by the names in their certificates.

use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::cluster::{Layout, Tls};

/// Finds names that etcd would take for users. With authentication on, etcd takes the common name of anyone who
/// connects to the client port for a user (`server/auth/store.go`, `AuthInfoFromTLS`), and there a member's
/// certificate serves as well.
///
/// These are warnings: authentication may be off for good, and a member of a running cluster is not
/// renamed by a build that fails.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let Some(tls) = &subject.cluster.tls else { return };
    let servers = servers(subject, tls);
    let clients = || subject.cluster.clients.iter().zip(&subject.spec.clients);
    for (name, who, span) in servers.iter().filter(|(name, ..)| name == ROOT) {
        found.push(
            Diagnostic::warning(format!(
                "{who} would be root to etcd, by the common name `{name}` of its certificate"
            ))
            .at(*span, "the name of etcd's root user")
            .note(NOTE)
            .help("give it another name, before the cluster runs")
            .help("or leave authentication off, and protect its key like that of client `root`"),
        );
    }
    let has_root = clients().any(|(client, _)| client.name.as_str() == ROOT);
    for (client, written) in clients() {
        let (name, span) = (client.name.as_str(), written.name.span);
        if name == ROOT && !client.common_name {
            found.push(
                Diagnostic::warning("client `root` has no common name, so it is no user of etcd")
                    .at(written.common_name.as_ref().map_or(span, |flag| flag.span), "")
                    .note(NOTE)
                    .help("give the program that uses the JSON gateway a `[[client]]` of its own"),
            );
        } else if name != ROOT && name.eq_ignore_ascii_case(ROOT) && !has_root {
            found.push(
                Diagnostic::warning(format!("client `{name}` is not etcd's root user"))
                    .at(span, "that one is called `root`")
                    .note("etcd tells users apart by capital and small letters")
                    .help("write `root`, or a name that nobody takes for it"),
            );
        }
        let same = |(server, ..): &&(String, String, Span)| {
            server != ROOT && server.eq_ignore_ascii_case(name)
        };
        let Some((server, who, theirs)) = servers.iter().find(same) else { continue };
        let (what, there, note) = match (client.common_name, server == name) {
            (true, true) => ("would be one user to etcd", "the same name", NOTE),
            (false, true) => ("have one name", "the same name", ONE_NAME),
            (_, false) => ("have names that differ in case alone", "nearly the same", CASE),
        };
        found.push(
            Diagnostic::warning(format!("client `{name}` and {who} {what}"))
                .at(span, "")
                .also(*theirs, there)
                .note(note)
                .help("give the client another name: `certs` and `[[revoked]]` go by names, too"),
        );
    }
}

const ROOT: &str = "root";

const NOTE: &str = "where authentication is on, etcd's users are common names of certificates";

const ONE_NAME: &str = "`certs` and `[[revoked]]` take a name for both";

const CASE: &str = "to etcd these are two users, to people one";

/// Returns each common name of members' certificates, whose it is, and where it is written.
fn servers(subject: &Subject<'_>, tls: &Tls) -> Vec<(String, String, Span)> {
    let own = |m: Placed<'_>| {
        let name = m.member.name.to_string();
        (name.clone(), format!("member `{name}`"), subject.name_span(m))
    };
    match (tls.layout, &tls.common_name, &subject.spec.tls.common_name) {
        (Layout::Separate | Layout::Combined, ..) => subject.members().map(own).collect(),
        (Layout::Shared, Some(name), Some(written)) => {
            vec![(name.to_string(), "every member".to_owned(), written.span)]
        }
        // The shared certificate has the name of the first.
        (Layout::Shared, ..) => subject.members().take(1).map(own).collect(),
    }
}
