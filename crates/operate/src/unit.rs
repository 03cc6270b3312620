//! Units of systemd, as far as they say how etcd runs (systemd.syntax(7), systemd.unit(5)).

use crate::environment::Environment;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The administrator's folder of units.
const FOLDER: &str = "/etc/systemd/system";

/// The other folders in which drop-ins of such a unit may lie, the strongest first.
const WEAKER: &[&str] =
    &["/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"];

/// Returns the places of a member's unit: the guide's, and the one that it has where members share a
/// machine.
pub(crate) fn places(member: Option<&str>) -> Vec<PathBuf> {
    let names = ["etcd.service".to_owned()].into_iter();
    let names = names.chain(member.map(|name| format!("etcd-{name}.service")));
    names.map(|name| Path::new(FOLDER).join(name)).collect()
}

/// A line `KEY=VALUE` of the section `[Service]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// Returns what the section `[Service]` of a unit or of a drop-in says, in its order.
pub(crate) fn service(text: &str) -> Vec<Assignment> {
    let mut all = Vec::new();
    let mut is_service = false;
    for line in lines(text) {
        if line.starts_with('[') {
            is_service = line == "[Service]";
        } else if let (true, Some((key, value))) = (is_service, line.split_once('=')) {
            all.push(Assignment { key: key.trim().to_owned(), value: value.trim().to_owned() });
        }
    }
    all
}

/// Returns the arguments of a unit's `ExecStart=`, its program first, as systemd takes them apart (systemd.service(5),
/// "Command lines"): `%%` and `$$` are one of each, and nothing is filled in.
pub(crate) fn arguments(text: &str) -> Vec<String> {
    let said = service(text);
    let once = |word: String| word.replace("%%", "%").replace("$$", "$");
    words_of(last(&said, "ExecStart").unwrap_or_default()).into_iter().map(once).collect()
}

/// Returns the words of a value, without their quotes and backslashes (systemd.syntax(7), "Quoting").
pub(crate) fn words_of(value: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let text = |word: Vec<u8>| String::from_utf8_lossy(&word).into_owned();
    let (mut quote, mut letters) = (None, value.chars());
    while let Some(c) = letters.next() {
        match c {
            c if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            '\\' => word.get_or_insert_default().extend(escaped(&mut letters)),
            ' ' | '\t' if quote.is_none() => words.extend(word.take().map(text)),
            c => letter(word.get_or_insert_default(), c),
        }
    }
    words.extend(word.map(text));
    words
}

/// Returns what a backslash and what follows it stand for (systemd.syntax(7), "Supported escapes"): a byte, or a letter.
fn escaped(letters: &mut std::str::Chars<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let rest = letters.as_str();
    let number = |from: usize, count: usize, radix: u32| {
        let digits = rest.get(from..from + count)?;
        let is_one = digits.chars().all(|c| c.is_digit(radix));
        let number = u32::from_str_radix(digits, radix).ok().filter(|it| is_one && *it > 0)?;
        Some((number, from + count))
    };
    let Some(c) = letters.next() else { return bytes };
    let byte = match c {
        'x' => number(1, 2, 16),
        '0'..='7' => number(0, 3, 8),
        _ => None,
    };
    let byte = byte.and_then(|(number, end)| Some((u8::try_from(number).ok()?, end)));
    let wide = match c {
        'u' => number(1, 4, 16),
        'U' => number(1, 8, 16),
        _ => None,
    };
    let wide = wide.and_then(|(number, end)| Some((char::from_u32(number)?, end)));
    if let Some((byte, end)) = byte {
        bytes.push(byte);
        *letters = rest[end..].chars();
    } else if let Some((wide, end)) = wide {
        letter(&mut bytes, wide);
        *letters = rest[end..].chars();
    } else {
        letter(
            &mut bytes,
            match c {
                'a' => '\x07',
                'b' => '\x08',
                'f' => '\x0c',
                'n' => '\n',
                'r' => '\r',
                's' => ' ',
                't' => '\t',
                'v' => '\x0b',
                c => c,
            },
        );
    }
    bytes
}

fn letter(word: &mut Vec<u8>, c: char) {
    word.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Returns the value that counts of a key that is given once.
pub(crate) fn last<'a>(all: &'a [Assignment], key: &str) -> Option<&'a str> {
    let given = all.iter().rev().find(|assignment| assignment.key == key)?;
    Some(&*given.value).filter(|value| !value.is_empty())
}

