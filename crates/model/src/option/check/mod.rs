//! From what the spec says to a value that etcd takes, or the reason why not.

mod list;
mod text;
mod token;
mod url;

use super::duration::GoDuration;
use super::etcd_option::EtcdOption;
use super::kind::Kind;
use super::size;
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
    /// Everything that can be said about one option by itself: whether the spec
    /// may write it, whether the version has it, and whether etcd takes the value.
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
            (Kind::Int { min, max }, Raw::Int(value)) => self.within_limits(value, min, max),
            (Kind::Size { min }, Raw::Int(value)) => self.within_limits(value, min, i64::MAX),
            (Kind::Size { min }, Raw::Str(value)) => {
                self.within_limits(self.size(value)?, min, i64::MAX)
            }
            (Kind::Duration { min }, Raw::Str(value)) => self.duration(value, min),
            (Kind::Retention, Raw::Int(value)) => self.retention(&value.to_string()),
            (Kind::Retention, Raw::Str(value)) => self.retention(value),
            (Kind::Text, Raw::Str(value)) => self.plain_text(value),
            (Kind::TokenProvider, Raw::Str(value)) => self.token_provider(value, version),
            (Kind::Path, Raw::Str(value)) => self.path(value),
            (Kind::Enum(words), Raw::Str(value)) => self.word(value, words, version),
            (Kind::List { many, .. }, Raw::List(entries)) => self.list(entries, many, version),
            _ => Err(self.wrong_type(raw)),
        }
    }

    fn within_limits(&self, value: i64, min: i64, max: i64) -> Result<Value, Diagnostic> {
        if (min..=max).contains(&value) {
            return Ok(Value::Int(value));
        }
        let bound = if value < min { format!("at least {min}") } else { format!("at most {max}") };
        let unit = self.unit().map(|unit| format!(" {unit}")).unwrap_or_default();
        Err(self
            .limited(Diagnostic::error(format!("`{}` is {bound}{unit}, not {value}", self.name))))
    }

    fn size(&self, text: &str) -> Result<i64, Diagnostic> {
        let name = self.name;
        size::parse(text).map_err(|error| match error {
            size::SizeError::Ambiguous { count, binary } => Diagnostic::error(format!(
                "`{text}` may be powers of 1000 or of 1024"
            ))
            .help(format!(
                "write `{name} = \"{count}{binary}\"` for 1024s, or the number of bytes"
            )),
            size::SizeError::TooLarge => {
                Diagnostic::error(format!("`{text}` is more than etcd can count"))
            }
            size::SizeError::Malformed => Diagnostic::error(format!("`{text}` is not a size"))
                .help(format!("write `{name} = \"8GiB\"`, `\"512MiB\"`, or the number of bytes")),
        })
    }

    fn duration(&self, text: &str, min: GoDuration) -> Result<Value, Diagnostic> {
        let value = GoDuration::parse(text).map_err(|error| {
            Diagnostic::error(format!("`{text}` is not a duration: {error}"))
                .help("etcd reads numbers with `h`, `m`, `s`, `ms`, `us` or `ns`, such as `1h30m`")
        })?;
        if value >= min {
            return Ok(Value::Duration(value));
        }
        let message = if value < GoDuration::ZERO {
            format!("`{text}` is negative, which no time of etcd's may be")
        } else {
            format!("`{}` is at least {min}, not {text}", self.name)
        };
        Err(self.limited(Diagnostic::error(message)))
    }

    /// `parseCompactionRetention` in etcd's `embed/etcd.go`: a plain number, or else a duration.
    fn retention(&self, text: &str) -> Result<Value, Diagnostic> {
        let refuse = |why: String| {
            Err(Diagnostic::error(format!("etcd cannot read `{text}` as `{}`: {why}", self.name))
                .help("write a duration such as `10h`, or a number of hours or revisions"))
        };
        if text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_ok() {
            return Ok(Value::Text(text.to_owned().into()));
        }
        match GoDuration::parse(text) {
            Ok(value) if value >= GoDuration::ZERO => Ok(Value::Text(text.to_owned().into())),
            Ok(_) => refuse("it is negative".to_owned()),
            Err(error) => refuse(error.to_string()),
        }
    }

    /// Adds what etcd does beyond the limits, where the table says so.
    fn limited(&self, finding: Diagnostic) -> Diagnostic {
        if self.limit.is_empty() { finding } else { finding.help(self.limit) }
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
            Kind::Int { .. } => match self.unit() {
                Some(unit) => format!("an integer of {unit}"),
                None => "an integer".to_owned(),
            },
            Kind::Size { .. } => "a size".to_owned(),
            Kind::Duration { .. } => "a duration".to_owned(),
            Kind::Retention => "a duration or a number".to_owned(),
            Kind::List { .. } => "a list of strings".to_owned(),
            Kind::Text | Kind::TokenProvider => "a string".to_owned(),
            Kind::Path => "a path".to_owned(),
            Kind::Enum(_) => "a word".to_owned(),
        }
    }

    /// The most likely thing that was meant by a value of the wrong type, in TOML.
    fn meant(&self, raw: Raw<'_>) -> String {
        match (self.kind, raw) {
            (Kind::Bool, Raw::Str(text)) => {
                (!matches!(text, "false" | "no" | "off" | "0")).to_string()
            }
            (Kind::Bool, Raw::Int(number)) => (number != 0).to_string(),
            (Kind::Bool, _) => "true".to_owned(),
            (Kind::Int { min, .. }, Raw::Str(text)) => {
                self.as_count(text).unwrap_or(min).to_string()
            }
            (Kind::Int { min, .. }, _) => min.max(1).to_string(),
            (Kind::Size { .. }, _) => "\"2GiB\"".to_owned(),
            (Kind::Duration { .. }, Raw::Int(0)) => "\"0s\"".to_owned(),
            (Kind::Duration { .. }, Raw::Int(number)) => format!("\"{number}s\""),
            (Kind::Duration { min }, _) => format!("\"{}\"", min.max(GoDuration::from_secs(10))),
            (Kind::Retention, _) => "\"10h\"".to_owned(),
            (Kind::List { .. }, Raw::Str(text)) => {
                let entries: Vec<String> =
                    text.split(',').map(|entry| format!("{:?}", entry.trim())).collect();
                format!("[{}]", entries.join(", "))
            }
            (Kind::List { .. }, _) => "[\"…\"]".to_owned(),
            (Kind::Text, _) => "\"…\"".to_owned(),
            (Kind::TokenProvider, _) => "\"simple\"".to_owned(),
            (Kind::Path, _) => "\"/…\"".to_owned(),
            (Kind::Enum(words), _) => format!("{:?}", words[0].text),
        }
    }

    /// The integer behind `"100"` or, for a count of milliseconds or seconds, `"100ms"`.
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
