//! What is to be recorded, as a person reads it before it is.

use super::choose::name;
use crate::show::{NAME, paint};
use bouquet_lock::Recorded;
use bouquet_model::change::{Subject, What, changes};
use bouquet_model::diagnostic::quoted;
use bouquet_model::running::Running;
use bouquet_model::settings::OF_OTHERS;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// More names than this are counted.
const NAMES: usize = 12;

/// The word for a member or client that is recorded for the first time, or again.
const TO_BE: &str = "to be recorded";

/// Returns whose records differ, and in what; `gone` is what is said of one that has no record afterwards.
pub(super) fn changed(
    before: &Running,
    after: &Running,
    gone: &str,
) -> BTreeMap<Subject, Vec<String>> {
    let differing = differing(before, after).into_iter();
    let mut changed: BTreeMap<_, Vec<String>> = differing.map(|it| (it, Vec::new())).collect();
    for change in changes(before, after) {
        let text = match &change.what {
            What::Option { name, .. } if OF_OTHERS.contains(&name.as_str()) => continue,
            What::Added => TO_BE.to_owned(),
            What::Removed => gone.to_owned(),
            what => what.to_string(),
        };
        changed.entry(change.subject).or_default().push(text);
    }
    for (subject, texts) in changed.iter_mut().filter(|(_, texts)| texts.is_empty()) {
        let word = match (has(before, subject), has(after, subject)) {
            (false, _) => TO_BE,
            (_, false) => gone,
            _ => "other files",
        };
        texts.push(word.to_owned());
    }
    changed
}

/// Returns the names of the members and clients whose records differ from what is compiled: those that are, and those that
/// are not any more.
pub(crate) fn unrecorded(recorded: &Recorded, compiled: &Running) -> (Vec<String>, Vec<String>) {
    let changed = changed(&recorded.running(), compiled, "");
    let named = changed.keys().filter(|subject| !name(subject).is_empty());
    let (are, were): (Vec<_>, Vec<_>) = named.partition(|subject| has(compiled, subject));
    let texts = |all: Vec<&Subject>| all.into_iter().map(|it| name(it).to_owned()).collect();
    (texts(are), texts(were))
}

fn has(running: &Running, subject: &Subject) -> bool {
    match subject {
        Subject::Cluster => true,
        Subject::Member(name) => running.members.contains_key(name),
        Subject::Client(name) => running.clients.contains_key(name),
    }
}

/// Returns those that differ in more than what follows from others.
fn differing(before: &Running, after: &Running) -> BTreeSet<Subject> {
    let own = |running: &Running| {
        let mut members = running.members.clone();
        for member in members.values_mut() {
            for option in OF_OTHERS {
                member.options.remove(option);
            }
        }
        members
    };
    let mut differing = unequal(&own(before), &own(after), Subject::Member);
    differing.extend(unequal(&before.clients, &after.clients, Subject::Client));
    differing
}

fn unequal<T: PartialEq>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    subject: fn(String) -> Subject,
) -> BTreeSet<Subject> {
    let names =
        before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name));
    names.map(|name| subject(name.clone())).collect()
}

/// Returns a paragraph for all that have the same changes.
pub(super) fn listing(changed: &BTreeMap<Subject, Vec<String>>) -> String {
    let mut groups: Vec<(Vec<&Subject>, &Vec<String>)> = Vec::new();
    let mut places = BTreeMap::new();
    for (subject, texts) in changed {
        let place = *places.entry((kind(subject), texts)).or_insert(groups.len());
        if place == groups.len() {
            groups.push((Vec::new(), texts));
        }
        groups[place].0.push(subject);
    }
    let mut text = String::new();
    for (subjects, texts) in groups {
        let s = if subjects.len() == 1 { "" } else { "s" };
        let names = names(&subjects);
        let head = match kind(subjects[0]) {
            "" => "cluster".to_owned(),
            kind => format!("{kind}{s} {names}"),
        };
        let _ = writeln!(text, "{head}");
        for line in texts {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

const fn kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::Cluster => "",
        Subject::Member(_) => "member",
        Subject::Client(_) => "client",
    }
}

fn names(subjects: &[&Subject]) -> String {
    let shown = subjects.iter().take(NAMES).map(|subject| paint(NAME, quoted(name(subject))));
    let shown: Vec<_> = shown.collect();
    let more = match subjects.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}

/// Returns the words for how many members and clients there are.
pub(super) fn count<'a>(subjects: impl Iterator<Item = &'a Subject>) -> String {
    let (mut members, mut clients) = (0, 0);
    for subject in subjects {
        match subject {
            Subject::Cluster => {}
            Subject::Member(_) => members += 1,
            Subject::Client(_) => clients += 1,
        }
    }
    let words = |count: usize, of: &str| match count {
        0 => None,
        1 => Some(format!("1 {of}")),
        count => Some(format!("{count} {of}s")),
    };
    let both = [words(members, "member"), words(clients, "client")];
    both.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
