//! Where a member listens: on a socket of TCP or of Unix.

use crate::name::HostName;
use crate::url::{Host, Scheme, Url, UrlError};
use core::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The longest path of a Unix socket: Linux has 108 bytes for it, of which the last is 0
/// (`sockaddr_un` in unix(7)).
const LONGEST_PATH: usize = 107;

/// A URL that etcd can listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Whether the connection is encrypted: `https` and `unixs`.
    pub tls: bool,
    /// Where it listens.
    pub socket: Socket,
}

/// Names what can be open once on a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Socket {
    /// An address and a port. An IPv4 address that was written as IPv6 is the IPv4 address, as it is
    /// to Go and to the kernel, and `localhost` is 127.0.0.1.
    Tcp(SocketAddr),
    /// The absolute path of a Unix socket.
    Unix(String),
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "{path}"),
        }
    }
}

impl Listener {
    /// Reads a URL as `checkBindURLs` in etcd's `embed/config.go` takes it, and as Linux can bind it.
    ///
    /// # Errors
    /// Says what cannot be listened on, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if let Some((scheme @ ("unix" | "unixs"), path)) = text.split_once(':') {
            return unix(text, path)
                .map(|path| Self { tls: scheme == "unixs", socket: Socket::Unix(path) });
        }
        let url = Url::parse(text)?;
        let refuse = |message: String, help: String| Err(UrlError { message, help });
        let ip = match &url.host {
            Host::Ip(ip) => ip.to_canonical(),
            Host::Name(name) if *name == LOCALHOST => Ipv4Addr::LOCALHOST.into(),
            Host::Name(_) => {
                return refuse(
                    format!("`{text}` does not name an IP address"),
                    "etcd listens on IP addresses and on `localhost` only".to_owned(),
                );
            }
        };
        if url.port == 0 {
            return refuse(
                format!("`{text}` listens on port 0, which is another port at every start"),
                "write a port from 1 to 65535".to_owned(),
            );
        }
        let link_local = matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local());
        if link_local {
            return refuse(
                format!("`{ip}` is a link-local address"),
                "it means nothing without its interface, which etcd does not take: write another address of the machine".to_owned(),
            );
        }
        let broadcast = matches!(ip, IpAddr::V4(ip) if ip.is_broadcast());
        if ip.is_multicast() || broadcast {
            return refuse(
                format!("`{ip}` is an address of many machines"),
                "write an address that the machine alone has, or `127.0.0.1`".to_owned(),
            );
        }
        let socket = Socket::Tcp(SocketAddr::new(ip, url.port));
        Ok(Self { tls: url.scheme == Scheme::Https, socket })
    }
}

const LOCALHOST: HostName = HostName::from_static("localhost");

/// Returns a socket's path. etcd takes host and path together for it, percent signs decoded (`resolveURL` in etcd's
/// `embed/etcd.go`), and a relative one from wherever it is started.
fn unix(text: &str, rest: &str) -> Result<String, UrlError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let scheme = &text[..text.len() - rest.len()];
    let (message, help) = if !path.starts_with('/') || rest == path {
        let absolute = path.trim_start_matches('/');
        let message = format!("`{text}` does not have the path of a socket behind `{scheme}//`");
        (message, format!("write `{scheme}///{absolute}`, with an absolute path"))
    } else if let Some(c) = path.chars().find(|c| ['?', '#', '%', '\\'].contains(c)) {
        let message = format!(
            "the path of the socket `{text}` holds `{c}`, which a URL reads as something else"
        );
        (message, "write a path of letters, digits, `-`, `_`, `.` and `/`".to_owned())
    } else if path.ends_with('/') || path.split('/').any(|part| part == "..") {
        let message = format!("`{path}` is not the path of a socket");
        (
            message,
            "write the path of a file that etcd makes, such as `/run/etcd/http.sock`".to_owned(),
        )
    } else if path.len() > LONGEST_PATH {
        let message = format!(
            "the path of the socket has {} bytes, and Linux takes {LONGEST_PATH}",
            path.len()
        );
        (message, "write a shorter path, such as `/run/etcd/http.sock`".to_owned())
    } else {
        return Ok(path.to_owned());
    };
    Err(UrlError { message, help })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        Listener::parse(text).unwrap_err().message
    }

    #[test]
    fn addresses_localhost_and_unix_sockets_can_be_listened_on() {
        for (text, tls, address) in [
            ("http://127.0.0.1:2381", false, "127.0.0.1:2381"),
            ("https://[fd00::12]:2381", true, "[fd00::12]:2381"),
            ("http://localhost:2381", false, "127.0.0.1:2381"),
            ("http://[::ffff:10.0.0.1]:2381", false, "10.0.0.1:2381"),
        ] {
            let socket = Socket::Tcp(address.parse().unwrap());
            assert_eq!(Listener::parse(text), Ok(Listener { tls, socket }), "{text}");
        }
        let socket = Socket::Unix("/run/etcd/h.sock".to_owned());
        assert_eq!(Listener::parse("unixs:///run/etcd/h.sock"), Ok(Listener { tls: true, socket }));
    }

    #[test]
    fn what_etcd_or_linux_refuses_to_listen_on_is_refused() {
        for (text, why) in [
            ("http://node:2381", "`http://node:2381` does not name an IP address"),
            ("http://LOCALHOST:2381", "`http://LOCALHOST:2381` does not name an IP address"),
            (
                "http://127.0.0.1:0",
                "`http://127.0.0.1:0` listens on port 0, which is another port at every start",
            ),
            ("http://[fe80::1]:1", "`fe80::1` is a link-local address"),
            ("http://[ff02::1]:1", "`ff02::1` is an address of many machines"),
            ("http://255.255.255.255:1", "`255.255.255.255` is an address of many machines"),
            (
                "unix://sock:1",
                "`unix://sock:1` does not have the path of a socket behind `unix://`",
            ),
            ("unix:/run/s", "`unix:/run/s` does not have the path of a socket behind `unix://`"),
            ("unix://", "`unix://` does not have the path of a socket behind `unix://`"),
            ("unix:///run/", "`/run/` is not the path of a socket"),
            ("unix:///run/../s", "`/run/../s` is not the path of a socket"),
            (
                "unix:///run/a%20b",
                "the path of the socket `unix:///run/a%20b` holds `%`, which a URL reads as something else",
            ),
        ] {
            assert_eq!(message(text), why);
        }
        let path = |length: usize| format!("unix:///{}", "x".repeat(length - 1));
        assert!(Listener::parse(&path(107)).is_ok());
        assert_eq!(
            message(&path(108)),
            "the path of the socket has 108 bytes, and Linux takes 107"
        );
    }
}
