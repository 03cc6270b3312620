//! Keys and tables that a spec does not have, and what was meant instead.

use super::keys::{Key, Section};
use super::tables::SECTIONS;
use crate::diagnostic::{Diagnostic, Span, quoted};
use bouquet_model::suggest::nearest;
use toml::Spanned;
use toml::de::DeString;

/// Words that people use for the sections, besides misspelling them.
const SYNONYMS: &[(&str, &str)] = &[
    ("member", "node peer server machine host"),
    ("client", "user"),
    ("etcd", "option config"),
    ("tls", "security pki cert certificate ssl"),
];

/// Words that people use for keys.
const KEY_SYNONYMS: &[(&str, &str)] = &[
    ("ip", "address addr ip-address"),
    ("hostname", "host fqdn dns"),
    ("etcd", "version etcd-version"),
    ("token", "cluster-token"),
    ("extra-sans", "san sans"),
    ("common-name", "cn"),
    ("name", "cn common-name"),
    ("valid-for", "validity"),
    ("certs-dir", "cert-dir"),
    ("key", "key-type"),
    ("enabled", "enable"),
    ("formats", "format"),
];

/// Returns the key of `section` that was meant by one that it does not have. Then that
/// one is not missing but misspelt.
pub(super) fn meant(section: &'static Section, written: &str) -> Option<&'static Key> {
    let plain = normal(written);
    let synonyms = |key: &Key| {
        let of = KEY_SYNONYMS.iter().find(|(name, _)| *name == key.name);
        of.map_or("", |(_, words)| words).split(' ')
    };
    let synonym = |key: &&Key| synonyms(key).any(|word| word == plain);
    let same = section.keys.iter().find(|key| is(key, &plain));
    let same = same.or_else(|| section.keys.iter().find(synonym));
    let elsewhere =
        || SECTIONS.iter().any(|section| section.keys.iter().any(|key| is(key, &plain)));
    match same {
        None if elsewhere() => None,
        None => {
            let own = section.keys.iter().map(|key| (key.name, key));
            // Short words are like too many others.
            let long =
                |key| synonyms(key).filter(|word| word.len() > 4).map(move |word| (word, key));
            let others = section.keys.iter().flat_map(long);
            nearest(&plain, own.chain(others))
        }
        same => same,
    }
}

/// Reports a key that `section` does not have; `meant` is what [`meant`] says of it.
pub(super) fn key(
    section: &'static Section,
    key: &Spanned<DeString<'_>>,
    meant: Option<&'static Key>,
    options: &[&str],
) -> Diagnostic {
    let written = key.get_ref();
    let plain = normal(written);
    let message = format!("`{}` has no key {}", section.header, quoted(written));
    let help = match (meant, elsewhere(Some(section), &plain, options)) {
        (Some(key), _) if key.option == Some(&*plain) && key.name != plain => {
            format!("write `{}`: it becomes etcd's `--{plain}`", key.name)
        }
        (Some(key), _) => format!("did you mean `{}`?", key.name),
        (None, Some(elsewhere)) => elsewhere,
        (None, None) => similar(section, &plain, options),
    };
    Diagnostic::error(message).at(key.span(), "unknown").help(help)
}

/// Reports a key of the whole file that is no table.
pub(super) fn root(written: &str, at: Span, options: &[&str]) -> Diagnostic {
    Diagnostic::error(format!("{} stands outside of any table", quoted(written)))
        .at(at, "no table begins above this line")
        .help(elsewhere(None, &normal(written), options).unwrap_or_else(all_tables))
}

/// Reports a table that a spec does not have; `header` is what stands there.
pub(super) fn no_table(header: &str, name: &str, at: Span, options: &[&str]) -> Diagnostic {
    let help = elsewhere(None, &normal(name), options).unwrap_or_else(all_tables);
    unknown_table(header, at).help(help)
}

/// Reports a table under a name that is almost a section's.
pub(super) fn misnamed(section: &Section, header: &str, at: Span) -> Diagnostic {
    unknown_table(header, at).help(format!("did you mean `{}`?", section.header))
}

fn unknown_table(header: &str, at: Span) -> Diagnostic {
    Diagnostic::error(format!("there is no table {}", quoted(header))).at(at, "unknown")
}

fn all_tables() -> String {
    let headers: Vec<_> = SECTIONS.iter().map(|section| format!("`{}`", section.header)).collect();
    format!("the tables are {}", headers.join(", "))
}

/// Returns the section that the name of a table was meant to be.
pub(super) fn table(written: &str) -> Option<&'static Section> {
    let plain = normal(written);
    let single = plain.strip_suffix('s').unwrap_or(&plain);
    let synonym = SYNONYMS
        .iter()
        .find(|(_, words)| words.split(' ').any(|word| word == single))
        .map(|(name, _)| *name);
    let outer = || SECTIONS.iter().filter(|section| !section.name.contains('.'));
    outer()
        .find(|section| {
            Some(section.name) == synonym || section.name == plain || section.name == single
        })
        .or_else(|| nearest(single, outer().map(|section| (section.name, section))))
        .copied()
}

/// Returns where a key that exists belongs.
fn elsewhere(here: Option<&'static Section>, plain: &str, options: &[&str]) -> Option<String> {
    let table = SECTIONS.iter().find(|section| section.name == plain && here.is_some());
    if let Some(table) = table {
        return Some(format!("`{plain}` is a table of its own: write `{}`", table.header));
    }
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

/// Returns what is like it elsewhere, or at last what there is here.
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

/// Tells whether a name, in its plain form, is this key's or that of its option.
fn is(key: &Key, plain: &str) -> bool {
    key.name == plain || key.option == Some(plain)
}

/// Returns a name as etcd writes its flags, from however people write it: a flag with
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
