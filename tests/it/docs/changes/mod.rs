//! `docs/changes.md`: what a change means, by edits of a spec that are compared as a build does.

mod examples;

use super::page::Page;
use super::tables::put;
use bouquet_build::prove;
use bouquet_model::certificate::{Certificate, wanted};
use bouquet_model::change::{Change, Class, What, changes};
use bouquet_model::cluster::State;
use bouquet_model::option::{OPTIONS, OnChange, Origin};
use bouquet_model::release::{EDGES, FAULTS};
use bouquet_model::running::Running;
use bouquet_model::trust::Side;
use bouquet_model::version::{EtcdVersion, Minor};
use examples::{EXAMPLES, Example};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const PAGE: &str = "docs/changes.md";

/// The spec that is edited.
const SPEC: &str = r#"[cluster]
token = "flowers"
etcd = "3.5.33"

[etcd]
data-dir = "/data/etcd"

[systemd]

[tls]

[ca]

[[member]]
name = "orange"
ip = "10.0.0.1"

[[member]]
name = "pink"
ip = "10.0.0.2"

[[member]]
name = "daffodil"
ip = "10.0.0.3"

[[client]]
name = "root"

"#;

#[test]
fn the_classes_are_as_the_program_has_them() {
    let mut table = "| class | asks for | the build |\n|---|---|---|\n".to_owned();
    for class in Class::ALL {
        let _ = writeln!(table, "| {class} | {} | {} |", class.asks(), class.build());
    }
    put(&mut Page::read(PAGE), "classes", &table);
}

#[test]
fn each_example_is_the_change_that_the_page_says() {
    let mut page = Page::read(PAGE);
    let found: Vec<(&Example, Change)> =
        EXAMPLES.iter().map(|example| (example, change_of(example))).collect();
    for class in Class::ALL.iter().copied() {
        let refused = class == Class::Refused;
        let head = if refused {
            "| change | for example | what would happen | instead | accepted by | and then |\n\
             |---|---|---|---|---|---|\n"
        } else {
            "| change | for example | what comes of it | how it is done |\n|---|---|---|---|\n"
        };
        let mut table = head.to_owned();
        for (example, change) in found.iter().filter(|(_, change)| change.class == class) {
            let mut cells =
                vec![example.change.to_owned(), edit(example), change.consequence(), change.way()];
            if refused {
                cells.push(format!("`{}`", change.accept().expect("it is refused")));
                cells.push(change.procedure());
            }
            let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', r"\|")).collect();
            let _ = writeln!(table, "| {} |", cells.join(" | "));
        }
        assert!(table.len() > head.len(), "{class} has no example");
        put(&mut page, &class.as_str().replace(' ', "-"), &table);
    }
    let kinds: BTreeSet<&str> = found.iter().map(|(_, change)| sort(&change.what)).collect();
    assert_eq!(kinds.len(), 18, "each sort of change has an example: {kinds:?}");
}

#[test]
fn the_options_that_ask_for_more_than_a_restart_are_listed() {
    let mut table = "| | options |\n|---|---|\n".to_owned();
    for on_change in OnChange::ALL.iter().filter(|on_change| **on_change != OnChange::Restart) {
        let options = OPTIONS.iter().filter(|option| {
            let is_written = !matches!(option.origin(), Origin::Refused { .. });
            is_written && option.on_change() == *on_change
        });
        let names: Vec<_> = options.map(|option| format!("`{}`", option.name())).collect();
        let _ = writeln!(table, "| {on_change} | {} |", names.join(", "));
    }
    put(&mut Page::read(PAGE), "options", &table);
}

#[test]
fn what_comes_between_two_minors_is_listed() {
    let mut table = "| from | to | look first | because |\n|---|---|---|---|\n".to_owned();
    for edge in EDGES {
        let least = edge.least.map(|(patch, why)| {
            (format!("`etcd --version` has to show {}.{patch} or later", edge.from), why.to_owned())
        });
        let looks = edge.looks.iter();
        let looks = looks.map(|look| (look.how(), format!("{} ({})", look.why, look.source)));
        for (how, why) in least.into_iter().chain(looks) {
            let (how, why) = (how.replace('|', r"\|"), why.replace('|', r"\|"));
            let _ = writeln!(table, "| {} | {} | {how} | {why} |", edge.from, edge.to);
        }
    }
    put(&mut Page::read(PAGE), "edges", &table);

    let mut table = "| option | 3.4 | 3.5 | 3.6 | 3.7 |\n|---|---|---|---|---|\n".to_owned();
    for option in OPTIONS.iter().filter(|option| option.origin() == Origin::User) {
        let of = |minor: &Minor| option.default(EtcdVersion::new(*minor, Some(u16::MAX)));
        let defaults: Vec<_> = Minor::ALL.iter().map(of).collect();
        let known: BTreeSet<_> = defaults.iter().flatten().collect();
        if known.len() > 1 {
            let cell = |default: Option<&str>| match default {
                Some(default) => format!("`{default}`"),
                None => "–".to_owned(),
            };
            let cells: Vec<_> = defaults.into_iter().map(cell).collect();
            let _ = writeln!(table, "| `{}` | {} |", option.name(), cells.join(" | "));
        }
    }
    put(&mut Page::read(PAGE), "defaults", &table);

    let mut table = "| releases | what | source |\n|---|---|---|\n".to_owned();
    for fault in FAULTS {
        let (minor, first) = (fault.minor, fault.first);
        let last = fault.fixed - 1;
        let releases = if first == last {
            format!("{minor}.{first}")
        } else {
            format!("{minor}.{first} to {minor}.{last}")
        };
        let _ = writeln!(table, "| {releases} | {} | {} |", fault.what, fault.source);
    }
    put(&mut Page::read(PAGE), "releases", &table);
}

