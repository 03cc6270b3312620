//! Where a member listens.

use bouquet_model::Member;
use bouquet_model::listener::{Listener, Socket};
use bouquet_model::option::Value;
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// Returns the sockets of TCP that the member listens on.
pub(crate) fn listeners(member: &Member) -> BTreeSet<SocketAddr> {
    let urls = member.listen_peer_urls.iter().chain(member.listen_client_urls.iter());
    let further = ["listen-metrics-urls", "listen-client-http-urls"];
    let further = further.into_iter().filter_map(|name| match member.option(name)? {
        Value::List(urls) => Some(urls.iter().map(ToString::to_string).collect::<Vec<_>>()),
        _ => None,
    });
    let texts = urls.map(ToString::to_string).chain(further.flatten());
    let sockets = texts.filter_map(|text| Some(Listener::parse(&text).ok()?.socket));
    sockets
        .filter_map(|socket| match socket {
            Socket::Tcp(address) => Some(address),
            Socket::Unix(_) => None,
        })
        .collect()
}
