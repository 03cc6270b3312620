//! `log-rotation-config-json`: an object of JSON for the library that rotates the log
//! (`setupLogRotation` in etcd's `embed/config_logging.go`, `Logger` in lumberjack's `lumberjack.go`).

use crate::diagnostic::Diagnostic;
use crate::option::etcd_option::EtcdOption;
use crate::option::value::Value;
use crate::suggest;

/// Says what a key takes.
#[derive(Clone, Copy)]
enum Takes {
    /// An integer from 0 to this one, beyond which lumberjack's arithmetic overflows.
    UpTo(i64),
    Bool,
}

/// 0 is 100 megabytes, or no limit. Megabytes become bytes and days nanoseconds, in 64 bits.
const KEYS: [(&str, Takes); 5] = [
    ("maxsize", Takes::UpTo(i64::MAX >> 20)),
    ("maxage", Takes::UpTo(i64::MAX / (24 * 3_600_000_000_000))),
    ("maxbackups", Takes::UpTo(i64::MAX)),
    ("localtime", Takes::Bool),
    ("compress", Takes::Bool),
];

const EXAMPLE: &str = r#"{"maxsize": 100, "maxage": 30, "maxbackups": 10, "compress": true}"#;

impl EtcdOption {
    pub(super) fn rotation(&self, text: &str) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        let example = || format!("write `{} = '{EXAMPLE}'`, for example", self.name);
        let entries = object(text).ok_or_else(|| {
            Diagnostic::error(format!("`{}` is not an object of JSON", self.name))
                .note("keys stand in double quotes, and entries have commas between them")
                .help(example())
        })?;
        if entries.is_empty() {
            return Err(Diagnostic::error(format!("`{}` holds nothing", self.name))
                .note("etcd panics without a key: nil pointer dereference")
                .help(example()));
        }
        for (at, (key, value)) in entries.iter().enumerate() {
            if entries[..at].iter().any(|(other, _)| other == key) {
                return Err(Diagnostic::error(format!("`{}` has `{key}` twice", self.name))
                    .help("keep one of them: etcd silently takes the last"));
            }
            entry(key, value)?;
        }
        Ok(Value::Text(text.to_owned().into()))
    }
}

fn entry(key: &str, value: &str) -> Result<(), Diagnostic> {
    let Some((_, takes)) = KEYS.iter().find(|(known, _)| *known == key) else {
        return Err(unknown(key));
    };
    match takes {
        Takes::Bool if ["true", "false"].contains(&value) => Ok(()),
        Takes::Bool => Err(Diagnostic::error(format!("`{key}` takes true or false, not {value}"))
            .help(format!("write `\"{key}\": true`"))),
        Takes::UpTo(most) => match value.parse::<i128>() {
            Ok(number) if (0..=i128::from(*most)).contains(&number) => Ok(()),
            Ok(number) if number < 0 => Err(Diagnostic::error(format!(
                "`{key}` is at least 0, not {value}"
            ))
            .help(format!("write `\"{key}\": 0`, or leave it out, to have no limit of your own"))),
            Ok(_) => Err(Diagnostic::error(format!("`{key}` is at most {most}, not {value}"))
                .help("sizes are in megabytes, ages in days")),
            Err(_) => {
                let digits: String = value.chars().filter(char::is_ascii_digit).collect();
                let plain = value.trim_matches('"') == digits && !digits.is_empty();
                let number = if plain { digits.as_str() } else { "100" };
                Err(Diagnostic::error(format!("`{key}` takes an integer, not {value}"))
                    .help(format!("write `\"{key}\": {number}`, without quotes or fractions")))
            }
        },
    }
}

fn unknown(key: &str) -> Diagnostic {
    let error = Diagnostic::error(format!("`{key}` is nothing that can be said of log rotation"));
    if key.eq_ignore_ascii_case("filename") {
        return error.help("the file is the one in `log-outputs`: remove the key");
    }
    let keys = KEYS.map(|(known, _)| known);
    let plain: String = key.chars().filter(char::is_ascii_alphabetic).collect();
    let near = suggest::word(&plain.to_ascii_lowercase(), keys.into_iter());
    error.note("etcd panics where it knows no key, and skips those that it does not know").help(
        near.map_or_else(
            || format!("it takes `{}`", keys.join("`, `")),
            |near| format!("did you mean `{near}`?"),
        ),
    )
}