/// The change that an example is of, as a build finds it.
fn change_of(example: &Example) -> Change {
    let [before, after] = [example.from, example.to].map(|lines| running(&written(example, lines)));
    let all = changes(&before, &after);
    let found = all.iter().find(|change| kind(&change.what) == example.kind);
    found.unwrap_or_else(|| panic!("{}: {all:?}", example.change)).clone()
}

/// [`SPEC`] with these lines, or tables.
fn written(example: &Example, lines: &str) -> String {
    if example.header.is_empty() {
        return match (SPEC.contains(example.from), example.from) {
            (true, "") | (false, _) => format!("{SPEC}{lines}"),
            (true, from) => SPEC.replace(from, lines),
        };
    }
    let mut spec = SPEC.to_owned();
    for line in example.from.lines() {
        spec = spec.replacen(&format!("{line}\n"), "", 1);
    }
    for line in lines.lines() {
        let key = line.split(' ').next().unwrap_or_default();
        spec = spec.replacen(&format!("\n{key} = \"3.5.33\"\n"), "\n", 1);
        let header = match example.header {
            // The first of these lines is of the first table.
            "[cluster] [etcd]" if key == "etcd" => "[cluster]",
            "[cluster] [etcd]" => "[etcd]",
            header => header.trim_start_matches("each "),
        };
        let with_line = format!("{header}\n{line}\n");
        let count = if example.header.starts_with("each ") { usize::MAX } else { 1 };
        spec = spec.replacen(&format!("{header}\n"), &with_line, count);
    }
    spec
}

/// What runs once a spec is rolled out, with a certificate for each generation, and as many lists as there
/// are revocations.
fn running(spec: &str) -> Running {
    let (proven, found) = prove(spec.as_bytes());
    let mut cluster = proven.unwrap_or_else(|| panic!("{spec}\n{found:?}")).cluster;
    // A build derives that from what is recorded.
    cluster.members.to_mut().iter_mut().for_each(|member| member.state = State::Existing);
    cluster.crl = Some(spec.matches("[[revoked]]").count() as u64);
    let issued = wanted(&cluster).into_iter().map(|wanted| Certificate {
        kind: wanted.kind,
        owner: wanted.owner.map(Into::into),
        common_name: wanted.subject.to_string().into(),
        sans: wanted.sans.into(),
        serial: format!("{:x}", wanted.generation).into(),
        limits_addresses: false,
        fingerprint: [0; 32],
        not_before: 0,
        not_after: 0,
    });
    let issued: Vec<_> = issued.collect();
    Running::of(&cluster, &issued)
}

/// An edit in a cell.
fn edit(example: &Example) -> String {
    let shown = |lines: &str| {
        let lines: Vec<_> = lines.lines().filter(|line| !line.is_empty()).collect();
        match (lines.as_slice(), example.header) {
            ([], _) => "nothing".to_owned(),
            (lines, "") => format!("`{}`", lines.join(" ")),
            (lines, _) => {
                let lines: Vec<_> = lines.iter().map(|line| format!("`{line}`")).collect();
                lines.join(", ")
            }
        }
    };
    let header = match example.header {
        "" => String::new(),
        header => format!("`{header}` "),
    };
    format!("{header}{} → {}", shown(example.from), shown(example.to))
}

/// What an example names its change by: an option's name, or the sort of change.
fn kind(what: &What) -> &str {
    match what {
        What::Option { name, .. } => name,
        What::Scheme { side: Side::Clients, .. } => "client scheme",
        What::Scheme { side: Side::Peers, .. } => "peer scheme",
        What::Unit { key, .. } if key == "user" => "user",
        other => sort(other),
    }
}

/// The sort of a change: a new one has to have a word here, and an example.
const fn sort(what: &What) -> &'static str {
    match what {
        What::Option { .. } => "option",
        What::Spelling { .. } => "spelling",
        What::Version { .. } => "version",
        What::Scheme { .. } => "scheme",
        What::Trust { .. } => "trust",
        What::Certificate(_) => "certificate",
        What::Revocations => "revocations",
        What::Added => "added",
        What::Removed => "removed",
        What::Renamed { .. } => "renamed",
        What::Moved { .. } => "moved",
        What::Swapped { .. } => "swapped",
        What::Several { .. } => "several",
        What::Quorum { .. } => "quorum",
        What::Endpoints { .. } => "endpoints",
        What::CertsDir { .. } => "certs-dir",
        What::Unit { .. } => "variable",
        What::CommonName { .. } => "common-name",
    }
}
