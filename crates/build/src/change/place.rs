//! The value in `cluster.toml` that a change comes from.

use super::written::Written;
use crate::check::MemberPlaces;
use crate::diagnostic::{Label, Span};
use bouquet_model::change::{Change, Subject, What, as_written};
use bouquet_model::systemd::{MADE_BY, shown};
use bouquet_model::trust::Side;

/// Says how the state before a change is told.
pub(super) struct Tense {
    /// Before a version, a name or an address.
    runs: &'static str,
    /// Before a value.
    runs_with: &'static str,
    /// Without anything behind it.
    is_there: &'static str,
}

/// The words for a state that is recorded.
pub(super) const RUNS: Tense = Tense { runs: "runs", runs_with: "runs with", is_there: "runs" };

/// The words for the state of the last build, which may run, or not.
pub(super) const WAS: Tense = Tense { runs: "was", runs_with: "was", is_there: "was there" };

/// Returns the place of a change, with what was before it instead of what it says; that of `[cluster]` where
/// something is gone from the spec.
pub(super) fn place(change: &Change, written: Written<'_>, tense: &Tense) -> Option<Label> {
    let Tense { runs, runs_with, is_there } = tense;
    let Written { places, cas, .. } = written;
    let (name, member, client) = match &change.subject {
        Subject::Cluster => ("", None, None),
        Subject::Member(name) => (name.as_str(), places.member(name), None),
        Subject::Client(name) => (name.as_str(), None, places.client(name)),
    };
    let label = |span: Span, text: String| Some(Label { span, text });
    match &change.what {
        What::Option { name: option, from, .. } => {
            let text = from.as_ref().map_or_else(
                || format!("{runs} without `{option}`"),
                |from| format!("{runs_with} `{}`", short(&as_written(option, from))),
            );
            let span = if name.is_empty() { None } else { places.option(name, option) };
            label(span.unwrap_or(token_or_cluster(option, written)), text)
        }
        What::Version { from, .. } => label(places.version, format!("{runs} {from}")),
        What::Scheme { from, .. } => {
            let span = places.tls_enabled.unwrap_or(places.cluster);
            label(span, format!("{runs_with} {}", from.as_str()))
        }
        What::Trust { side, from, .. } => {
            let own =
                [cas.peer_issue, cas.peer_trust].map(|span| span.filter(|_| *side == Side::Peers));
            let spans = own.into_iter().chain([cas.issue, cas.trust]).flatten();
            let span = spans.min().unwrap_or(places.cluster);
            label(span, format!("{runs_with} {from}"))
        }
        What::Renamed { to } => label(places.member(to)?.name, format!("{runs} as `{name}`")),
        What::Moved { from, to } => {
            label(address(member?, from, to), format!("{runs} at {}", from.join(",")))
        }
        What::Swapped { with } => label(member?.host, format!("{runs} where `{with}` is here")),
        What::Quorum { removed, moved, .. } => {
            let first = moved.keys().find_map(|name| places.member(name));
            match first {
                Some(member) => label(member.host, format!("{runs} at another address")),
                None => label(places.cluster, format!("without {}, which run", removed.join(", "))),
            }
        }
        What::Spelling { to, .. } => {
            let option = to.split('=').next().unwrap_or_default();
            label(places.option(name, option)?, String::new())
        }
        What::Removed => label(places.cluster, format!("{is_there}, and is not in this file")),
        What::Added => label(
            member.map(|member| member.name).or(client.map(|client| client.name))?,
            String::new(),
        ),
        What::Revocations => label(places.crl?, String::new()),
        What::CertsDir { from, .. } => {
            let of_client = client.map(|client| client.certs_dir.unwrap_or(client.name));
            let span = of_client.or(places.certs_dir).unwrap_or(places.cluster);
            label(span, format!("{runs_with} `{}`", short(from)))
        }
        What::Unit { key, .. } if key == MADE_BY => {
            label(places.cluster, format!("{runs} by a unit that no build wrote"))
        }
        What::Unit { key, from, .. } => {
            let written = key.split('.').next().unwrap_or_default();
            // A group follows from its user.
            let of_user = || places.systemd("user").filter(|_| written == "group");
            let span = places.systemd(written).or_else(of_user);
            let name = shown(key);
            let text = from.as_ref().map_or_else(
                || format!("{runs} without `{name}`"),
                |from| format!("{runs_with} `{}`", short(from)),
            );
            label(span.unwrap_or(places.cluster), text)
        }
        What::CommonName { .. } => {
            let client = client?;
            label(client.common_name.unwrap_or(client.name), String::new())
        }
        What::Several { .. } | What::Endpoints { .. } | What::Certificate(_) => None,
    }
}

/// Returns the port, where that is what changes; else what its URLs have as their host.
fn address(member: &MemberPlaces, from: &[String], to: &[String]) -> Span {
    let host = |urls: &[String]| {
        let url = urls.first()?.split_once("://")?.1;
        Some(url.rsplit_once(':')?.0.to_owned())
    };
    member.peer_port.filter(|_| host(from) == host(to)).unwrap_or(member.host)
}

/// Returns the place of the token, or else of the cluster: what is gone from the spec has no place of its own.
fn token_or_cluster(option: &str, written: Written<'_>) -> Span {
    if option == "initial-cluster-token" { written.places.token } else { written.places.cluster }
}

/// Cuts a value that is too long for the end of a line.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}
