//! The options that TLS takes, by side.

use crate::trust::Side;

/// Towards clients.
const OF_CLIENTS: [&str; 5] =
    ["cert-file", "key-file", "trusted-ca-file", "client-cert-auth", "client-crl-file"];

/// Among members.
const OF_PEERS: [&str; 5] = [
    "peer-cert-file",
    "peer-key-file",
    "peer-trusted-ca-file",
    "peer-client-cert-auth",
    "peer-crl-file",
];

/// Returns the options that TLS takes on a side.
pub(crate) const fn options_of(side: Side) -> &'static [&'static str] {
    match side {
        Side::Clients => &OF_CLIENTS,
        Side::Peers => &OF_PEERS,
    }
}

/// Returns those of both sides that name a file of `certs-dir`.
pub(crate) fn files() -> impl Iterator<Item = &'static str> {
    OF_CLIENTS.iter().chain(&OF_PEERS).copied().filter(|option| option.ends_with("-file"))
}
