//! `ssh`: a destination of the system's own `ssh`, which takes it as a word of its command line.

use super::text;
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::spec::Spanned;
use std::net::Ipv6Addr;

const FORM: &str =
    "write `admin@192.168.65.101`, a host's name, or one that `ssh_config` has as `Host`";

const PORT: &str =
    "a port goes into `ssh_config`: `Port` below a `Host`, whose name is written here";

/// Returns the destination, if it is one.
pub(super) fn destination(written: &Spanned<String>, found: &mut Diagnostics) -> Option<String> {
    let text = text::printable(written, "ssh", found)?;
    let Some((message, help)) = fault(&text) else { return Some(text) };
    found.push(Diagnostic::error(message).at(written.span, "").help(help));
    None
}

/// Returns what is wrong with it, and what to write.
fn fault(text: &str) -> Option<(String, &'static str)> {
    let shown = quoted(text);
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, text),
    };
    if text.is_empty() {
        return Some(("`ssh` names no host".to_owned(), "leave it out where there is no `ssh`"));
    }
    if text.contains("://") {
        return Some((format!("{shown} is a URL, and `ssh` takes a destination"), FORM));
    }
    if text.contains(char::is_whitespace) {
        return Some((format!("{shown} is more than one word"), FORM));
    }
    if text.starts_with('-') || host.starts_with('-') {
        return Some((format!("{shown} would be an option of ssh's"), FORM));
    }
    if host.is_empty() || user == Some("") {
        let lacks = if host.is_empty() { "host" } else { "user" };
        return Some((format!("{shown} names no {lacks}"), FORM));
    }
    (host.contains(':') && !is_ipv6(host))
        .then(|| (format!("{shown} is neither a host's name nor an address"), PORT))
}

/// Tells whether a host is an IPv6 address. It may have a zone, and brackets, which ssh takes off.
fn is_ipv6(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let address = inside.split_once('%').map_or(inside, |(address, _)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ssh_takes_as_a_destination_is_one() {
        for fine in [
            "admin@192.168.65.101",
            "192.168.65.101",
            "pink",
            "pink.zyxasr.io",
            "pink_of-rack-7",
            "admin@pink",
            "admin@corp@pink",
            "fd00::12",
            "root@fe80::1%eth0",
            "root@[fd00::12]",
        ] {
            assert_eq!(fault(fine), None);
        }
    }

    #[test]
    fn what_it_would_take_for_something_else_is_refused() {
        for (wrong, message) in [
            ("", "`ssh` names no host"),
            ("ssh://pink:22", "`ssh://pink:22` is a URL, and `ssh` takes a destination"),
            ("pink uptime", "`pink uptime` is more than one word"),
            ("pink\u{a0}", "`pink\u{a0}` is more than one word"),
            ("-oProxyCommand=reboot", "`-oProxyCommand=reboot` would be an option of ssh's"),
            ("admin@-F", "`admin@-F` would be an option of ssh's"),
            ("admin@", "`admin@` names no host"),
            ("@pink", "`@pink` names no user"),
            ("pink:22", "`pink:22` is neither a host's name nor an address"),
            ("root@10.0.0.1:22", "`root@10.0.0.1:22` is neither a host's name nor an address"),
            ("[fd00::12]:22", "`[fd00::12]:22` is neither a host's name nor an address"),
        ] {
            assert_eq!(fault(wrong).map(|(message, _)| message).as_deref(), Some(message));
        }
    }
}
