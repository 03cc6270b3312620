//! The edge: whether a process takes a connection where a member was.

use bouquet_model::url::Url;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::thread;
use std::time::Duration;

/// How long a process has to take it.
const WITHIN: Duration = Duration::from_secs(2);

/// Returns the members, with their URLs, at whose ports a process takes a connection.
pub(super) fn taken(places: &[(String, Url)]) -> Vec<(String, Url)> {
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
