//! What is refused before TOML is thought of.

use crate::diagnostic::{Diagnostic, Span};

/// The most bytes that a spec may have. Ten thousand clients take a third of it; what does not fit is
/// some other file.
pub const LARGEST: usize = 1024 * 1024;

/// A spec to begin with.
const EXAMPLE: &str = r#"the smallest cluster:

[cluster]
token = "etcd-cluster-1"
etcd = "3.5"

[[member]]
name = "pink"
ip = "192.168.65.101""#;

/// Returns the text of a file, or why it is none.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    if bytes.len() > LARGEST {
        return Err(Box::new(too_large()));
    }
    str::from_utf8(bytes).map_err(|_| {
        let found = secret(&String::from_utf8_lossy(bytes));
        Box::new(found.unwrap_or_else(|| not_utf8(bytes)))
    })
}

/// Says why a text is not even worth parsing.
pub(super) fn refuse(source: &str) -> Option<Diagnostic> {
    if source.len() > LARGEST {
        return Some(too_large());
    }
    if let Some(found) = secret(source) {
        return Some(found);
    }
    if let Some(at) = source.find('\0') {
        return Some(
            Diagnostic::error("the file holds a NUL byte, so it is not text")
                .at(Span::new(at, at + 1), "here")
                .help("write the spec with an editor for plain text"),
        );
    }
    if let Some(found) = conflict(source) {
        return Some(found);
    }
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if source.trim_start_matches('\u{feff}').lines().all(blank) {
        let what = if source.trim().is_empty() { "is empty" } else { "holds only comments" };
        return Some(
            Diagnostic::error(format!("the file {what}: it describes no cluster"))
                .at(Span::at(source.len()), "end of file")
                .help(EXAMPLE),
        );
    }
    None
}

/// Reports a merge that was not resolved: lines with git's own markers, of which one may have been deleted already.
fn conflict(source: &str) -> Option<Diagnostic> {
    let mut at = 0;
    let mut markers = Vec::new();
    for line in source.split_inclusive('\n') {
        let is = |marker: &&str| {
            let rest = line.strip_prefix(*marker);
            let has_name = |rest: &str| *marker != "=======" && rest.starts_with(' ');
            rest.is_some_and(|rest| has_name(rest) || rest.trim_end().is_empty())
        };
        let marker = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].into_iter().find(is);
        markers.extend(marker.map(|marker| (marker, Span::new(at, at + marker.len()))));
        at += line.len();
    }
    let label = |marker: &str| match marker {
        "<<<<<<<" => "one side begins here",
        ">>>>>>>" => "the other ends here",
        _ => "a marker",
    };
    let (first, span) = markers.first()?;
    let found = Diagnostic::error("the file holds the conflict markers of a merge");
    let found = found.at(*span, label(first));
    let last = markers.iter().find(|(marker, _)| *marker == ">>>>>>>" && marker != first);
    let found = match last {
        Some((last, span)) => found.also(*span, label(last)),
        None => found,
    };
    Some(
        found
            .help(
                "of the lines between them, keep in this file those that the cluster is to have from now on, of \
                 both sides where both were meant, and delete the markers",
            )
            .help("cluster.lock comes after that: where it has markers too, the next build says so"),
    )
}

/// Reports a private key or a passphrase, which git and anyone who reads a log would have. Its place is told by
/// words: no line of such a file is shown.
fn secret(source: &str) -> Option<Diagnostic> {
    let is_key = |line: &str| line.contains("-----BEGIN ") && line.contains("PRIVATE KEY-----");
    source.lines().zip(1..).find_map(|(line, number)| {
        let (what, help) = if is_key(line) {
            (
                "a private key",
                "put it into a file of its own, of mode 0600 and out of git, and write its path",
            )
        } else if sets_passphrase(line) {
            (
                "a passphrase",
                "write `passphrase-file`, the path of a file that holds it, of mode 0600 and out of \
                 git; or `passphrase-env`, the name of a variable",
            )
        } else {
            return None;
        };
        let message = format!("line {number} holds {what}, and everybody may read this file");
        let found = Diagnostic::error(message).help(help);
        Some(found.help("once it was committed or sent, it is known: take another one"))
    })
}

/// Tells whether a line gives a value to a key that does not exist, and whose name tells what it would be.
fn sets_passphrase(line: &str) -> bool {
    const QUOTES: [char; 2] = ['"', '\''];
    let bare = line.trim_start().trim_start_matches(QUOTES);
    let rest = ["passphrase", "password"].iter().find_map(|word| bare.strip_prefix(word));
    rest.is_some_and(|rest| rest.trim_start_matches(QUOTES).trim_start().starts_with('='))
}

/// Refuses a file of which no more is read: nobody knows how large it is.
fn too_large() -> Diagnostic {
    Diagnostic::error("the file is larger than 1 MiB, and a spec is not")
        .note("a spec of ten thousand clients has a third of it, so this is some other file or a mistake of what wrote it")
}

fn not_utf8(bytes: &[u8]) -> Diagnostic {
    // Where the first bad byte stands once each bad sequence has become one
    // replacement character.
    let mut chunks = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty());
    let first = chunks.next();
    let (at, byte) =
        first.map_or((0, 0), |c| (c.valid().len(), c.invalid().first().copied().unwrap_or(0)));
    let more = chunks.count();
    let shown = char::REPLACEMENT_CHARACTER.len_utf8();
    let found =
        Diagnostic::error(format!("the file is not UTF-8: byte 0x{byte:02X} at offset {at}"))
            .at(Span::new(at, at + shown), "no character");
    let found = match more {
        0 => found,
        1 => found.note("and in one more place"),
        _ => found.note(format!("and in {more} more places")),
    };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return found.help("this is UTF-16: save the file as UTF-8");
    }
    if bytes.contains(&0) {
        return found.help("this looks like a program or an archive and not like text");
    }
    found.help("save the file as UTF-8")
}
