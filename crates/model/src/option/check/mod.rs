//! From what the spec says to a value that etcd takes, or the reason why not.

mod host;
mod levels;
mod list;
mod number;
mod rotation;
mod text;
mod token;
mod url;

pub(super) use url::no_browser_sends;

use super::duration::GoDuration;
use super::etcd_option::EtcdOption;
use super::kind::Kind;
use super::value::Value;
use crate::diagnostic::Diagnostic;
use crate::version::EtcdVersion;

/// A value as TOML has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Raw<'a> {
    /// `true`
    Bool(bool),
    /// `100`
    Int(i64),
    /// `1.5`
    Float(f64),
    /// `"10s"`
    Str(&'a str),
    /// `["stderr", "/var/log/etcd.log"]`
    List(&'a [&'a str]),
    /// Anything else, in words: `a table`, `a date`, `a list of integers`.
    Other(&'static str),
}

impl Raw<'_> {
    /// Returns its type in words, with the article.
    pub const fn describe(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a fraction",
            Self::Str(_) => "a string",
            Self::List(_) => "a list",
            Self::Other(what) => what,
        }
    }
}

impl EtcdOption {
    /// Checks everything that can be said about one option by itself: whether the spec may write it, whether the
    /// version has it, and whether etcd takes the value.
    ///
    /// # Errors
    /// With the first of these that does not hold.
    pub fn accept(&self, raw: Raw<'_>, version: EtcdVersion) -> Result<Value, Diagnostic> {
        if let Some(finding) = self.not_for_users().or_else(|| self.unavailable(version)) {
            return Err(finding);
        }
        self.check(raw, version)
    }

    /// Returns the value that etcd takes this for.
    ///
    /// # Errors
    /// When the type is another, or etcd would refuse the value, or would
    /// silently take another one in its place.
    pub fn check(&self, raw: Raw<'_>, version: EtcdVersion) -> Result<Value, Diagnostic> {
        match (self.kind, raw) {
            (Kind::Bool, Raw::Bool(value)) => Ok(Value::Bool(value)),
            (Kind::Int(limits), Raw::Int(value)) => self.number(value, limits, version),
            (Kind::Size(limits), Raw::Int(value)) => self.bytes(value, limits, version),
            (Kind::Size(limits), Raw::Str(value)) => self.size(value, limits, version),
            (Kind::Duration(limits), Raw::Str(value)) => self.duration(value, limits, version),
            (Kind::Retention, Raw::Int(value)) => self.retention(&value.to_string()),
            (Kind::Retention, Raw::Str(value)) => self.retention(value),
            (Kind::Text, Raw::Str(value)) => self.plain_text(value),
            (Kind::TokenProvider, Raw::Str(value)) => self.token_provider(value, version),
            (Kind::HostPort, Raw::Str(value)) => self.host_port(value),
            (Kind::Rotation, Raw::Str(value)) => self.rotation(value),
            (Kind::PackageLevels, Raw::Str(value)) => self.package_levels(value),
            (Kind::Path, Raw::Str(value)) => self.path(value),
            (Kind::Enum(words), Raw::Str(value)) => self.word(value, words, version),
            (Kind::List { many, .. }, Raw::List(entries)) => self.list(entries, many, version),
            _ => Err(self.wrong_type(raw)),
        }
    }

    fn wrong_type(&self, raw: Raw<'_>) -> Diagnostic {
        let name = self.name;
        Diagnostic::error(format!("`{name}` takes {}, not {}", self.expects(), raw.describe()))
            .help(format!("write `{name} = {}`", self.meant(raw)))
    }

    /// Returns the kind of value that it takes, in words.
    fn expects(&self) -> String {
        match self.kind {
            Kind::Bool => "true or false".to_owned(),
            Kind::Int(_) => match self.unit() {
                Some(unit) => format!("an integer of {unit}"),
                None => "an integer".to_owned(),
            },
            Kind::Size(_) => "a size".to_owned(),
            Kind::Duration(_) => "a duration".to_owned(),
            Kind::Retention => "a duration or a number".to_owned(),
            Kind::List { .. } => "a list of strings".to_owned(),
            Kind::Text
            | Kind::TokenProvider
            | Kind::HostPort
            | Kind::Rotation
            | Kind::PackageLevels => "a string".to_owned(),
            Kind::Path => "a path".to_owned(),
            Kind::Enum(_) => "a word".to_owned(),
        }
    }

    /// Returns the most likely thing that was meant by a value of the wrong type, in TOML.
    fn meant(&self, raw: Raw<'_>) -> String {
        match (self.kind, raw) {
            (Kind::Bool, Raw::Str(text)) => {
                (!matches!(text, "false" | "no" | "off" | "0")).to_string()
            }
            (Kind::Bool, Raw::Int(number)) => (number != 0).to_string(),
            (Kind::Bool, _) => "true".to_owned(),
            (Kind::Int(limits), Raw::Str(text)) => {
                self.as_count(text).unwrap_or(limits.min).to_string()
            }
            (Kind::Int(limits), _) => limits.min.max(1).to_string(),
            (Kind::Size(_), _) => "\"2GiB\"".to_owned(),
            (Kind::Duration(_), Raw::Int(0)) => "\"0s\"".to_owned(),
            (Kind::Duration(_), Raw::Int(number)) => format!("\"{number}s\""),
            (Kind::Duration(limits), _) => {
                format!("\"{}\"", GoDuration::from_nanos(limits.min).max(GoDuration::from_secs(10)))
            }
            (Kind::Retention, _) => "\"10h\"".to_owned(),
            (Kind::List { .. }, Raw::Str(text)) => {
                let entries: Vec<String> =
                    text.split(',').map(|entry| format!("{:?}", entry.trim())).collect();
                format!("[{}]", entries.join(", "))
            }
            (Kind::List { .. }, _) => "[\"…\"]".to_owned(),
            (Kind::Text, _) => "\"…\"".to_owned(),
            (Kind::TokenProvider, _) => "\"simple\"".to_owned(),
            (Kind::HostPort, _) => "\"localhost:4317\"".to_owned(),
            (Kind::Rotation, _) => "'{\"maxsize\": 100}'".to_owned(),
            (Kind::PackageLevels, _) => "\"etcdserver=DEBUG\"".to_owned(),
            (Kind::Path, _) => "\"/…\"".to_owned(),
            (Kind::Enum(words), _) => format!("{:?}", words[0].text),
        }
    }

    /// Returns the integer behind `"100"` or, for a count of milliseconds or seconds, `"100ms"`.
    fn as_count(&self, text: &str) -> Option<i64> {
        let per_unit = match self.unit {
            "milliseconds" => 1_000_000,
            "seconds" => 1_000_000_000,
            _ => return text.parse().ok(),
        };
        let nanoseconds = || GoDuration::parse(text).ok().map(GoDuration::nanos);
        text.parse().ok().or_else(|| Some(nanoseconds()? / per_unit))
    }
}
