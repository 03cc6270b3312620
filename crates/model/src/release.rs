//! What is known of etcd's releases: which ones to stay away from, and what comes between two minors.

use crate::version::{EtcdVersion, Minor};

/// The option that has a member compare its data with the others' before it serves, up to 3.5.
pub const INITIAL_CHECK: &str = "experimental-initial-corrupt-check";

/// What is wrong with some releases of a line, from the first of them to the one that puts it right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub minor: Minor,
    /// The first patch that has it.
    pub first: u16,
    /// The first patch without it.
    pub fixed: u16,
    /// What such a release does: a clause that follows its version.
    pub what: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// The clusters that have to fear it.
    pub concerns: Concerns,
    /// What else helps, for anyone who has to stay.
    pub instead: Option<&'static str>,
}

/// The clusters that have to fear a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concerns {
    /// All of them.
    All,
    /// Those of one member.
    One,
    /// Those of several members.
    Several,
    /// Those in which not every member has [`INITIAL_CHECK`].
    Unchecked,
}

impl Concerns {
    /// Tells whether they are those with so many members, which all have [`INITIAL_CHECK`], or not.
    pub const fn holds(self, members: usize, are_checked: bool) -> bool {
        match self {
            Self::All => true,
            Self::One => members == 1,
            Self::Several => members > 1,
            Self::Unchecked => !are_checked,
        }
    }
}

const LOSES_OF_ONE: &str =
    "can lose acknowledged writes of a cluster of one member when it is killed";

/// The worst of a release first: one message is enough to have it replaced.
pub static FAULTS: &[Fault] = &[
    Fault {
        minor: Minor::V3_5,
        first: 0,
        fixed: 3,
        what: "can lose committed writes when it is killed, and members then differ for good",
        source: "etcd issue 13766; its authors advise against them in production",
        concerns: Concerns::Unchecked,
        instead: Some(
            "where it has to stay, `experimental-initial-corrupt-check = true` under [etcd] keeps a \
             member that differs from starting",
        ),
    },
    Fault {
        minor: Minor::V3_5,
        first: 0,
        fixed: 5,
        what: LOSES_OF_ONE,
        source: "etcd issue 14370",
        concerns: Concerns::One,
        instead: None,
    },
    Fault {
        minor: Minor::V3_4,
        first: 0,
        fixed: 21,
        what: LOSES_OF_ONE,
        source: "etcd issue 14370",
        concerns: Concerns::One,
        instead: None,
    },
    // Whether authentication is on, a build cannot know.
    Fault {
        minor: Minor::V3_4,
        first: 0,
        fixed: 8,
        what: "can come to other data than the other members after a start with authentication on",
        source: "etcd issue 11651; etcd's CHANGELOG-3.4.md, 3.4.8",
        concerns: Concerns::Several,
        instead: None,
    },
    Fault {
        minor: Minor::V3_5,
        first: 0,
        fixed: 6,
        what: "can come to another revision than the other members when it is killed during `defrag`",
        source: "etcd's CHANGELOG-3.5.md, 3.5.6",
        concerns: Concerns::All,
        instead: None,
    },
    Fault {
        minor: Minor::V3_6,
        first: 0,
        fixed: 1,
        what: "panics when it reads the promotion of a learner from its log",
        source: "etcd's CHANGELOG-3.6.md, 3.6.1",
        concerns: Concerns::All,
        instead: None,
    },
];

/// Returns what is wrong with a release, the worst first. A version without a patch means any release of its
/// line, and nothing is known of it.
pub fn faults(version: EtcdVersion) -> impl Iterator<Item = &'static Fault> {
    FAULTS.iter().filter(move |fault| {
        let has = |patch: u16| (fault.first..fault.fixed).contains(&patch);
        fault.minor == version.minor() && version.patch().is_some_and(has)
    })
}

/// Holds what comes between a minor and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The minor that runs.
    pub from: Minor,
    /// The one after it.
    pub to: Minor,
    /// The first patch of `from` that may run before, and why; `None` where any may.
    pub least: Option<(u16, &'static str)>,
    /// What has to be looked at on each node before the first member starts with `to`.
    pub looks: &'static [Look],
    /// What `from` says when it starts on what `to` wrote.
    pub back: &'static str,
}

/// Something that has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// What comes of it otherwise.
    pub why: &'static str,
    /// Where it is looked at.
    pub place: LookAt,
    /// The command, with `DATA-DIR` for the member's.
    pub command: &'static str,
    /// What it has to show: what follows the command in a sentence.
    pub shows: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// Says where something is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookAt {
    /// On each node.
    Nodes,
    /// In the cluster, by words of `etcdctl`.
    Cluster,
    /// Nowhere now: it was looked at before an earlier minor.
    Past,
}

impl Look {
    /// Returns the command and what it has to show, for a sentence.
    pub fn how(&self) -> String {
        let program = if self.place == LookAt::Cluster { "etcdctl " } else { "" };
        format!("`{program}{}`{}", self.command, self.shows)
    }
}

