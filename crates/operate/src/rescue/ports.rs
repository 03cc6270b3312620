//! The edge: whether a process takes a connection where a member was.

use bouquet_model::Cluster;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use bouquet_model::url::Url;
use std::collections::BTreeSet;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::thread;
use std::time::Duration;

/// How long a process has to take it.
const WITHIN: Duration = Duration::from_secs(2);

/// Checks that nobody takes a connection where members were that are said to be lost.
///
/// That holds whatever they answer, or refuse to: etcd that listens has its data, and may be what keeps the quorum.
///
/// # Errors
/// If a process does.
pub(super) fn are_gone(
    cluster: &Cluster,
    running: &Running,
    lost: &BTreeSet<String>,
    program: &str,
) -> Result<(), Diagnostic> {
    let taken = taken(&places(cluster, running, |name| lost.contains(name)));
    let names: BTreeSet<&str> = taken.iter().map(|(name, _)| name.as_str()).collect();
    let (take, are) = if names.len() == 1 { ("takes", "is") } else { ("take", "are") };
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let message = format!("{names} {take} connections, and {are} said to be lost");
    refused(&taken, &message).map_err(|problem| {
        problem
            .help(format!(
                "a member that runs is not lost: leave out its `--lost`, and see `{program} status`"
            ))
            .help(
                "if another process has its port, or its data is not to go on: end it, and see that it does \
                 not start again; then the same again",
            )
    })
}

/// Checks that nobody takes a connection where the others were: one that runs might still take writes.
///
/// # Errors
/// If a process does.
pub(super) fn are_silent(
    cluster: &Cluster,
    running: &Running,
    name: &str,
) -> Result<(), Diagnostic> {
    let taken = taken(&places(cluster, running, |other| other != name));
    refused(&taken, "a process takes connections at the addresses of other members").map_err(|it| {
        it.note("no data was changed")
            .help(
                "if it is a member of the former cluster: end it, and see that it does not start \
                 again, by `systemctl disable --now` of its unit; then the same again",
            )
            .help(
                "if it is the cluster that an earlier rescue made of this one: take the cluster.lock \
                 in which that is recorded, and build",
            )
    })
}

fn refused(taken: &[(String, Url)], message: &str) -> Result<(), Diagnostic> {
    if taken.is_empty() {
        return Ok(());
    }
    let places = taken.iter().map(|(name, url)| format!("{name}: {url}"));
    Err(places.fold(Diagnostic::error(message), Diagnostic::note))
}

/// Returns where members are compiled to be, and where they are recorded.
fn places(
    cluster: &Cluster,
    running: &Running,
    is_meant: impl Fn(&str) -> bool,
) -> Vec<(String, Url)> {
    let compiled = cluster.members.iter().flat_map(|member| {
        let urls = member.initial_advertise_peer_urls.iter().chain(&*member.advertise_client_urls);
        urls.map(|url| (member.name.to_string(), url.clone()))
    });
    let recorded = running.members.iter().flat_map(|(name, is)| {
        let options = ["initial-advertise-peer-urls", "advertise-client-urls"];
        let urls = options.into_iter().flat_map(|option| is.urls(option));
        urls.filter_map(|url| Some((name.clone(), Url::parse(url).ok()?)))
    });
    let mut places: Vec<(String, Url)> =
        compiled.chain(recorded).filter(|(name, _)| is_meant(name)).collect();
    places.sort();
    places.dedup();
    places
}

/// Returns the members, with their URLs, at whose ports a process takes a connection.
fn taken(places: &[(String, Url)]) -> Vec<(String, Url)> {
    let ask = |(name, url): &(String, Url)| {
        let (name, url) = (name.clone(), url.clone());
        thread::spawn(move || takes(&url).then_some((name, url)))
    };
    let asked: Vec<_> = places.iter().map(ask).collect();
    asked.into_iter().filter_map(|thread| thread.join().ok().flatten()).collect()
}

fn takes(url: &Url) -> bool {
    let place = (url.host.to_string(), url.port);
    let place = (place.0.trim_matches(['[', ']']), place.1);
    let Ok(mut addresses) = place.to_socket_addrs() else { return false };
    addresses.any(|address| TcpStream::connect_timeout(&address, WITHIN).is_ok())
}
