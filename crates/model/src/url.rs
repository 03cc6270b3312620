//! etcd's URLs: a scheme, a host and a port, and nothing else.

use crate::name::HostName;
use crate::words::words;
use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A URL as etcd takes it in every `*-urls` option: an explicit port and no path (etcd,
/// `client/pkg/types/urls.go`). Members hash its text into their IDs, so it has one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {
    /// `https` where the connection is encrypted.
    pub scheme: Scheme,
    /// Where it goes.
    pub host: Host,
    /// The TCP port.
    pub port: u16,
}

/// The scheme of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Plain text.
    Http,
    /// TLS.
    Https,
}

/// The host of a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// An address; a listening URL always has one.
    Ip(IpAddr),
    /// A name, which every member and client must be able to resolve.
    Name(HostName),
}

impl Host {
    /// Returns an IPv4 host, for generated code.
    pub const fn v4(a: u8, b: u8, c: u8, d: u8) -> Self {
        Self::Ip(v4(a, b, c, d))
    }
}

/// Returns an IPv4 address, for generated code.
pub const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

/// Returns an IPv6 address from its 128 bits, for generated code.
pub const fn v6(bits: u128) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(bits))
}

/// Returns URLs with commas between them, as etcd and its clients take several.
pub fn joined(urls: &[&Url]) -> String {
    urls.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

words!(Scheme { Http = "http", Https = "https" });

/// Returns the host of a text, if that is a URL.
pub(crate) fn host_of(text: &str) -> Option<Host> {
    Url::parse(text).ok().map(|url| url.host)
}

impl Url {
    /// Returns its host and its port, without the scheme: `10.0.0.1:2379`, `[fd00::1]:2379`.
    pub fn address(&self) -> String {
        match &self.host {
            // `SocketAddr` puts an IPv6 address in brackets.
            Host::Ip(ip) => SocketAddr::new(*ip, self.port).to_string(),
            Host::Name(name) => format!("{name}:{}", self.port),
        }
    }

    /// Reads a URL in the one spelling that it has here: as [`Display`](fmt::Display) prints it.
    ///
    /// etcd is less strict (Go's `url.Parse`, then `types.NewURLs` in etcd's
    /// `client/pkg/types/urls.go`), and not in all releases alike: those that are built with an older
    /// Go take `[localhost]`, and `010.0.0.1` for `10.0.0.1`.
    ///
    /// # Errors
    /// Says what is not as it has to be, and how to write it.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, authority) = split_scheme(text)?;
        let (host, port) = split_port(text, authority)?;
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(inner) => Host::Ip(ipv6(text, inner)?),
            None => named_or_ipv4(host)?,
        };
        Ok(Self { scheme, host, port })
    }
}

/// A text that is not a URL as etcd takes it; written to be shown to the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// What is wrong; [`UrlError::help`] is for those who show it.
impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UrlError {}

fn error<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, UrlError> {
    Err(UrlError { message: message.into(), help: help.into() })
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), UrlError> {
    let Some((scheme, authority)) = text.split_once("://") else {
        let rest = text.strip_prefix("https:").or(text.strip_prefix("http:")).unwrap_or(text);
        let rest = rest.trim_start_matches('/');
        return error(format!("`{text}` is not a URL"), format!("write `https://{rest}`"));
    };
    match scheme {
        "http" => Ok((Scheme::Http, authority)),
        "https" => Ok((Scheme::Https, authority)),
        _ if ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => error(
            format!("`{scheme}` is a scheme in capitals"),
            format!("write `{}://{authority}`", scheme.to_ascii_lowercase()),
        ),
        _ => error(
            format!("`{text}` is neither http nor https"),
            format!("write `https://{authority}`"),
        ),
    }
}

fn split_port<'a>(text: &str, authority: &'a str) -> Result<(&'a str, u16), UrlError> {
    let end = authority.find(['/', '?', '#']).unwrap_or(authority.len());
    let start = authority[..end].rfind('@').map_or(0, |at| at + 1);
    let bare = &authority[start..end];
    if bare.len() < authority.len() {
        let without = text.replacen(authority, bare, 1);
        return error(
            format!("`{text}` has more than a scheme, a host and a port"),
            format!("write `{without}`"),
        );
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && host.starts_with('[') == host.ends_with(']') => {
            (host, port)
        }
        _ => {
            return error(
                format!("`{text}` has no port"),
                "etcd takes no default: write the port after the host, such as `:443`",
            );
        }
    };
    if host.is_empty() || host == "[]" {
        return error(
            format!("`{text}` has no host"),
            format!("write `127.0.0.1:{port}` after the scheme, for example"),
        );
    }
    if host.contains(':') && !host.starts_with('[') {
        return error(
            format!("`{text}` has an IPv6 address without brackets"),
            format!("write `[{host}]:{port}` after the scheme"),
        );
    }
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse() {
        Ok(number) if digits && (port == "0" || !port.starts_with('0')) => Ok((host, number)),
        _ => error(
            format!("`{port}` is not a port"),
            "a port is a number up to 65535, in digits alone and without a zero in front",
        ),
    }
}

