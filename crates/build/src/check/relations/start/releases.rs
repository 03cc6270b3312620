//! Releases of etcd that its own authors, or its users, warn of.
//!
//! A line without a patch (`etcd = "3.5"`) means any of its releases, and says nothing of the bad ones.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::version::Minor;

/// What is wrong with some releases of a line, from the first of them to the one that puts it right.
struct Fault {
    minor: Minor,
    first: u16,
    fixed: u16,
    what: &'static str,
    source: &'static str,
    concerns: fn(&Subject<'_>) -> bool,
    /// What else helps, for anyone who has to stay.
    instead: Option<&'static str>,
}

const INITIAL_CHECK: &str = "experimental-initial-corrupt-check";

/// The worst of a release first: one message is enough to have it replaced.
const FAULTS: &[Fault] = &[
    Fault {
        minor: Minor::V3_5,
        first: 0,
        fixed: 3,
        what: "can lose committed writes when it is killed, and members then differ for good",
        source: "etcd issue 13766; its authors advise against them in production",
        concerns: |subject| !subject.members().all(|m| m.flag(INITIAL_CHECK) == Some(true)),
        instead: Some(
            "where it has to stay, `experimental-initial-corrupt-check = true` under [etcd] keeps a \
             member that differs from starting",
        ),
    },
    Fault {
        minor: Minor::V3_5,
        first: 0,
        fixed: 5,
        what: "can lose acknowledged writes of a cluster of one member when it is killed",
        source: "etcd issue 14370",
        concerns: |subject| subject.cluster.members.len() == 1,
        instead: None,
    },
    Fault {
        minor: Minor::V3_4,
        first: 0,
        fixed: 21,
        what: "can lose acknowledged writes of a cluster of one member when it is killed",
        source: "etcd issue 14370",
        concerns: |subject| subject.cluster.members.len() == 1,
        instead: None,
    },
    // Whether authentication is on, a build cannot know.
    Fault {
        minor: Minor::V3_4,
        first: 0,
        fixed: 8,
        what: "can come to other data than the other members after a start with authentication on",
        source: "etcd issue 11651; etcd's CHANGELOG-3.4.md, 3.4.8",
        concerns: |subject| subject.cluster.members.len() > 1,
        instead: None,
    },
    Fault {
        minor: Minor::V3_5,
        first: 0,
        fixed: 6,
        what: "can come to another revision than the other members when it is killed during `defrag`",
        source: "etcd's CHANGELOG-3.5.md, 3.5.6",
        concerns: |_| true,
        instead: None,
    },
    Fault {
        minor: Minor::V3_6,
        first: 0,
        fixed: 1,
        what: "panics when it reads the promotion of a learner from its log",
        source: "etcd's CHANGELOG-3.6.md, 3.6.1",
        concerns: |_| true,
        instead: None,
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let version = subject.cluster.version;
    let Some(patch) = version.patch() else { return };
    let fault = FAULTS.iter().find(|fault| {
        let has = fault.minor == version.minor() && (fault.first..fault.fixed).contains(&patch);
        has && (fault.concerns)(subject)
    });
    let Some(Fault { minor, fixed, what, source, instead, .. }) = fault else { return };
    let diagnostic = Diagnostic::warning(format!("etcd {version} {what}"))
        .at(subject.spec.cluster.etcd.span, "")
        .note(*source)
        .help(format!(
            "install {minor}.{fixed} or later, the latest patch at best, and write that here"
        ));
    found.push(instead.iter().fold(diagnostic, |diagnostic, help| diagnostic.help(*help)));
}
