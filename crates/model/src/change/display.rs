//! What a change is, in the words of a list: without whose it is.

use super::what::What;
use crate::option::find;
use crate::systemd;
use crate::trust::{Side, Trust};
use core::fmt;
use std::borrow::Cow;

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option { name, from, to } => {
                let [from, to] = [from, to].map(|text| shown(name, text.as_deref()));
                write!(f, "{name} {from} → {to}")
            }
            Self::Spelling { from, to } => write!(f, "{from} is written {to}"),
            Self::Version { from, to, .. } => write!(f, "etcd {from} → {to}"),
            Self::Scheme { side, from, to } => {
                let side = if *side == Side::Clients { "client" } else { "peer" };
                write!(f, "{side} URLs {} → {}", from.as_str(), to.as_str())
            }
            Self::Trust { side, from, to } => {
                let side = if *side == Side::Clients { "CAs" } else { "CAs of peers" };
                write!(f, "{side} {from} → {to}")
            }
            Self::Certificate(kind) => write!(f, "{kind} certificate"),
            Self::Revocations => f.write_str("list of revoked certificates"),
            Self::Added => f.write_str("added"),
            Self::Removed => f.write_str("removed"),
            Self::Renamed { to } => write!(f, "renamed to {to}"),
            Self::Moved { from, to } => {
                write!(f, "peer URLs {} → {}", from.join(","), to.join(","))
            }
            Self::Swapped { with } => write!(f, "has exchanged its address with {with}"),
            Self::Several { added, removed, moved } => {
                let parts = [(added, "in"), (removed, "out"), (moved, "moved")];
                let parts = parts.iter().filter(|(names, _)| !names.is_empty());
                let parts: Vec<_> =
                    parts.map(|(names, what)| format!("{} {what}", names.join(", "))).collect();
                write!(f, "members: {}", parts.join("; "))
            }
            Self::Quorum { running, stay, .. } => {
                write!(f, "{stay} of {running} members that run stay")
            }
            Self::Endpoints { from, to } => {
                write!(f, "endpoints {} → {}", from.join(","), to.join(","))
            }
            Self::CertsDir { from, to } => write!(f, "certs-dir {from} → {to}"),
            Self::Unit { key, from, to } => {
                let [from, to] = [from, to].map(|text| text.as_deref().unwrap_or(unwritten(key)));
                write!(f, "{} {from} → {to}", systemd::shown(key))
            }
            Self::CommonName { to: true } => f.write_str("gets a common name"),
            Self::CommonName { to: false } => f.write_str("loses its common name"),
        }
    }
}

/// Returns what holds if a key of `[systemd]` is not written.
fn unwritten(key: &str) -> &'static str {
    match key {
        "binary" | "user" | "group" => "etcd",
        systemd::MADE_BY => "a build",
        _ => "nothing",
    }
}

fn shown<'t>(option: &str, text: Option<&'t str>) -> Cow<'t, str> {
    text.map_or(Cow::Borrowed("nothing"), |text| as_written(option, text))
}

/// Returns the text of an option's flag as it is written in `cluster.toml`: `4GiB` for `4294967296`.
pub fn as_written<'t>(option: &str, text: &'t str) -> Cow<'t, str> {
    find(option).map_or(Cow::Borrowed(text), |option| option.as_written(text))
}

/// As in a list: `1, 2 (certificates by CA 1)`.
impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<_> = self.trust.iter().map(ToString::to_string).collect();
        write!(f, "{} (certificates by CA {})", numbers.join(", "), self.issue)
    }
}