fn ipv6(text: &str, inner: &str) -> Result<IpAddr, UrlError> {
    if let Some((address, _)) = inner.split_once('%') {
        return error(
            format!("`{text}` names the zone of an address, which etcd does not take"),
            format!(
                "leave it out if `{address}` means the same without it, else write another address of the machine"
            ),
        );
    }
    let Ok(ip) = inner.parse::<Ipv6Addr>() else {
        return error(
            format!("`[{inner}]` is not an IPv6 address"),
            "brackets are for IPv6 addresses alone: write `[fd00::12]`, `10.0.0.1` or a name",
        );
    };
    if ip.to_string() == inner {
        return Ok(ip.into());
    }
    error(format!("`[{inner}]` is not how this address is written"), format!("write `[{ip}]`"))
}

fn named_or_ipv4(host: &str) -> Result<Host, UrlError> {
    if let Ok(ip) = host.parse::<Ipv4Addr>() {
        return Ok(Host::Ip(ip.into()));
    }
    // What ends in a number is an address to a browser and to the C library, and to Go it is none.
    let last = host.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|c: char| c.is_ascii_digit()) && host.split('.').all(is_number) {
        return error(
            format!("`{host}` is not an IP address"),
            "write all four numbers, in decimal and without zeros in front: `10.0.0.1`",
        );
    }
    match HostName::parse(host) {
        Ok(name) => Ok(Host::Name(name)),
        Err(why) => error(
            format!("`{host}` is neither an IP address nor a host name"),
            format!("{why}; {}", "write `10.0.0.1`, `[fd00::12]` or `node.example`"),
        ),
    }
}

/// Tells whether the C library would take it for a part of an IPv4 address.
fn is_number(part: &str) -> bool {
    let hexadecimal = part.strip_prefix("0x").or(part.strip_prefix("0X"));
    hexadecimal.map_or_else(
        || !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()),
        |digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
    )
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.address())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => write!(f, "{ip}"),
            Self::Name(name) => write!(f, "{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_host_is_bracketed() {
        let ip = "fd00::12".parse().unwrap();
        let url = Url { scheme: Scheme::Https, host: Host::Ip(ip), port: 2379 };
        assert_eq!(url.to_string(), "https://[fd00::12]:2379");
    }

    #[test]
    fn a_url_has_one_spelling() {
        for text in [
            "http://127.0.0.1:2381",
            "https://[fd00::12]:2381",
            "http://[::ffff:127.0.0.1]:2381",
            "http://localhost:1",
            "https://3com.example:443",
        ] {
            assert_eq!(Url::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn another_spelling_is_told_the_right_one() {
        for (text, message, help) in [
            ("HTTP://10.0.0.1:1", "`HTTP` is a scheme in capitals", "write `http://10.0.0.1:1`"),
            (
                "ftp://10.0.0.1:1",
                "`ftp://10.0.0.1:1` is neither http nor https",
                "write `https://10.0.0.1:1`",
            ),
            ("10.0.0.1:1", "`10.0.0.1:1` is not a URL", "write `https://10.0.0.1:1`"),
            ("https:/10.0.0.1:1", "`https:/10.0.0.1:1` is not a URL", "write `https://10.0.0.1:1`"),
            (
                "http://u:p@10.0.0.1:1",
                "`http://u:p@10.0.0.1:1` has more than a scheme, a host and a port",
                "write `http://10.0.0.1:1`",
            ),
            (
                "http://10.0.0.1:1/?x#y",
                "`http://10.0.0.1:1/?x#y` has more than a scheme, a host and a port",
                "write `http://10.0.0.1:1`",
            ),
            ("http://[0:0::1]:1", "`[0:0::1]` is not how this address is written", "write `[::1]`"),
            (
                "http://[FD00::A]:1",
                "`[FD00::A]` is not how this address is written",
                "write `[fd00::a]`",
            ),
            (
                "http://::1:1",
                "`http://::1:1` has an IPv6 address without brackets",
                "write `[::1]:1` after the scheme",
            ),
        ] {
            let error = Url::parse(text).unwrap_err();
            assert_eq!((error.message.as_str(), error.help.as_str()), (message, help));
        }
    }

    #[test]
    fn what_is_no_host_or_no_port_is_refused() {
        for (text, message) in [
            ("http://a", "`http://a` has no port"),
            ("http://a:", "`http://a:` has no port"),
            ("http://[::1]", "`http://[::1]` has no port"),
            ("http://[::1:1", "`http://[::1:1` has no port"),
            ("http://:1", "`http://:1` has no host"),
            ("http://a:+80", "`+80` is not a port"),
            ("http://a:080", "`080` is not a port"),
            ("http://a:65536", "`65536` is not a port"),
            ("http://a:80\\b", "`80\\b` is not a port"),
            ("http://[foo]:1", "`[foo]` is not an IPv6 address"),
            ("http://[10.0.0.1]:1", "`[10.0.0.1]` is not an IPv6 address"),
            (
                "http://[fe80::1%2]:1",
                "`http://[fe80::1%2]:1` names the zone of an address, which etcd does not take",
            ),
            ("http://127.1:1", "`127.1` is not an IP address"),
            ("http://010.0.0.1:1", "`010.0.0.1` is not an IP address"),
            ("http://0x7f.0.0.1:1", "`0x7f.0.0.1` is not an IP address"),
            ("http://2130706433:1", "`2130706433` is not an IP address"),
            ("http://a b:1", "`a b` is neither an IP address nor a host name"),
            ("http://a%b:1", "`a%b` is neither an IP address nor a host name"),
            ("http://a\\b:1", "`a\\b` is neither an IP address nor a host name"),
        ] {
            assert_eq!(Url::parse(text).unwrap_err().message, message);
        }
    }
}
