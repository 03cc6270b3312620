//! The words that accept a change in `cluster.toml`.
//!
//! They name the new value, so that they hold for that value and for no other. No two changes that have to be
//! accepted have the same words, but for those that one key of `cluster.toml` makes on several machines.

use super::class::Class;
use super::token::TOKEN;
use super::what::{Change, Subject, What};
use crate::trust::{Side, Trust};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

impl Change {
    /// Returns the words that accept it, for `accept` in `cluster.toml`, where it is refused, or where
    /// something goes on being valid.
    pub fn accept(&self) -> Option<String> {
        if !matches!(self.class, Class::Refused | Class::Pending) {
            return None;
        }
        Some(match (&self.subject, &self.what) {
            (Subject::Cluster, What::Option { name, to, .. }) => {
                setting(if name == TOKEN { "token" } else { name }, to.as_deref())
            }
            (subject, What::Option { name, to, .. }) => {
                setting(&format!("{}.{name}", named(subject)), to.as_deref())
            }
            (_, What::Version { to, .. }) => format!("etcd = {to}"),
            (_, What::Trust { side, to, .. }) => trust(*side, to),
            (_, What::Scheme { side: Side::Clients, to, .. }) => {
                format!("client-urls = {}", to.as_str())
            }
            (_, What::Scheme { side: Side::Peers, to, .. }) => {
                format!("peer-urls = {}", to.as_str())
            }
            (subject, What::Renamed { to }) => {
                format!("rename {} {}", named(subject), name_word(to))
            }
            (subject, What::Swapped { with }) => {
                format!("swap {} {}", named(subject), name_word(with))
            }
            (subject, What::Removed) => format!("remove {}", named(subject)),
            (_, What::Quorum { removed, moved, .. }) => quorum(removed, moved),
            (subject, What::CommonName { to }) => format!("{}.common-name = {to}", named(subject)),
            // None of these is refused; should one be, it has words of its own.
            (
                subject,
                other @ (What::Spelling { .. }
                | What::Certificate(_)
                | What::Revocations
                | What::Added
                | What::Moved { .. }
                | What::Several { .. }
                | What::Endpoints { .. }
                | What::CertsDir { .. }
                | What::Unit { .. }),
            ) => format!("{}: {}", named(subject), word(&other.to_string())),
        })
    }
}

/// Returns `orange`, or `client/root`: a member and a client may have the same name.
fn named(subject: &Subject) -> Cow<'_, str> {
    match subject {
        Subject::Cluster => Cow::Borrowed("cluster/"),
        Subject::Member(name) => name_word(name),
        Subject::Client(name) => Cow::Owned(format!("client/{}", name_word(name))),
    }
}

/// Returns `orange.data-dir = /srv/etcd`, or `no orange.data-dir`.
fn setting(key: &str, value: Option<&str>) -> String {
    value.map_or_else(|| format!("no {key}"), |value| format!("{key} = {}", word(value)))
}

/// Returns `trust = [1, 2], issue = 2`.
fn trust(side: Side, to: &Trust) -> String {
    let key = match side {
        Side::Clients => "",
        Side::Peers => "peer-",
    };
    let numbers: Vec<_> = to.trust.iter().map(ToString::to_string).collect();
    format!("{key}trust = [{}], {key}issue = {}", numbers.join(", "), to.issue)
}

/// Returns `remove pink orange`, `move pink https://10.0.0.1:2380`, or both.
fn quorum(removed: &[String], moved: &BTreeMap<String, Vec<String>>) -> String {
    let removed: Vec<_> = removed.iter().map(|name| name_word(name)).collect();
    let moved: Vec<_> = moved
        .iter()
        .map(|(name, urls)| {
            let urls: Vec<_> = urls.iter().map(|url| word(url)).collect();
            format!("{} {}", name_word(name), urls.join(","))
        })
        .collect();
    let named = |verb: &str, parts: String| (!parts.is_empty()).then(|| format!("{verb} {parts}"));
    let both = [named("remove", removed.join(" ")), named("move", moved.join(" "))];
    both.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Returns a name as a word of its own: `/` is kept for [`named`].
pub(super) fn name_word(name: &str) -> Cow<'_, str> {
    if name.contains('/') { Cow::Owned(quoted(name)) } else { word(name) }
}

/// Returns a text as it is where it is one word of printable ASCII, or else in quotes.
fn word(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '\\' | ',');
    if !text.is_empty() && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(quoted(text))
}

/// Returns a text in single quotes. What ends a string of TOML, or a line, or cannot be seen, is percent-encoded (RFC
/// 3986, section 2.1), so that the words can stand in a string of TOML as they are.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        let is_hidden = (c.is_whitespace() && c != ' ') || !crate::text::is_carried(c);
        if is_hidden || matches!(c, '\'' | '"' | '\\' | '%') {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(quoted, "%{byte:02X}");
            }
        } else {
            quoted.push(c);
        }
    }
    quoted.push('\'');
    quoted
}
