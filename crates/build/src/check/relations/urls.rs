//! Options that hold further URLs to listen on.

use super::subject::Placed;
use bouquet_model::listener::Listener;
use std::borrow::Cow;

/// Where metrics are read.
pub(super) const METRICS: &str = "listen-metrics-urls";

/// Where clients speak HTTP, if it is not the port of gRPC.
pub(super) const HTTP: &str = "listen-client-http-urls";

/// Returns the URLs of such an option as they are written, and what they are. All of them are there: the
/// options table has accepted them.
pub(super) fn listeners(
    placed: Placed<'_>,
    option: &str,
) -> impl Iterator<Item = (Cow<'static, str>, Listener)> + use<> {
    let read = |url: Cow<'static, str>| Listener::parse(&url).ok().map(|listener| (url, listener));
    placed.list(option).into_iter().filter_map(read)
}
