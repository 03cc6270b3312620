//! A value that an option of etcd was given, and its text in each format.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::duration::GoDuration;
use super::yaml::YamlForm;
use crate::node_path::NodePath;

/// A checked value. Const-constructible, so that generated code can hold it in a `static`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A Go boolean flag.
    Bool(bool),
    /// Any of Go's integer flags: counts, milliseconds, bytes.
    Int(i64),
    /// A Go duration flag.
    Duration(GoDuration),
    /// A path on the member's machine.
    Path(NodePath),
    /// One string.
    Text(Cow<'static, str>),
    /// Several strings, which flags and environment join with commas.
    List(Cow<'static, [Cow<'static, str>]>),
}

impl Value {
    /// Returns a borrowed text, for tables and generated code.
    pub const fn text(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Returns a borrowed list, for tables and generated code.
    pub const fn list(items: &'static [Cow<'static, str>]) -> Self {
        Self::List(Cow::Borrowed(items))
    }

    /// Returns the text after `--name=` and `ETCD_NAME=`, before any quoting for a shell.
    pub fn flag_text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Duration(value) => value.to_string(),
            Self::Path(path) => path.to_string(),
            Self::Text(value) => value.clone().into_owned(),
            Self::List(items) => items.join(","),
        }
    }

    /// Returns the text after `key: ` in etcd's YAML, in the form that key unmarshals from.
    ///
    /// Strings are always in double quotes: etcd refuses `1` where it wants
    /// text, and a bare `yes`, `1e3` or `~` would not stay the text it is.
    pub fn yaml_text(&self, form: YamlForm) -> String {
        match (self, form) {
            (Self::Duration(value), YamlForm::Nanoseconds) => value.nanos().to_string(),
            (Self::Bool(_), YamlForm::Bool) | (Self::Int(_), YamlForm::Int) => self.flag_text(),
            (Self::List(items), YamlForm::List) => {
                let items: Vec<String> = items.iter().map(|item| yaml_string(item)).collect();
                format!("[{}]", items.join(", "))
            }
            _ => yaml_string(&self.flag_text()),
        }
    }
}

/// Returns a YAML double-quoted scalar on one line, with everything escaped that is not
/// printable in YAML 1.1 (section 4.1.1) or that a reader might fold.
pub(crate) fn yaml_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') =>
            {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    static ITEMS: &[Cow<'static, str>] =
        &[Cow::Borrowed("stderr"), Cow::Borrowed("/var/log/etcd.log")];
    static LIST: Value = Value::list(ITEMS);

    #[test]
    fn flags_and_environment_join_lists_with_commas() {
        assert_eq!(LIST.flag_text(), "stderr,/var/log/etcd.log");
        assert_eq!(Value::Bool(false).flag_text(), "false");
        assert_eq!(Value::Int(-1).flag_text(), "-1");
        assert_eq!(Value::Duration(GoDuration::from_secs(36_000)).flag_text(), "10h0m0s");
    }

    #[test]
    fn yaml_has_the_form_that_the_key_unmarshals() {
        assert_eq!(LIST.yaml_text(YamlForm::List), r#"["stderr", "/var/log/etcd.log"]"#);
        assert_eq!(LIST.yaml_text(YamlForm::Csv), r#""stderr,/var/log/etcd.log""#);
        assert_eq!(
            Value::Duration(GoDuration::from_millis(5)).yaml_text(YamlForm::Nanoseconds),
            "5000000"
        );
        assert_eq!(Value::text("1").yaml_text(YamlForm::Str), r#""1""#);
        assert_eq!(Value::Bool(true).yaml_text(YamlForm::Bool), "true");
        assert_eq!(Value::Int(8).yaml_text(YamlForm::Int), "8");
    }

    #[test]
    fn yaml_strings_cannot_break_out() {
        assert_eq!(
            Value::text("a\"b\\c\n\r\t\u{1b}\u{85}\u{2028}é: #").yaml_text(YamlForm::Str),
            r#""a\"b\\c\n\r\t\u001b\u0085\u2028é: #""#
        );
    }
}
