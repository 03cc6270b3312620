//! URLs in lists: to listen on, and origins of web pages.

use crate::diagnostic::Diagnostic;
use crate::listener::{Listener, Socket};
use crate::option::versions::Versions;
use crate::url::{Url, UrlError};
use crate::version::{EtcdVersion, Minor};

/// The releases that take the path of a Unix socket: before, `types.NewURLs` wanted a host and a port
/// even there.
const UNIX: Versions = Versions::since(Minor::V3_5).from(Minor::V3_5, 13);

pub(super) fn to_listen_on(text: &str, version: EtcdVersion) -> Result<(), Diagnostic> {
    let listener = Listener::parse(text).map_err(refused)?;
    match (listener.socket, UNIX.next(version)) {
        (Socket::Unix(_), Some(since)) if !UNIX.contains(version) => Err(Diagnostic::error(
            format!("etcd {version} takes no path of a Unix socket: `{text}`"),
        )
        .help(format!(
            "write an address and a port, or `etcd = \"{since}\"` or later if that is what runs"
        ))),
        _ => Ok(()),
    }
}

pub(super) fn to_serve_metrics_on(text: &str, version: EtcdVersion) -> Result<(), Diagnostic> {
    if text.starts_with("unix:") || text.starts_with("unixs:") {
        return Err(Diagnostic::error(format!("etcd serves no metrics on `{text}`"))
            .note("it ignores the path, and listens on a socket with a name by chance, open to every user of the machine")
            .help("write `http://127.0.0.1:2381`, for example"));
    }
    to_listen_on(text, version)
}

/// Checks a web origin as `--cors` takes it, which reads it like a URL of its own (`types.NewURLs`), and as a
/// browser sends it: etcd compares the texts. Browsers know hosts with `_` in their names.
pub(super) fn origin(text: &str) -> Result<(), Diagnostic> {
    if text.starts_with("unix:") || text.starts_with("unixs:") {
        return Err(Diagnostic::error(format!("`{text}` is not the origin of a web page"))
            .help("write `http://` or `https://`, a host and a port"));
    }
    let as_dns = text.replace('_', "-");
    if Url::parse(&as_dns).is_err() && Url::parse(&format!("{as_dns}:1")).is_ok() {
        return Err(no_browser_sends(Diagnostic::error(format!("`{text}` has no port"))));
    }
    Url::parse(text).or_else(|error| Url::parse(&as_dns).map_err(|_| error)).map_err(refused)?;
    let lower = text.to_ascii_lowercase();
    if lower == text {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{text}` has capitals, and no browser sends any in an origin"))
        .help(format!("write `{lower}`")))
}

/// Adds why no origin at the port of its scheme can be named: browsers leave that port out, etcd
/// demands one, and compares the texts (`OriginAllowed` in etcd's
/// `etcdserver/server_access_control.go`; RFC 6454, section 6.2).
pub(in crate::option) fn no_browser_sends(finding: Diagnostic) -> Diagnostic {
    finding
        .note("browsers leave out the port that is the scheme's own, and etcd compares the texts")
        .help("serve the page from another port, or write `cors = [\"*\"]`")
}

fn refused(error: UrlError) -> Diagnostic {
    Diagnostic::error(error.message).help(error.help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(checked: Result<(), Diagnostic>) -> String {
        checked.expect_err("should be refused").message
    }

    #[test]
    fn metrics_are_served_over_tcp_alone() {
        let version = EtcdVersion::new(Minor::V3_7, None);
        assert_eq!(to_serve_metrics_on("http://127.0.0.1:2381", version), Ok(()));
        for text in ["unix:///run/m.sock", "unixs:///run/m.sock", "unix://sock:1"] {
            assert_eq!(
                message(to_serve_metrics_on(text, version)),
                format!("etcd serves no metrics on `{text}`")
            );
        }
    }

    #[test]
    fn unix_sockets_have_a_path_since_3_5_13() {
        let on = |minor, patch| to_listen_on("unixs:///run/s", EtcdVersion::new(minor, patch));
        assert_eq!(on(Minor::V3_5, Some(13)), Ok(()));
        assert_eq!(on(Minor::V3_6, None), Ok(()));
        for (minor, patch) in
            [(Minor::V3_4, Some(45)), (Minor::V3_5, Some(12)), (Minor::V3_5, None)]
        {
            let why = format!(
                "etcd {} takes no path of a Unix socket: `unixs:///run/s`",
                EtcdVersion::new(minor, patch)
            );
            assert_eq!(message(on(minor, patch)), why);
        }
    }

    #[test]
    fn origins_are_as_browsers_send_them_with_the_port_that_etcd_demands() {
        for text in ["https://ui.example.org:8443", "http://my_ui:8080", "http://[::1]:8080"] {
            assert_eq!(origin(text), Ok(()), "{text}");
        }
        for (text, why) in [
            ("https://ui.example.org", "`https://ui.example.org` has no port"),
            ("unix://sock", "`unix://sock` is not the origin of a web page"),
            ("null", "`null` is not a URL"),
            (
                "http://UI:8080",
                "`http://UI:8080` has capitals, and no browser sends any in an origin",
            ),
            ("http://exa mple:80", "`exa mple` is neither an IP address nor a host name"),
            ("https://a\\b:443", "`a\\b` is neither an IP address nor a host name"),
        ] {
            assert_eq!(message(origin(text)), why);
        }
    }
}
