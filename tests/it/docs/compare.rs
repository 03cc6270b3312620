//! Whether a program printed what a document shows, but for what differs from build to build.

use super::session::known_ids;

/// A line that stands for any number of lines.
const ELISION: &str = "...";

/// Whether `shown`, in which `...` stands for any lines, is what was printed.
pub(crate) fn same(shown: &str, printed: &str) -> bool {
    let is_of_git = |line: &&str| *line == "  commit cluster.toml and cluster.lock";
    let lines = |text: &str| {
        let lines = text.lines().filter(|line| !is_of_git(line));
        lines.map(|line| plain(&without_commit(line))).collect::<Vec<_>>()
    };
    matches(&lines(shown), &lines(printed))
}

fn matches(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == ELISION => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| line == first && matches(rest, others)),
    }
}

/// A line that tells of the definition, without the commit: there is none where git is not at hand.
fn without_commit(line: &str) -> String {
    let told = line.find(" (git ").or_else(|| line.find(", git ")).zip(line.rfind(')'));
    match told.filter(|_| line.contains("definition ")) {
        Some((from, end)) if line[from..].starts_with(',') => {
            line[..from].to_owned() + &line[end..]
        }
        Some((from, end)) => line[..from].to_owned() + &line[end + 1..],
        None => line.to_owned(),
    }
}

/// A line with a word in place of what differs from build to build: dates, days that are left,
/// and hexadecimal digits that are no ID of this cluster (fingerprints, serials, the CA's name).
fn plain(line: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for c in line.trim_end().chars() {
        match words.last_mut() {
            Some(word) if c.is_alphanumeric() && word.ends_with(char::is_alphanumeric) => {
                word.push(c);
            }
            _ => words.push(c.to_string()),
        }
    }
    for at in 0..words.len() {
        let follows = |offset: usize, text: &str| words.get(at + offset).is_some_and(|w| w == text);
        let precedes = |text: &str| words[..at].concat().ends_with(text);
        let digits = words[at].bytes().all(|byte| byte.is_ascii_digit());
        let year = digits && words[at].len() == 4 && follows(1, "-") && follows(3, "-");
        if year {
            words[at] = "DATE".into();
            words[at + 2] = String::new();
            words[at + 4] = String::new();
            // 2027-11-22T19:52:12Z
            if follows_time(&words[at + 5..]) {
                words[at + 6] = String::new();
                words[at + 8] = String::new();
            }
        } else if digits
            && (follows(2, "days") || precedes("\"days_left\": ") || precedes("days_left="))
        {
            words[at] = "N".into();
        } else if is_hexadecimal(&words[at]) && !known_ids().contains(&words[at]) {
            words[at] = "HEX".into();
        }
    }
    collapsed(&words.concat())
}

/// Columns are as wide as what stands in them, so that their width may differ too.
fn collapsed(line: &str) -> String {
    let text = line.trim_start();
    let indent = &line[..line.len() - text.len()];
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("{indent}{}", words.join(" "))
}

fn follows_time(words: &[String]) -> bool {
    words.len() > 3 && words[0] == ":" && words[2] == ":" && words[3].ends_with('Z')
}

fn is_hexadecimal(word: &str) -> bool {
    word.len() >= 8 && word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[test]
fn dates_and_fingerprints_may_differ_and_ids_may_not() {
    let id = known_ids()[0].clone();
    assert!(same("on 2026-01-02, in 7 days\n", "on 2036-11-12, in 364 days\n"));
    assert!(same("at 2026-01-02T10:11:12Z", "at 2036-11-12T01:02:03Z"));
    assert!(same("ca 0123456789abcdef\n", "ca fedcba9876543210\n"));
    assert!(!same("ID 0123456789abcdef\n", &format!("ID {id}\n")));
    assert!(same("| days_left=9;30:;0:", "| days_left=364;30:;0:"));
    assert!(!same("in 7 members\n", "in 8 members\n"));
    assert!(same(
        "2026-01-02  in 99 days    0123456789abcdef",
        "2026-01-02  in 364 days  0123456789abcdee"
    ));
}

#[test]
fn the_commit_may_be_missing() {
    let id = known_ids()[0].clone();
    let overview = format!("  definition    {id}");
    assert!(same(&format!("{overview} (git 8d0a7b1c2d3e)\n"), &format!("{overview}\n")));
    let version = format!("bouquet 0.1.0 (cluster a, definition {id}, etcd 3.5");
    let dirty = format!("{version}, git 0123456789ab-dirty)\n");
    assert!(same(&format!("{version}, git 8d0a7b1c2d3e)\n"), &dirty));
    // What git does not have yet is another thing in each clone.
    assert!(same("NEXT\n  commit cluster.toml and cluster.lock\n  copy\n", "NEXT\n  copy\n"));
    assert!(!same(&format!("{version}, git 8d0a7b1c2d3e)\n"), &format!("{version}.33)\n")));
}

#[test]
fn an_elision_stands_for_any_lines() {
    assert!(same("a\n...\nd\n", "a\nb\nc\nd\n"));
    assert!(same("...\na\n", "a\n"));
    assert!(!same("a\n...\nd\n", "a\nb\nc\n"));
}
