//! Every documented key wrong at once: each is reported, in one go.

use bouquet_build::diagnostic::Severity;
use bouquet_build::prove;
use bouquet_build::spec::{Kind, SECTIONS, Section};

/// A whole spec in which every key has this value.
fn spec_of(value: impl Fn(&Section, &str, Kind) -> String) -> String {
    let mut text = String::new();
    for section in SECTIONS.iter().filter(|section| !section.options) {
        text += section.header;
        text += "\n";
        for key in section.keys {
            let value = value(section, key.name, key.kind);
            text += &[key.name, " = ", &value, "\n"].concat();
        }
    }
    text
}

/// The lines with an error on them.
fn lines_with_errors(text: &str) -> Vec<usize> {
    let (cluster, found) = prove(text.as_bytes());
    assert!(cluster.is_none());
    let errors = found.iter().filter(|d| d.severity == Severity::Error);
    let starts = errors.filter_map(|d| Some(d.primary.as_ref()?.span.start));
    let mut lines: Vec<_> = starts.map(|start| text[..start].matches('\n').count()).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The lines that hold a key.
fn lines_with_keys(text: &str, but: &[&str]) -> Vec<usize> {
    let key = |line: &str| {
        line.contains(" = ") && but.iter().all(|but| !line.starts_with(&format!("{but} = ")))
    };
    text.lines().enumerate().filter(|(_, line)| key(line)).map(|(at, _)| at).collect()
}

#[test]
fn every_key_of_a_wrong_type_is_reported_in_one_go() {
    let text = spec_of(|_, _, kind| match kind {
        Kind::Text | Kind::Flag | Kind::FlagOrText | Kind::Texts => "7".to_owned(),
        Kind::Port | Kind::FlagOrPort | Kind::Number | Kind::Numbers => "\"seven\"".to_owned(),
    });
    assert_eq!(lines_with_errors(&text), lines_with_keys(&text, &[]), "{text}");
}

#[test]
fn every_key_with_a_wrong_value_is_reported_in_one_go() {
    let text = spec_of(|_, key, kind| match (key, kind) {
        // Nothing that has the right type is wrong here.
        ("enabled", _) => "true".to_owned(),
        (_, Kind::Number) => "2".to_owned(),
        (_, Kind::Numbers) => "[2]".to_owned(),
        // A port in its range is right, and one out of it is none: see the test above.
        (_, Kind::Flag | Kind::Port | Kind::FlagOrPort) => "2377".to_owned(),
        ("certs-dir", _) => "\"relative\"".to_owned(),
        (_, Kind::Text | Kind::FlagOrText) => "\"\\u0000\"".to_owned(),
        (_, Kind::Texts) => "[\"\\u0000\"]".to_owned(),
    });
    let ports = ["enabled", "peer-port", "client-port", "loopback"];
    let numbers = ["generation", "issue", "trust", "peer-issue", "peer-trust", "number"];
    let wrong = lines_with_keys(&text, &[&ports[..], &numbers].concat());
    assert_eq!(lines_with_errors(&text), wrong, "{text}");
}

#[test]
fn every_key_misspelt_gets_its_right_name() {
    for section in SECTIONS.iter().filter(|section| !section.options) {
        // Of a name of two letters, one slip is half.
        for key in section.keys.iter().filter(|key| key.name.len() > 2) {
            // The last letter twice, as from a key that sticks.
            let last = key.name.chars().last().expect("a key has a name");
            let text = format!("{}\n{}{last} = {}\n", section.header, key.name, key.example);
            let (_, found) = prove(text.as_bytes());
            let meant = format!("did you mean `{}`?", key.name);
            let helps = found.iter().flat_map(|d| &d.help).any(|help| help.starts_with(&meant));
            assert!(helps, "{text}{found:?}");
        }
    }
}