/// Returns the words of a key that may be given several times: each adds some, and an empty one takes back
/// those before it.
pub(crate) fn words<'a>(all: &'a [Assignment], key: &str) -> Vec<&'a str> {
    let mut words = Vec::new();
    for assignment in all.iter().filter(|assignment| assignment.key == key) {
        if assignment.value.is_empty() {
            words.clear();
        }
        words.extend(assignment.value.split_whitespace());
    }
    words
}

/// Returns the drop-ins of a unit, in the order in which systemd reads them. Of one name the file in
/// the strongest folder counts.
pub(crate) fn drop_ins(unit: &Path, environment: &Environment<'_>) -> Vec<PathBuf> {
    let Some(name) = unit.file_name() else { return Vec::new() };
    let mut folders: Vec<PathBuf> = unit.parent().map(Path::to_owned).into_iter().collect();
    if folders.first().is_some_and(|folder| folder == Path::new(FOLDER)) {
        folders.extend(WEAKER.iter().map(PathBuf::from));
    }
    let mut name = name.to_owned();
    name.push(".d");
    let mut found = BTreeMap::new();
    for folder in folders {
        let files = (environment.list)(&folder.join(&name)).unwrap_or_default();
        for file in files.into_iter().filter(|file| file.extension().is_some_and(|e| e == "conf")) {
            if let Some(name) = file.file_name() {
                found.entry(name.to_owned()).or_insert(file);
            }
        }
    }
    found.into_values().collect()
}

/// Returns the lines without comments, each with those that a backslash joins to it.
fn lines(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let line = line.trim();
        // A comment between joined lines is left out, and they stay joined.
        if line.starts_with(['#', ';']) || line.is_empty() && !goes_on {
            continue;
        }
        let (part, more) = line.strip_suffix('\\').map_or((line, false), |part| (part, true));
        match all.last_mut() {
            Some(last) if goes_on => {
                last.push(' ');
                last.push_str(part.trim());
            }
            _ => all.push(part.trim().to_owned()),
        }
        goes_on = more;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        service(text).into_iter().map(|Assignment { key, value }| (key, value)).collect()
    }

    #[test]
    fn lines_are_joined_by_a_backslash_and_comments_are_left_out() {
        let text = "# a\n[Unit]\nUser=no\n[Service]\n;b\nUser = etcd \nExecStart=etcd \\\n  --a=b \\\n# c\n  \
                    --c=d\n[Install]\nUser=no\n";
        let expected = [("User", "etcd"), ("ExecStart", "etcd --a=b --c=d")];
        assert_eq!(pairs(text), expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn the_last_value_counts_and_an_empty_one_is_none() {
        let all = service("[Service]\nUser=a\nUser=b\nGroup=a\nGroup=\n");
        assert_eq!((last(&all, "User"), last(&all, "Group")), (Some("b"), None));
    }

    #[test]
    fn arguments_are_those_that_etcd_gets() {
        let text = "[Service]\nExecStart=etcd \\\n    --name=a \\\n    \"--data-dir=/a \\\"b\\\" US$$ 50%%n \\\\z\"\n";
        let expected = ["etcd", "--name=a", r#"--data-dir=/a "b" US$ 50%n \z"#];
        assert_eq!(arguments(text), expected);
        assert_eq!(arguments("[Service]\n"), [""; 0]);
    }

    #[test]
    fn escapes_are_those_of_systemd() {
        for (text, word) in [
            (r"a\x20b\x3d\x2F", "a b=/"),
            (r"\040\101\x", " Ax"),
            (r"\u00e9\U0001f490\xc3\xa9", "\u{e9}\u{1f490}\u{e9}"),
            (r"\a\b\f\n\r\s\t\v\\", "\x07\x08\x0c\n\r \t\x0b\\"),
            (r"\x00\xg1\400\ud800\u+12f", "x00xg1400ud800u+12f"),
            (r"\xé1", "xé1"),
        ] {
            assert_eq!(words_of(text), [word], "{text}");
            assert_eq!(words_of(&format!("\"{text}\"")), [word], "{text}");
        }
    }

    #[test]
    fn what_is_no_unit_says_nothing() {
        for text in ["", "\\", "=\n[", "[Service]\n=", "[Service]\nUser", "[Service]\\\nUser=a"] {
            assert!(pairs(text).iter().all(|(key, _)| key.is_empty()), "{text}");
        }
    }
}
