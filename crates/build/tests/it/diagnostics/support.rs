//! Specs that are wrong in one place, and what is said of them.
//!
//! The place is marked in the spec itself: an error must point at exactly what stands between
//! `«` and `»`, a warning at what stands between `‹` and `›`, and nothing else may be found.

use bouquet_build::diagnostic::{Diagnostics, Severity, Source, Span, Style};
use bouquet_build::prove;

/// A spec that is accepted without a word, part by part.
#[derive(Clone)]
pub(crate) struct Spec {
    cluster: String,
    etcd: String,
    tls: String,
    members: Vec<String>,
    clients: String,
}

/// Three members, three addresses, one client; the version is exact, and has nearly every option.
pub(crate) fn spec() -> Spec {
    Spec {
        cluster: "token = \"tok-1\"\netcd = \"3.5.30\"".into(),
        etcd: String::new(),
        tls: String::new(),
        members: [("pink", 1), ("orange", 2), ("camellia", 3)].map(member).to_vec(),
        clients: "\n[[client]]\nname = \"root\"\n".into(),
    }
}

/// The same on IPv6.
pub(crate) fn six() -> Spec {
    let of = |(name, number)| member((name, number)).replace("10.0.0.", "fd00::");
    Spec { members: [("pink", 1), ("orange", 2), ("camellia", 3)].map(of).to_vec(), ..spec() }
}

/// A member with a name and an address of its own.
pub(crate) fn member((name, number): (&str, usize)) -> String {
    format!("name = \"{name}\"\nip = \"10.0.0.{number}\"")
}

impl Spec {
    /// The same for this version of etcd.
    pub(crate) fn version(self, version: &str) -> Self {
        self.cluster(&format!("token = \"tok-1\"\netcd = \"{version}\""))
    }

    /// Its `[cluster]`.
    pub(crate) fn cluster(mut self, lines: &str) -> Self {
        lines.clone_into(&mut self.cluster);
        self
    }

    /// Its `[etcd]`.
    pub(crate) fn etcd(mut self, lines: &str) -> Self {
        lines.clone_into(&mut self.etcd);
        self
    }

    /// Its `[tls]`.
    pub(crate) fn tls(mut self, lines: &str) -> Self {
        lines.clone_into(&mut self.tls);
        self
    }

    /// Further sections, as they stand in the file.
    pub(crate) fn also(mut self, sections: &str) -> Self {
        self.clients += &["\n", sections, "\n"].concat();
        self
    }

    /// The member in this place, from the first, 0, on.
    pub(crate) fn member(mut self, place: usize, lines: &str) -> Self {
        lines.clone_into(&mut self.members[place]);
        self
    }

    /// All its members.
    pub(crate) fn members(mut self, members: &[&str]) -> Self {
        self.members = members.iter().map(|lines| (*lines).to_owned()).collect();
        self
    }

    /// All its members, each changed in the same way.
    pub(crate) fn each_member(mut self, change: impl Fn(&str) -> String) -> Self {
        self.members = self.members.iter().map(|lines| change(lines)).collect();
        self
    }

    /// Everything behind its members.
    pub(crate) fn clients(mut self, lines: &str) -> Self {
        self.clients = format!("\n{lines}\n");
        self
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("[cluster]\n{}\n", self.cluster);
        for (header, lines) in [("[etcd]", &self.etcd), ("[tls]", &self.tls)] {
            if !lines.is_empty() {
                text += &["\n", header, "\n", lines, "\n"].concat();
            }
        }
        for member in &self.members {
            text += &["\n[[member]]\n", member, "\n"].concat();
        }
        text + &self.clients
    }
}

/// Shows what is found in a marked spec, having checked that it is found at the marks.
pub(crate) fn findings(spec: &Spec) -> String {
    let (text, marked) = unmarked(&spec.text());
    let (cluster, found) = prove(text.as_bytes());
    let said = found.render(Source::new("cluster.toml", &text), Style::Plain);
    assert_eq!(places(&found), marked, "other places than those that are marked:\n{said}");
    assert_eq!(cluster.is_none(), found.has_errors(), "a cluster is there unless an error is");
    well_said(&found);
    said
}

/// How messages are written: a cause in lower case without a final dot, and what to do.
fn well_said(found: &Diagnostics) {
    for one in found {
        let message = &one.message;
        let etcd_word = |word: &str| message.starts_with(word);
        let first = message.chars().next().expect("a message says something");
        let lower =
            !first.is_uppercase() || ["TLS", "DNS", "YAML", "CA"].into_iter().any(etcd_word);
        assert!(lower, "a message begins in lower case: {message}");
        assert!(!message.ends_with('.'), "a message has no final dot: {message}");
        assert!(!message.contains('\n'), "a message is one line: {message}");
        assert!(!one.help.is_empty(), "a message says what to do: {message}");
        for help in &one.help {
            assert!(!help.ends_with('.'), "help has no final dot: {help}");
        }
    }
}

/// Severity and place of everything found, in the order of the file; what has no place comes last.
fn places(found: &Diagnostics) -> Vec<(Severity, Span)> {
    let place = |d: &&bouquet_build::diagnostic::Diagnostic| {
        d.primary.as_ref().map(|label| (d.severity, label.span))
    };
    let mut places: Vec<_> = found.sorted().iter().filter_map(place).collect();
    places.sort_by_key(|(severity, span)| (span.start, span.end, *severity));
    places.dedup();
    places
}

/// The text without its marks, and what they enclosed.
fn unmarked(text: &str) -> (String, Vec<(Severity, Span)>) {
    let mut plain = String::new();
    let (mut open, mut marked) = (Vec::new(), Vec::new());
    for c in text.chars() {
        match c {
            '«' | '‹' => open.push(plain.len()),
            '»' | '›' => {
                let severity = if c == '»' { Severity::Error } else { Severity::Warning };
                let start = open.pop().expect("a mark ends that has begun");
                marked.push((severity, Span::new(start, plain.len())));
            }
            c => plain.push(c),
        }
    }
    assert!(open.is_empty(), "a mark has no end");
    marked.sort_by_key(|(severity, span)| (span.start, span.end, *severity));
    (plain, marked)
}

/// Compares what is found in a spec with the snapshot that is named as the test is.
macro_rules! finds {
    ($spec:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($crate::diagnostics::support::findings(&$spec));
        })
    };
}

pub(crate) use finds;

/// Requires that a spec is accepted, and that nothing is said of it.
pub(crate) fn silent(spec: &Spec) {
    let said = findings(spec);
    assert!(said.is_empty(), "{said}");
}
