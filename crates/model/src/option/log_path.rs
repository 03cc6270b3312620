//! The path of a log, where the library that writes it takes it for a URL.

use crate::diagnostic::Diagnostic;

/// Returns the error for the path of a log that zap takes for a URL: another file, or none. It does
/// so before etcd 3.6, and where logs are rotated (`newSink` in zap's `sink.go`, `setupLogging` in
/// etcd's `embed/config_logging.go`).
pub fn misread_log_path(path: &str) -> Option<Diagnostic> {
    let at = path.find(['?', '#', '%'])?;
    let plain = path.replace("%20", "_").replace(['?', '#', '%'], "_");
    Some(
        Diagnostic::error(format!("etcd reads the log's path `{path}` as a URL"))
            .note(match &path[at..=at] {
                "%" => "`%` and two digits are one character of it, and nothing else can follow",
                _ => "a path ends at `?` and `#`",
            })
            .help(format!("write `{plain}`, for example")),
    )
}

#[cfg(test)]
mod tests {
    use super::misread_log_path;

    #[test]
    fn what_ends_or_changes_a_path_in_a_url_is_told() {
        for path in ["/var/log/a b.log", "/var/log/\u{e4}\\x", "/var//log"] {
            assert_eq!(misread_log_path(path), None, "{path}");
        }
        for (path, help) in [
            ("/var/log/a?b.log", "write `/var/log/a_b.log`, for example"),
            ("/var/log/a#b.log", "write `/var/log/a_b.log`, for example"),
            ("/var/log/a%20b.log", "write `/var/log/a_b.log`, for example"),
            ("/var/log/100%", "write `/var/log/100_`, for example"),
        ] {
            assert_eq!(misread_log_path(path).expect(path).help, [help]);
        }
    }
}
