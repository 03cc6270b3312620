//! URLs in lists: to listen on, and origins of web pages.

use crate::diagnostic::Diagnostic;
use crate::listener::Listener;
use crate::url::{Url, UrlError};

pub(super) fn to_listen_on(text: &str) -> Result<(), Diagnostic> {
    Listener::parse(text).map(|_| ()).map_err(refused)
}

pub(super) fn to_serve_metrics_on(text: &str) -> Result<(), Diagnostic> {
    if text.starts_with("unix:") || text.starts_with("unixs:") {
        return Err(Diagnostic::error(format!("etcd serves no metrics on `{text}`"))
            .note("it ignores the path, and listens on a socket with a name by chance, open to every user of the machine")
            .help("write `http://127.0.0.1:2381`, for example"));
    }
    to_listen_on(text)
}

/// A web origin as `--cors` takes it, which reads it like a URL of its own (`types.NewURLs`), and as
/// a browser sends it: etcd compares the texts. Browsers know hosts with `_` in their names.
pub(super) fn origin(text: &str) -> Result<(), Diagnostic> {
    if text.starts_with("unix:") || text.starts_with("unixs:") {
        return Err(Diagnostic::error(format!("`{text}` is not the origin of a web page"))
            .help("write `http://` or `https://`, a host and a port"));
    }
    Url::parse(text)
        .or_else(|error| Url::parse(&text.replace('_', "-")).map_err(|_| error))
        .map_err(refused)?;
    let lower = text.to_ascii_lowercase();
    if lower == text {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{text}` has capitals, and no browser sends any in an origin"))
        .help(format!("write `{lower}`")))
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
        assert_eq!(to_serve_metrics_on("http://127.0.0.1:2381"), Ok(()));
        for text in ["unix:///run/m.sock", "unixs:///run/m.sock", "unix://sock:1"] {
            assert_eq!(
                message(to_serve_metrics_on(text)),
                format!("etcd serves no metrics on `{text}`")
            );
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
