//! From lines of a log to the complaints in them.

use super::complaints::{COMPLAINTS, Complaint, Kind};
use super::words::Words;
use bouquet_model::Cluster;
use std::collections::BTreeMap;

/// A complaint that a log has.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) complaint: &'static Complaint,
    /// The number of the first line that has it, from 1 on.
    pub(crate) first: usize,
    /// The number of the last line that has it.
    pub(crate) last: usize,
    /// How many lines have it.
    pub(crate) count: usize,
    /// What the first of them says.
    pub(crate) excerpt: String,
    /// Who is named in those lines: an address or ID, and whose it is.
    pub(crate) named: BTreeMap<String, String>,
}

impl Known {
    pub(crate) fn is_harmless(&self) -> bool {
        self.complaint.kind == Kind::Harmless
    }
}

/// What a log says.
#[derive(Debug)]
pub(crate) struct Explained {
    /// How many lines it has.
    pub(crate) lines: usize,
    /// What is known of it, by the first lines.
    pub(crate) known: Vec<Known>,
}

/// The most that is shown of a line, in characters.
const LONGEST: usize = 200;

/// Finds what is known in lines of a log. Of each line the complaint counts that has most of its words.
pub(crate) fn explain(
    lines: impl Iterator<Item = impl AsRef<str>>,
    words: &Words<'_>,
) -> Explained {
    let patterns: Vec<(&Complaint, Vec<String>)> = COMPLAINTS
        .iter()
        .filter(|complaint| complaint.kind != Kind::Silence)
        .map(|complaint| (complaint, spans(&words.filled(complaint.says))))
        .collect();
    let mut all: Vec<Known> = Vec::new();
    let mut count = 0;
    for line in lines {
        count += 1;
        // etcd's own logs are JSON, with quotes escaped.
        let line = line.as_ref().replace("\\\"", "\"");
        let Some((complaint, start)) = best(&patterns, &line) else { continue };
        let named = named(words.cluster, &line);
        match all.iter_mut().find(|known| known.complaint.says == complaint.says) {
            Some(known) => {
                known.count += 1;
                known.last = count;
                known.named.extend(named);
            }
            None => all.push(Known {
                complaint,
                first: count,
                last: count,
                count: 1,
                excerpt: excerpt(&line, start),
                named,
            }),
        }
    }
    Explained { lines: count, known: all }
}

/// Returns the texts of a complaint: what stands between backticks.
fn spans(says: &str) -> Vec<String> {
    says.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the complaint of a line, and where in it that begins.
fn best<'a>(
    patterns: &[(&'a Complaint, Vec<String>)],
    line: &str,
) -> Option<(&'a Complaint, usize)> {
    let found = patterns.iter().filter_map(|(complaint, spans)| {
        let all = spans.iter().filter_map(|span| Some((span, start(span, line)?)));
        let (words, start) = all.map(|(span, start)| (weight(span), start)).max()?;
        // What frames a reason counts where the reason is not known.
        Some((complaint.kind != Kind::Frame, words, *complaint, start))
    });
    let (.., complaint, start) =
        found.max_by_key(|(is_reason, length, ..)| (*is_reason, *length))?;
    Some((complaint, start))
}

/// Tells how much of a line a text has.
fn weight(span: &str) -> usize {
    span.chars().filter(|c| *c != '…').count()
}

/// Returns where a text begins in a line, of which `…` stands for anything.
fn start(span: &str, line: &str) -> Option<usize> {
    let mut parts = span.split('…').filter(|part| !part.is_empty());
    let start = line.find(parts.next()?)?;
    let mut rest = &line[start..];
    for part in parts {
        rest = &rest[rest.find(part)? + part.len()..];
    }
    Some(start)
}

/// Returns a line from there on, up to the end of its text.
fn excerpt(line: &str, start: usize) -> String {
    let rest = &line[start..];
    let end = ["\",\"", "\"}"].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    let text = rest[..end].trim();
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Returns the members whose addresses or IDs a line has.
fn named(cluster: Option<&Cluster>, line: &str) -> BTreeMap<String, String> {
    let members = cluster.map_or(&[][..], |cluster| &cluster.members);
    let mut all = BTreeMap::new();
    for member in members {
        let ips = [member.ip, Some(member.listen_ip), member.client_ip].into_iter().flatten();
        let ips = ips.filter(|ip| !ip.is_loopback()).map(|ip| ip.to_string());
        let id = member.id.map(|id| format!("{:x}", id.0));
        for text in ips.chain(id).filter(|text| has(line, text)) {
            all.insert(text, member.name.to_string());
        }
    }
    all
}

/// Tells whether a line has the word, and not as a part of a longer one.
fn has(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let after = &line[at + word.len()..];
        // `10.0.0.1.` ends a sentence, `10.0.0.1.5` is no address of ours.
        let goes_on =
            after.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_numeric));
        !is_part(line[..at].chars().next_back()) && !is_part(after.chars().next()) && !goes_on
    })
}