/// Every minor and the next one.
pub static EDGES: &[Edge] = &[
    Edge {
        from: Minor::V3_4,
        to: Minor::V3_5,
        least: None,
        looks: &[
            Look {
                why: "where there is no snapshot file, 3.5 drops members from its store at its first \
                      start, and 3.6 later shuts them out",
                place: LookAt::Nodes,
                command: "ls DATA-DIR/member/snap/*.snap",
                shows: " has to show a file",
                source: "seen on 3.4.23, 3.5.33 and 3.6.16",
            },
            Look {
                why: "with authentication on, compacting takes the role root from 3.5 on, and an API \
                      server of Kubernetes, which compacts every five minutes, is refused: `permission \
                      denied`",
                place: LookAt::Cluster,
                command: "get none --user=none:none",
                shows: " has to say `authentication is not enabled`; where it says another thing, \
                        `auto-compaction-retention` compacts instead",
                source: "seen on 3.5.33 and 3.6.16; etcd issue 8458",
            },
        ],
        back: "`cluster cannot be downgraded`",
    },
    Edge {
        from: Minor::V3_5,
        to: Minor::V3_6,
        least: Some((
            26,
            "before it, members that were removed can come back, and 3.6 then does not start: `too many \
             learner members in cluster` (etcd issues 20793, 20967)",
        )),
        looks: &[
            Look {
                why: "members that 3.5 dropped from its store are shut out by 3.6: `the member has been \
                      permanently removed from the cluster`",
                place: LookAt::Nodes,
                command: "journalctl -u etcd | grep 'Removing zombie member from v3store'",
                shows: " has to show nothing",
                source: "seen on 3.4.23, 3.5.33 and 3.6.16",
            },
            Look {
                why: "3.6 does not start with data of the second API: `detected disallowed custom content \
                      in v2store`; and 3.7 does not look, and says nothing",
                place: LookAt::Nodes,
                command: "etcdutl check v2store --data-dir DATA-DIR",
                shows: " of 3.5, beside the running etcd, has to end with 0",
                source: "seen on 3.6.16 and 3.7.3",
            },
        ],
        back: "`invalid downgrade; server version is lower than determined cluster version`",
    },
    Edge {
        from: Minor::V3_6,
        to: Minor::V3_7,
        least: Some((11, "etcd's guide asks for it")),
        looks: &[Look {
            why: "3.7 does not look for data of the second API, and says nothing of it",
            place: LookAt::Past,
            command: "etcdutl check v2store --data-dir DATA-DIR",
            shows: " has ended with 0 before 3.6",
            source: "seen on 3.7.3",
        }],
        back: r#"`version "3.7.0" is not supported`"#,
    },
];

/// Returns what comes between two versions, where one is the next minor after the other.
pub fn edge(from: EtcdVersion, to: EtcdVersion) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| edge.from == from.minor() && edge.to == to.minor())
}

/// Returns what comes after a version.
pub fn edge_after(version: EtcdVersion) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| edge.from == version.minor())
}

/// Tells whether the patch that runs is known, and older than the next minor may follow.
pub fn is_too_old(from: EtcdVersion, to: EtcdVersion) -> bool {
    let least = edge(from, to).and_then(|edge| edge.least);
    least.zip(from.patch()).is_some_and(|((least, _), patch)| patch < least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> EtcdVersion {
        EtcdVersion::parse(text).expect(text)
    }

    #[test]
    fn each_minor_has_one_way_to_the_next() {
        for pair in Minor::ALL.windows(2) {
            let [from, to] = [pair[0], pair[1]].map(|minor| EtcdVersion::new(minor, None));
            assert!(edge(from, to).is_some_and(|edge| !edge.looks.is_empty()), "{from} {to}");
            assert_eq!(edge(to, from), None);
        }
        assert_eq!(edge(version("3.4"), version("3.6")), None);
    }

    #[test]
    fn a_patch_that_is_not_known_is_not_too_old() {
        for (from, to, is) in [
            ("3.5", "3.6", false),
            ("3.5.25", "3.6", true),
            ("3.5.26", "3.6.16", false),
            ("3.6.10", "3.7", true),
            ("3.4.0", "3.5", false),
            ("3.5.1", "3.5.33", false),
        ] {
            assert_eq!(is_too_old(version(from), version(to)), is, "{from} {to}");
        }
    }

    #[test]
    fn a_line_without_a_patch_has_no_faults() {
        assert_eq!(faults(version("3.5")).count(), 0);
        assert_eq!(faults(version("3.5.1")).count(), 3);
        assert_eq!(faults(version("3.5.5")).count(), 1);
        assert_eq!(faults(version("3.5.6")).count(), 0);
        assert_eq!(faults(version("3.6.0")).count(), 1);
    }
}