/// Splits an object of JSON into its keys and the texts of its values, where it is one and has no
/// object or list inside (RFC 8259). Go's own reader takes nothing more.
fn object(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut rest = blank(text).strip_prefix('{').map(blank)?;
    let mut entries = Vec::new();
    if let Some(after) = rest.strip_prefix('}') {
        return blank(after).is_empty().then_some(entries);
    }
    loop {
        let (key, after) = string(rest)?;
        let (value, after) = value(blank(after).strip_prefix(':').map(blank)?)?;
        entries.push((&key[1..key.len() - 1], value));
        let after = blank(after);
        if let Some(more) = after.strip_prefix(',') {
            rest = blank(more);
        } else {
            return blank(after.strip_prefix('}')?).is_empty().then_some(entries);
        }
    }
}

fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// Returns a string with its quotes, and what follows it. Escapes are left as they are: no key has any.
fn string(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    let inner = text.strip_prefix('"')?;
    let end = inner.find(|c: char| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some(text.split_at(end + 2))
}

fn value(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('"') {
        return string(text);
    }
    let end = text.find([',', '}', ' ', '\t', '\n', '\r']).unwrap_or(text.len());
    let (value, after) = text.split_at(end);
    (["true", "false", "null"].contains(&value) || is_number(value)).then_some((value, after))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split(['.', 'e', 'E']).next().unwrap_or_default();
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    whole.starts_with(|c: char| c.is_ascii_digit())
        && !leading_zero
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::option::lookup::find;

    fn check(text: &str) -> Result<Value, Diagnostic> {
        find("log-rotation-config-json").expect("an option").rotation(text)
    }

    #[test]
    fn one_key_is_enough_and_each_is_taken() {
        for text in [
            EXAMPLE,
            r#"{"maxsize":1}"#,
            r#" { "localtime" : false } "#,
            r#"{"maxsize": 8796093022207, "maxage": 106751, "maxbackups": 9223372036854775807}"#,
        ] {
            assert!(check(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_etcd_dies_of_or_misreads_is_refused() {
        for (text, message) in [
            ("{}", "`log-rotation-config-json` holds nothing"),
            ("null", "`log-rotation-config-json` is not an object of JSON"),
            ("maxsize=10", "`log-rotation-config-json` is not an object of JSON"),
            (r#"{"maxsize": 1} x"#, "`log-rotation-config-json` is not an object of JSON"),
            (r#"{"maxsize": 1,}"#, "`log-rotation-config-json` is not an object of JSON"),
            (r"{'maxsize': 1}", "`log-rotation-config-json` is not an object of JSON"),
            (r#"{"maxsize": 01}"#, "`log-rotation-config-json` is not an object of JSON"),
            (r#"{"maxsize": [1]}"#, "`log-rotation-config-json` is not an object of JSON"),
            (r#"{"max-size": 10}"#, "`max-size` is nothing that can be said of log rotation"),
            (r#"{"MaxSize": 10}"#, "`MaxSize` is nothing that can be said of log rotation"),
            (r#"{"filename": "/a"}"#, "`filename` is nothing that can be said of log rotation"),
            (r#"{"maxsize": 1, "maxsize": 2}"#, "`log-rotation-config-json` has `maxsize` twice"),
            (r#"{"maxsize": "100"}"#, "`maxsize` takes an integer, not \"100\""),
            (r#"{"maxsize": 1.5}"#, "`maxsize` takes an integer, not 1.5"),
            (r#"{"maxsize": 1e2}"#, "`maxsize` takes an integer, not 1e2"),
            (r#"{"maxsize": null}"#, "`maxsize` takes an integer, not null"),
            (r#"{"maxsize": -1}"#, "`maxsize` is at least 0, not -1"),
            (
                r#"{"maxsize": 8796093022208}"#,
                "`maxsize` is at most 8796093022207, not 8796093022208",
            ),
            (r#"{"maxage": 106752}"#, "`maxage` is at most 106751, not 106752"),
            (r#"{"compress": "true"}"#, "`compress` takes true or false, not \"true\""),
        ] {
            assert_eq!(check(text).expect_err(text).message, message);
        }
    }

    #[test]
    fn a_key_that_is_misspelt_gets_the_right_one() {
        for (text, near) in [
            (r#"{"max-size": 10}"#, "maxsize"),
            (r#"{"MaxBackups": 10}"#, "maxbackups"),
            (r#"{"maxages": 10}"#, "maxage"),
        ] {
            assert_eq!(check(text).expect_err(text).help, [format!("did you mean `{near}`?")]);
        }
    }
}
