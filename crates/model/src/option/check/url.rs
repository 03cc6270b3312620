//! URLs in the form that etcd takes them in lists.

use std::net::SocketAddr;

use crate::diagnostic::Diagnostic;

/// A URL that etcd can listen on (`types.NewURLs`, then `checkBindURLs`).
pub(super) fn to_listen_on(text: &str) -> Result<(), Diagnostic> {
    let authority = match after_scheme(text)? {
        Scheme::Unix => return Ok(()),
        Scheme::Http(authority) => authority,
    };
    let (host, port) = host_and_port(text, authority)?;
    if port == 0 {
        return Err(Diagnostic::error(format!(
            "`{text}` listens on port 0, which is another port at every start"
        )));
    }
    if host == "localhost" || authority.parse::<SocketAddr>().is_ok() {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{text}` does not name an IP address"))
        .help("etcd listens on IP addresses and on `localhost` only"))
}

/// A web origin as `--cors` takes it, which reads it like a URL of its own (`types.NewURLs`).
pub(super) fn origin(text: &str) -> Result<(), Diagnostic> {
    match after_scheme(text)? {
        Scheme::Http(authority) => host_and_port(text, authority).map(|_| ()),
        Scheme::Unix => Err(Diagnostic::error(format!("`{text}` is not the origin of a web page"))),
    }
}

enum Scheme<'a> {
    Http(&'a str),
    Unix,
}

fn after_scheme(text: &str) -> Result<Scheme<'_>, Diagnostic> {
    match text.split_once("://") {
        Some(("http" | "https", authority)) => Ok(Scheme::Http(authority)),
        Some(("unix" | "unixs", socket)) if !socket.is_empty() => Ok(Scheme::Unix),
        Some(_) => Err(Diagnostic::error(format!("`{text}` is neither http nor https"))),
        None => Err(Diagnostic::error(format!("`{text}` is not a URL"))
            .help(format!("write `https://{text}`"))),
    }
}

fn host_and_port<'a>(text: &str, authority: &'a str) -> Result<(&'a str, u16), Diagnostic> {
    if let Some(at) = authority.find(['/', '?', '#', '@']) {
        let part = &authority[at..];
        let without = text.replacen(part, "", 1);
        return Err(Diagnostic::error(format!(
            "`{text}` has more than a scheme, a host and a port"
        ))
        .help(format!("write `{without}`")));
    }
    let no_port = || {
        Diagnostic::error(format!("`{text}` has no port"))
            .help("etcd takes no default: write the port after the host, such as `:443`")
    };
    let (host, port) = authority.rsplit_once(':').ok_or_else(no_port)?;
    if host.starts_with('[') != host.ends_with(']') {
        return Err(no_port());
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.is_empty() {
        return Err(Diagnostic::error(format!("`{text}` has no host")));
    }
    if bare.contains(':') && !host.starts_with('[') {
        return Err(Diagnostic::error(format!("`{text}` has an IPv6 address without brackets")));
    }
    port.parse().map(|port| (host, port)).map_err(|_| no_port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(checked: Result<(), Diagnostic>) -> String {
        checked.expect_err("should be refused").message
    }

    #[test]
    fn addresses_and_localhost_can_be_listened_on() {
        for text in [
            "http://127.0.0.1:2381",
            "https://[fd00::12]:2381",
            "http://localhost:2381",
            "unix://sock:1",
            "http://0.0.0.0:1",
        ] {
            assert_eq!(to_listen_on(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_etcd_refuses_to_listen_on_is_refused() {
        for (text, why) in [
            ("http://node:2381", "`http://node:2381` does not name an IP address"),
            ("http://127.0.0.1", "`http://127.0.0.1` has no port"),
            ("http://[::1]", "`http://[::1]` has no port"),
            ("http://[::1:2381", "`http://[::1:2381` has no port"),
            ("http://::1:2381", "`http://::1:2381` has an IPv6 address without brackets"),
            (
                "http://127.0.0.1:2381/",
                "`http://127.0.0.1:2381/` has more than a scheme, a host and a port",
            ),
            ("ftp://127.0.0.1:2381", "`ftp://127.0.0.1:2381` is neither http nor https"),
            ("127.0.0.1:2381", "`127.0.0.1:2381` is not a URL"),
            ("http://:2381", "`http://:2381` has no host"),
            ("http://127.0.0.1:99999", "`http://127.0.0.1:99999` has no port"),
            (
                "http://127.0.0.1:0",
                "`http://127.0.0.1:0` listens on port 0, which is another port at every start",
            ),
        ] {
            assert_eq!(message(to_listen_on(text)), why);
        }
    }

    #[test]
    fn origins_need_a_port_because_etcd_splits_one_off() {
        assert_eq!(origin("https://ui.example.org:443"), Ok(()));
        assert_eq!(
            message(origin("https://ui.example.org")),
            "`https://ui.example.org` has no port"
        );
        assert_eq!(message(origin("unix://sock")), "`unix://sock` is not the origin of a web page");
    }
}
