//! Keys and tables that a spec does not have, and what was meant instead.

use super::keys::{Key, SECTIONS, Section};
use super::tree::{Entry, Value};
use crate::diagnostic::{Diagnostic, quoted};

/// An unknown key, reported.
pub(super) struct Unknown {
    /// The key or the section that was meant, if it has one name and belongs
    /// here: then that one is not missing but misspelt.
    pub(super) meant: Option<&'static str>,
    pub(super) report: Diagnostic,
}

/// Words that people use for the sections, besides misspelling them.
const SYNONYMS: &[(&str, &str)] = &[
    ("node", "member"),
    ("peer", "member"),
    ("server", "member"),
    ("machine", "member"),
    ("host", "member"),
    ("user", "client"),
    ("option", "etcd"),
    ("config", "etcd"),
    ("security", "tls"),
    ("pki", "tls"),
    ("cert", "tls"),
    ("certificate", "tls"),
    ("ssl", "tls"),
];

/// A key that `section` does not have.
pub(super) fn key(section: &'static Section, entry: &Entry<'_>, options: &[&str]) -> Unknown {
    let written = &*entry.key.value;
    let plain = normal(written);
    let header = section.header;
    let report = Diagnostic::error(format!("`{header}` has no key {}", quoted(written)))
        .at(entry.key.span, "unknown");

    let same = section.keys.iter().find(|key| is(key, &plain));
    if let Some(key) = same {
        return meant(report, key, written);
    }
    if let Some(help) = elsewhere(Some(section), &plain, options) {
        return Unknown { meant: None, report: report.help(help) };
    }
    if let Some(key) = nearest(&plain, section.keys.iter().map(|key| (key.name, key))) {
        return meant(report, key, written);
    }
    Unknown { meant: None, report: report.help(similar(section, &plain, options)) }
}

/// A key of the whole file that is no table of a spec.
pub(super) fn root(entry: &Entry<'_>, options: &[&str]) -> Unknown {
    let written = &*entry.key.value;
    let plain = normal(written);
    let (message, span) = match &entry.value {
        Value::Table(_) => {
            (format!("there is no table {}", quoted(&format!("[{written}]"))), entry.span)
        }
        Value::Tables(_) => {
            (format!("there is no table {}", quoted(&format!("[[{written}]]"))), entry.span)
        }
        _ => (format!("{} stands outside of any table", quoted(written)), entry.key.span),
    };
    let report = Diagnostic::error(message).at(span, "unknown");
    let help = elsewhere(None, &plain, options).unwrap_or_else(|| {
        let headers: Vec<_> =
            SECTIONS.iter().map(|section| format!("`{}`", section.header)).collect();
        format!("the tables are {}", headers.join(", "))
    });
    Unknown { meant: None, report: report.help(help) }
}

/// The section that a name at the root was meant to be.
pub(super) fn table(written: &str, is_table: bool) -> Option<&'static Section> {
    if !is_table {
        return None;
    }
    let plain = normal(written);
    let single = plain.strip_suffix('s').unwrap_or(&plain);
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == single).map(|(_, name)| *name);
    let outer = || SECTIONS.iter().filter(|section| !section.name.contains('.'));
    outer()
        .find(|section| {
            Some(section.name) == synonym || section.name == plain || section.name == single
        })
        .or_else(|| nearest(single, outer().map(|section| (section.name, section))))
        .copied()
}

fn meant(report: Diagnostic, key: &'static Key, written: &str) -> Unknown {
    let help = match key.option {
        Some(option) if normal(written) == option && option != key.name => {
            format!("write `{}`: it becomes etcd's `--{option}`", key.name)
        }
        _ => format!("did you mean `{}`?", key.name),
    };
    Unknown { meant: Some(key.name), report: report.help(help) }
}

/// Where a key that exists belongs.
fn elsewhere(here: Option<&'static Section>, plain: &str, options: &[&str]) -> Option<String> {
    let homes: Vec<_> = SECTIONS
        .iter()
        .filter(|section| here.is_none_or(|here| here.name != section.name))
        .filter(|section| section.keys.iter().any(|key| is(key, plain)))
        .map(|section| format!("`{}`", section.header))
        .collect();
    if !homes.is_empty() {
        return Some(format!("`{plain}` belongs in {}", homes.join(" or ")));
    }
    let inner = here.filter(|here| here.name == "member");
    let home = inner.map_or("`[etcd]`", |_| "`[member.etcd]`, or in `[etcd]` for every member");
    options
        .contains(&plain)
        .then(|| format!("`{plain}` is an option of etcd and belongs in {home}"))
}

/// What is like it elsewhere, or at last what there is here.
fn similar(section: &Section, plain: &str, options: &[&str]) -> String {
    let others = SECTIONS
        .iter()
        .flat_map(|section| section.keys.iter().map(move |key| (key.name, *section)));
    if let Some(home) = nearest(plain, others.clone()) {
        let name = nearest(plain, others.map(|(name, _)| (name, name))).unwrap_or_default();
        return format!("did you mean `{name}`, in `{}`?", home.header);
    }
    if let Some(option) = nearest(plain, options.iter().map(|name| (*name, *name))) {
        return format!("did you mean etcd's option `{option}`, in `[etcd]`?");
    }
    let names: Vec<_> = section.keys.iter().map(|key| format!("`{}`", key.name)).collect();
    format!("its keys are {}", names.join(", "))
}

/// Whether a name, in its plain form, is this key's or that of its option.
fn is(key: &Key, plain: &str) -> bool {
    key.name == plain || key.option == Some(plain)
}

/// A name as etcd writes its flags, from however people write it: a flag with
/// its dashes, snake case, camel case, the environment's `ETCD_…`.
fn normal(written: &str) -> String {
    let bare = written.trim().trim_start_matches('-');
    let bare = bare.strip_prefix("ETCD_").unwrap_or(bare);
    let mut plain = String::with_capacity(bare.len() + 4);
    let mut before_is_small = false;
    // No name of ours is nearly as long as this; the rest would only cost time.
    for c in bare.chars().take(80) {
        if c.is_uppercase() && before_is_small {
            plain.push('-');
        }
        before_is_small = c.is_lowercase();
        plain.extend(if matches!(c, '_' | ' ') { '-' } else { c }.to_lowercase());
    }
    plain
}

/// The candidate most like a name, if any is like it at all: up to one slip in
/// three characters.
fn nearest<'n, T>(name: &str, candidates: impl Iterator<Item = (&'n str, T)>) -> Option<T> {
    let length = name.chars().count();
    candidates
        .filter(|(candidate, _)| candidate.len().abs_diff(length) <= candidate.len() / 3)
        .map(|(candidate, it)| (strsim::damerau_levenshtein(name, candidate), candidate.len(), it))
        .filter(|(distance, candidate, _)| *distance <= (candidate.max(&length) / 3).clamp(1, 3))
        .min_by_key(|(distance, ..)| *distance)
        .map(|(.., it)| it)
}
