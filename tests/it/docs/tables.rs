//! Tables that follow from the program stand in the documents as the program has them.

use super::page::Page;
use super::writes;
use bouquet_build::spec::{Key, Required, SECTIONS, Section};
use bouquet_model::option::{EtcdOption, Kind, OPTIONS, Origin, Successor};
use bouquet_model::version::Minor;
use bouquet_operate::{COMPLAINTS, Words};
use std::borrow::Cow;
use std::fmt::Write as _;

#[test]
fn every_key_of_every_table_is_documented_as_it_is() {
    let mut page = Page::read("docs/spec.md");
    for section in SECTIONS {
        let heading = format!("\n## `{}`\n", section.header);
        assert!(page.text.contains(&heading), "docs/spec.md has no heading{heading}");
        if !section.keys.is_empty() {
            put(&mut page, section.name, &keys(section));
        }
    }
    assert_eq!(
        page.text.matches("<!-- table ").count(),
        SECTIONS.iter().filter(|s| !s.keys.is_empty()).count()
    );
}

#[test]
fn every_option_is_listed_as_it_is() {
    let mut page = Page::read("docs/options.md");
    for (name, origin) in [
        ("user", is_user as fn(&EtcdOption) -> bool),
        ("derived", is_derived),
        ("refused", is_refused),
    ] {
        put(&mut page, name, &options(OPTIONS.iter().filter(|option| origin(option)), name));
    }
}

#[test]
fn what_etcd_complains_of_is_explained_as_doctor_does_it() {
    let words = Words::of_the_guide();
    let mut table = "| etcd says | why | do |\n|---|---|---|\n".to_owned();
    for complaint in COMPLAINTS {
        let cells = [complaint.says, complaint.why, complaint.remedy].map(|it| words.filled(it));
        let _ = writeln!(table, "| {} |", cells.join(" | "));
    }
    put(&mut Page::read("docs/guide.md"), "complaints", &table);
}

/// Puts a table between its marks, or finds it there.
pub(crate) fn put(page: &mut Page, name: &str, table: &str) {
    let (begin, end) = (format!("<!-- table {name} -->\n"), "<!-- end -->".to_owned());
    let start = page.text.find(&begin).unwrap_or_else(|| panic!("{} has no {begin}", page.path));
    let start = start + begin.len();
    let length = page.text[start..].find(&end).expect("a table has an end");
    if writes() {
        page.text.replace_range(start..start + length, table);
        page.write();
    } else {
        assert_eq!(&page.text[start..start + length], table, "{}: {name}", page.path);
    }
}

fn keys(section: &Section) -> String {
    let mut table =
        "| key | takes | default | example | becomes | what it is |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for key in section.keys {
        let option = key.option.map_or_else(String::new, |name| format!("`--{name}`"));
        let cells = [
            format!("`{}`", key.name),
            key.kind.words().to_owned(),
            default(key).into_owned(),
            format!("`{}`", key.example),
            option,
            key.doc(),
        ];
        let _ = writeln!(table, "| {} |", cells.join(" | "));
    }
    table
}

fn default(key: &Key) -> Cow<'static, str> {
    match (key.required, key.default) {
        (Required::Always, _) => "**required**".into(),
        (Required::Unless { key, value }, _) => {
            format!("**required**, unless `{key} = \"{value}\"`").into()
        }
        (Required::Never, "") => "none".into(),
        (Required::Never, default) => default.into(),
    }
}

fn is_user(option: &EtcdOption) -> bool {
    option.origin() == Origin::User
}

fn is_derived(option: &EtcdOption) -> bool {
    matches!(option.origin(), Origin::Derived { .. })
}

fn is_refused(option: &EtcdOption) -> bool {
    matches!(option.origin(), Origin::Refused { .. })
}

fn options(options: impl Iterator<Item = &'static EtcdOption>, name: &str) -> String {
    let (third, has_type) = match name {
        "user" => ("later", true),
        "derived" => ("follows from", false),
        _ => ("why not", false),
    };
    let mut table = format!(
        "| option |{} versions | what it is | {third} |\n",
        if has_type { " takes |" } else { "" }
    );
    table += if has_type { "|---|---|---|---|---|\n" } else { "|---|---|---|---|\n" };
    for option in options {
        let kind = if has_type { format!(" {} |", takes(option)) } else { String::new() };
        let last = match option.origin() {
            Origin::User => later(option),
            Origin::Derived { from } => from.to_owned(),
            Origin::Refused { why } => why.to_owned(),
        };
        let _ = writeln!(
            table,
            "| `{}` |{kind} {} | {} | {last} |",
            option.name(),
            versions(option),
            option.doc()
        );
    }
    table
}

/// In the words of docs/spec.md, with the range of a number.
fn takes(option: &EtcdOption) -> String {
    match option.range() {
        Some(range) => format!("{}: {range}", kind(option)),
        None => kind(option),
    }
}

fn kind(option: &EtcdOption) -> String {
    match option.kind() {
        Kind::Bool => "boolean".into(),
        Kind::Int(_) => match option.unit() {
            Some(unit) => format!("integer ({unit})"),
            None => "integer".into(),
        },
        Kind::Size(_) => "size".into(),
        Kind::Duration(_) => "duration".into(),
        Kind::Retention => "duration or integer".into(),
        Kind::List { .. } => "list".into(),
        Kind::Text
        | Kind::TokenProvider
        | Kind::HostPort
        | Kind::Rotation
        | Kind::PackageLevels => "string".into(),
        Kind::Path => "path".into(),
        Kind::Enum(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("`{}`", word.text)).collect();
            words.join(", ")
        }
    }
}

fn versions(option: &EtcdOption) -> String {
    let firsts = Minor::ALL.map(|minor| (minor, option.versions().first_patch(minor)));
    if firsts.iter().all(|(_, patch)| *patch == Some(0)) {
        return "all".into();
    }
    let parts = firsts.iter().filter_map(|(minor, patch)| match patch {
        Some(0) => Some(minor.to_string()),
        Some(patch) => Some(format!("{minor}.{patch}+")),
        None => None,
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn later(option: &EtcdOption) -> String {
    match option.successor() {
        Successor::None => String::new(),
        Successor::Renamed(name) => format!("`{name}`"),
        Successor::Gate(gate) => format!("`feature-gates = [\"{gate}=true\"]`"),
        Successor::Setting(name, value) => format!("`{name} = \"{value}\"`"),
        Successor::Gone(why) => why.to_owned(),
    }
}
