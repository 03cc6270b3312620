//! etcd's configuration file, `etcd.conf.yml`.

use super::given::{Given, Key, Read, Said};
use super::node::{Entry, Node, parse};
use bouquet_model::diagnostic::Diagnostic;

/// Reads the file. Which key is which option depends on the version.
///
/// # Errors
/// If it is no such file.
pub(super) fn read(text: &str) -> Result<Read, Diagnostic> {
    let Node::Map(entries) = parse(text)? else {
        return Err(Diagnostic::error("it has no `key: value`")
            .help("give the file that `--config-file` names on the node"));
    };
    let mut read = Read::default();
    add(&entries, &[], &mut read.given);
    Ok(read)
}

/// Tells whether a text may be such a file: all that begins a line is a key.
pub(super) fn is_one(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| {
        !line.trim().is_empty()
            && !line.starts_with([' ', '\t', '#', '-', '}', ']'])
            && *line != "---"
    });
    let is_key = |line: &str| {
        line.split_once(':').is_some_and(|(key, rest)| {
            let key = key.trim().trim_matches(['"', '\'']);
            (rest.is_empty() || rest.starts_with([' ', '\r']))
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    };
    text.trim_start().starts_with('{') || lines.next().is_some_and(is_key) && lines.all(is_key)
}

fn add(entries: &[Entry], above: &[String], given: &mut Vec<Given>) {
    for Entry { key, value, line } in entries {
        let path: Vec<String> = above.iter().chain([key]).cloned().collect();
        let said = match value {
            Node::Nothing => continue,
            Node::Text(text) => Said::Text(text.clone()),
            Node::List(entries) => {
                Said::List(entries.iter().filter_map(Node::text).map(str::to_owned).collect())
            }
            Node::Map(inner) => {
                add(inner, &path, given);
                continue;
            }
        };
        given.push(Given { key: Key::Path(path), said, line: Some(*line) });
    }
}
