//! YAML, as far as configurations have it: texts, lists and mappings.

use bouquet_model::diagnostic::Diagnostic;
use granit_parser::{Event, Parser, ScalarStyle, options};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Nothing: an empty value, `null` or `~`.
    Nothing,
    /// A text, a number, or `true` and the like: as it is written.
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Node,
    /// Its line, from 1 on.
    pub(super) line: usize,
}

impl Node {
    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Returns the text that it is.
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Returns the entries of a list.
    pub(super) fn list(&self) -> &[Self] {
        if let Self::List(entries) = self { entries } else { &[] }
    }
}

/// What is being read: each list or mapping that has begun, and not ended.
enum Open {
    List(Vec<Node>),
    /// With the key whose value comes next.
    Map(Vec<Entry>, Option<(String, usize)>),
}

/// No configuration nests deeper.
const DEEPEST: usize = 64;

/// Reads the one document of a file.
///
/// # Errors
/// With the line, if it is no YAML, or has what no configuration needs: anchors, several documents, a key twice.
pub(super) fn parse(text: &str) -> Result<Node, Diagnostic> {
    let limits = options! { flow_nesting_limit: DEEPEST, block_nesting_limit: DEEPEST };
    let mut open: Vec<Open> = Vec::new();
    let mut whole: Option<Node> = None;
    let mut document = 1;
    for event in Parser::new_from_str_with_options(text, limits) {
        let (event, span) = event
            .map_err(|error| refused(error.marker().line(), "is no YAML", Some(&error.info())))?;
        let line = span.start.line();
        let node = match event {
            Event::Scalar(text, style, ..) => scalar(&text, style),
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(entries)) => Node::List(entries),
                Some(Open::Map(entries, _)) => Node::Map(entries),
                None => continue,
            },
            Event::Alias(..) => return Err(refused(line, "has an alias", None)),
            Event::DocumentStart(..) => {
                document = line;
                continue;
            }
            _ => continue,
        };
        match open.last_mut() {
            Some(Open::List(entries)) => entries.push(node),
            Some(Open::Map(entries, key)) => {
                if let Some((key, line)) = key.take() {
                    entries.push(Entry { key, value: node, line });
                    continue;
                }
                let Node::Text(text) = node else {
                    return Err(refused(line, "has a key that is no text", None));
                };
                if entries.iter().any(|entry| entry.key == text) {
                    return Err(refused(line, "has a key that was there before", None));
                }
                *key = Some((text, line));
            }
            None if whole.as_ref().is_some_and(|whole| *whole != Node::Nothing) => {
                return Err(refused(document, "begins another document", None));
            }
            None => whole = Some(node),
        }
    }
    Ok(whole.unwrap_or(Node::Nothing))
}

fn refused(line: usize, what: &str, why: Option<&str>) -> Diagnostic {
    let error = Diagnostic::error(format!("line {line} {what}"));
    let error = why.into_iter().fold(error, Diagnostic::note);
    error.help("give the file as etcd or the kubelet reads it")
}

fn scalar(text: &str, style: ScalarStyle) -> Node {
    let is_nothing = matches!(text, "" | "~" | "null" | "Null" | "NULL");
    if style == ScalarStyle::Plain && is_nothing {
        return Node::Nothing;
    }
    Node::Text(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_lists_and_texts_are_read() {
        let node = parse(
            "# a\na: 1\nb: [x, 'y z']\nc:\n  d: \"q\\n\"\n  e:\n- f\n".trim_end_matches("- f\n"),
        )
        .expect("YAML");
        assert_eq!(node.get("a").and_then(Node::text), Some("1"));
        let list = node.get("b").expect("a list").list().to_vec();
        assert_eq!(list, [Node::Text("x".to_owned()), Node::Text("y z".to_owned())]);
        let inner = node.get("c").expect("a mapping");
        assert_eq!(
            (inner.get("d").and_then(Node::text), inner.get("e")),
            (Some("q\n"), Some(&Node::Nothing))
        );
        let Node::Map(entries) = &node else { panic!("a mapping") };
        assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn what_no_configuration_has_is_refused_with_its_line() {
        for (text, message) in [
            ("a: 1\na: 2\n", "line 2 has a key that was there before"),
            ("a: &x 1\nb: *x\n", "line 2 has an alias"),
            ("a: 1\n---\nb: 2\n", "line 2 begins another document"),
            ("[a]: 1\n", "line 1 has a key that is no text"),
            ("a: 'b\n", "line 1 is no YAML"),
        ] {
            assert_eq!(parse(text).unwrap_err().message, message);
        }
        let deep = "[".repeat(100_000);
        assert!(parse(&deep).is_err());
        assert_eq!(parse("").expect("YAML"), Node::Nothing);
    }
}
