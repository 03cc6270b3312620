//! Which CAs are trusted and which of them issues: the part of a cluster that a CA rotation moves
//! through its phases.

use std::borrow::Cow;

/// The CAs of one side of a cluster, by their numbers. A number names a CA for good: its
/// successor has another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The CA that issues; one of those that are trusted.
    pub issue: u32,
    /// The CAs that are trusted, in ascending order, each once.
    pub trust: Cow<'static, [u32]>,
}

/// Those who show certificates to each other. Each side has CAs of its own, which may be the same
/// ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Clients and members: `ca.crt`.
    ///
    /// The server certificate belongs here, and etcd's JSON gateway shows it to its own listener,
    /// so that clients and servers cannot have different CAs.
    Clients,
    /// Members among each other: `ca.crt`, or `peer-ca.crt` where other CAs are trusted.
    Peers,
}

/// The folder of requests to CAs whose key is elsewhere, below `out/`.
pub const REQUESTS: &str = "pki/requests";

/// The list of revoked certificates that such a CA has signed, below `out/`.
pub const SIGNED_LIST: &str = "pki/requests/revoked.crl";

/// Returns the file of a CA's certificate and key below `out/`, without its ending.
pub fn ca_place(number: u32) -> String {
    if number == 1 { "pki/ca".to_owned() } else { format!("pki/ca-{number}") }
}

/// Returns the number of the CA whose file that is.
pub fn ca_number(place: &str) -> Option<u32> {
    let digits = match place.strip_prefix("pki/ca")? {
        "" => return Some(1),
        rest => rest.strip_prefix('-')?,
    };
    let plain = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|number| plain && *number > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_ca_tells_its_number() {
        for number in [1, 2, 10, u32::MAX] {
            assert_eq!(ca_number(&ca_place(number)), Some(number));
        }
        for other in ["pki/ca-", "pki/ca-1", "pki/ca-02", "pki/ca-x", "pki/cat", "pki/issued", "ca"]
        {
            assert_eq!(ca_number(other), None, "{other}");
        }
    }
}
