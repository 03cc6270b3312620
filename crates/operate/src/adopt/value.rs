//! The value of an option, as etcd takes a text for it.

use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::listener::{Listener, Socket};
use bouquet_model::node_path::NodePath;
use bouquet_model::option::{EtcdOption, GoDuration, Item, Kind, Raw, Value};
use bouquet_model::url::Url;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeSet;

/// Returns what a build takes for a text that a flag or variable has.
///
/// # Errors
/// If a build refuses that value, in its words.
pub(super) fn value(
    option: &EtcdOption,
    text: &str,
    version: EtcdVersion,
) -> Result<Value, Diagnostic> {
    let entries: Vec<&str>;
    let raw = match option.kind() {
        Kind::Bool => go_bool(text).map_or(Raw::Str(text), Raw::Bool),
        Kind::Int(_) | Kind::Size(_) => go_int(text).map_or(Raw::Str(text), Raw::Int),
        Kind::List { many, .. } => {
            entries = if many.contains(version) { text.split(',').collect() } else { vec![text] };
            Raw::List(&entries)
        }
        _ => Raw::Str(text),
    };
    option.check(raw, version)
}

/// Returns a text in the one form in which two of them are compared: the same, where etcd takes both for the same.
pub(super) fn normal(option: &EtcdOption, text: &str) -> String {
    match option.kind() {
        Kind::Bool => go_bool(text).map_or_else(|| text.to_owned(), |value| value.to_string()),
        Kind::Int(_) | Kind::Size(_) => {
            go_int(text).map_or_else(|| text.to_owned(), |value| value.to_string())
        }
        Kind::Duration(_) => {
            GoDuration::parse(text).map_or_else(|_| text.to_owned(), |value| value.to_string())
        }
        Kind::Path => {
            NodePath::parse(text).map_or_else(|_| text.to_owned(), |path| path.to_string())
        }
        Kind::List { item: Item::ListenUrl | Item::MetricsUrl, .. } => {
            let all: BTreeSet<String> = text.split(',').map(place).collect();
            all.into_iter().collect::<Vec<_>>().join(",")
        }
        _ => text.to_owned(),
    }
}

/// Returns a URL by the socket that it leads to: `localhost` is 127.0.0.1 to etcd.
fn place(text: &str) -> String {
    let Ok(url) = Url::parse(text) else { return text.to_owned() };
    match Listener::parse(text) {
        Ok(Listener { socket: Socket::Tcp(address), .. }) => format!("{}://{address}", url.scheme),
        _ => url.to_string(),
    }
}

/// Reads what Go's `strconv.ParseBool` does.
fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// Reads a number as Go's flags do, in decimal or behind `0x`.
fn go_int(text: &str) -> Option<i64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => text.strip_prefix('+').unwrap_or(text).parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_model::option::find;

    #[test]
    fn texts_are_compared_as_etcd_takes_them() {
        for (name, one, other) in [
            ("pre-vote", "T", "true"),
            ("quota-backend-bytes", "0x200000000", "8589934592"),
            ("grpc-keepalive-interval", "120m", "2h0m0s"),
            ("data-dir", "/var//lib/etcd/", "/var/lib/etcd"),
            (
                "listen-client-urls",
                "https://localhost:2379,https://10.0.0.1:2379",
                "https://10.0.0.1:2379,https://127.0.0.1:2379",
            ),
        ] {
            let option = find(name).expect(name);
            assert_eq!(normal(option, one), normal(option, other), "{name}");
        }
        let urls = find("listen-client-urls").expect("an option");
        assert_ne!(normal(urls, "http://127.0.0.1:2379"), normal(urls, "https://127.0.0.1:2379"));
    }
}
