//! What is done, or would be, for a person and for programs.

use super::deeds::{Deed, Placing};
use crate::show::{GOOD, HINT, paint};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What was done.
#[derive(Debug)]
pub(super) struct Done {
    member: String,
    words: Vec<String>,
    restarted: bool,
}

impl Done {
    pub(super) fn new(member: &str) -> Self {
        Self { member: member.to_owned(), words: Vec::new(), restarted: false }
    }

    /// Adds one; its line.
    pub(super) fn add(&mut self, deed: &Deed) -> String {
        let words = past(deed);
        self.restarted |= matches!(deed, Deed::Restart(_));
        self.words.push(words.clone());
        format!("{words}\n")
    }

    /// Returns the last line.
    pub(super) fn end(&self, state: &str) -> String {
        let nothing = if self.words.is_empty() { "nothing to do; " } else { "" };
        paint(GOOD, format!("{nothing}{} {state}", self.member)) + "\n"
    }
}

/// What was done, in JSON.
#[derive(Serialize)]
struct View<'a> {
    member: &'a str,
    /// Something is other than before.
    changed: bool,
    done: &'a [String],
    restarted: bool,
    state: &'a str,
    /// That of the restore.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

pub(super) fn json(done: &Done, state: &str, token: Option<&str>) -> String {
    crate::show::json(&View {
        member: &done.member,
        changed: !done.words.is_empty(),
        done: &done.words,
        restarted: done.restarted,
        state,
        token,
    })
}

/// Returns what would be done, with the lines of files that would be others.
pub(super) fn planned(deeds: &[Deed]) -> String {
    if deeds.is_empty() {
        return "nothing to do\n".to_owned();
    }
    let lines = deeds.iter().map(|deed| {
        let mut text = format!("would {}\n", future(deed));
        if let Deed::Write { before: Some(before), text: after, .. } = deed {
            text += &difference(before, after);
        }
        text
    });
    lines.collect()
}

/// Returns the lines that differ, with those around them.
fn difference(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(1).to_string();
    let lines = text.lines().map(|line| format!("    {}", paint(HINT, line)));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Returns what is being done, where it takes long.
pub(super) const fn present(deed: &Deed) -> &'static str {
    match deed {
        Deed::Restore(_) => "restoring the data, and starting etcd",
        Deed::Disable => "ending etcd",
        Deed::PutEtcd(_) => "putting etcd into its place",
        _ => "changing this node",
    }
}

fn past(deed: &Deed) -> String {
    match deed {
        Deed::MakeAccount { user, .. } => format!("made the account {user}"),
        Deed::Give { owner, .. } => format!("stopped etcd, and gave its data to {owner}"),
        Deed::SetAside(names) => aside(names, "set aside"),
        Deed::PutCertificates => "put the certificates into their place".to_owned(),
        Deed::Write { place, .. } => format!("wrote {}", shown(place)),
        Deed::Remove { place } => format!("removed {}", shown(place)),
        Deed::PutEtcd(it) => format!("put {}", placed(it)),
        Deed::Reload => "had systemd read its files again".to_owned(),
        Deed::Enable => "had etcd start with the machine".to_owned(),
        Deed::Disable => "ended etcd, which does not start with the machine any more".to_owned(),
        Deed::Restore(it) => format!("restored {}; started etcd", it.content),
        Deed::Start => "started etcd".to_owned(),
        Deed::Restart(reasons) => format!("restarted etcd, for {}", reasons.join(", ")),
    }
}

fn future(deed: &Deed) -> String {
    match deed {
        Deed::MakeAccount { user, .. } => format!("make the account {user}"),
        Deed::Give { owner, .. } => format!("stop etcd, and give its data to {owner}"),
        Deed::SetAside(names) => aside(names, "set aside"),
        Deed::PutCertificates => "put the certificates into their place".to_owned(),
        Deed::Write { place, .. } => format!("write {}", shown(place)),
        Deed::Remove { place } => format!("remove {}", shown(place)),
        Deed::PutEtcd(it) => format!("put {}", placed(it)),
        Deed::Reload => "have systemd read its files again".to_owned(),
        Deed::Enable => "have etcd start with the machine".to_owned(),
        Deed::Disable => "end etcd, and have it not start with the machine".to_owned(),
        Deed::Restore(it) => {
            format!("stop etcd, set its data aside, restore {}, and start it", it.content)
        }
        Deed::Start => "start etcd".to_owned(),
        Deed::Restart(reasons) => format!("restart etcd, for {}", reasons.join(", ")),
    }
}

fn placed(Placing { version, programs, former }: &Placing) -> String {
    let places: Vec<String> = programs.iter().map(|(_, place)| shown(place)).collect();
    let former =
        former.as_ref().map(|folder| format!("; the former ones are in {}", shown(folder)));
    format!("etcd {version} into its place: {}{}", places.join(", "), former.unwrap_or_default())
}

fn aside(names: &[(PathBuf, PathBuf)], word: &str) -> String {
    let name = |(from, to): &(PathBuf, PathBuf)| format!("{} as {}", shown(from), shown(to));
    format!("{word} {}", names.iter().map(name).collect::<Vec<_>>().join(", "))
}

fn shown(place: &Path) -> String {
    place.display().to_string()
}
