//! Names on the command line and in the environment.

use std::collections::BTreeSet;

use bouquet_model::option::{EtcdOption, OPTIONS};

use super::UNBINDABLE;
use super::at_hand::{sample, with_each};

/// Options that `etcd --help` keeps to itself in some versions, though they work.
const NOT_IN_HELP: &[&str] = &[
    "client-cert-file",
    "client-key-file",
    "config-file",
    "enable-grpc-gateway",
    "experimental-downgrade-check-time",
    "experimental-enable-lease-checkpoint-persist",
    "experimental-memory-mlock",
    "experimental-snapshot-catchup-entries",
    "log-output",
    "peer-client-cert-file",
    "peer-client-key-file",
    "raft-read-timeout",
    "raft-write-timeout",
    "unsafe-no-fsync",
    "version",
];

/// Options that `etcd --help` of 3.7 still shows, though they are gone.
const ONLY_IN_HELP: &[&str] = &["discovery", "discovery-proxy"];

/// Where `etcd --help` does not show the flag's default but what it stands for.
const DEFAULT_IN_WORDS: &[(&str, &str)] = &[
    ("backend-batch-interval", ""),
    ("data-dir", "${name}.etcd"),
    ("experimental-compaction-sleep-interval", "10ms"),
    ("experimental-warning-unary-request-duration", "300ms"),
    ("experimental-watch-progress-notify-interval", "10m"),
    ("max-concurrent-streams", "math.MaxUint32"),
    ("watch-progress-notify-interval", "10m"),
];

#[test]
fn help_shows_the_options_of_the_table() {
    with_each(|etcd| {
        let help = etcd.run(&["--help"], &[]).said;
        let shown: BTreeSet<&str> = help.lines().filter_map(option_in_help).collect();
        let table: BTreeSet<&str> = etcd.options().map(EtcdOption::name).collect();

        let unknown: Vec<&&str> =
            shown.difference(&table).filter(|name| !ONLY_IN_HELP.contains(name)).collect();
        assert!(unknown.is_empty(), "etcd {} has {unknown:?}, the table does not", etcd.version);
        let missing: Vec<&&str> =
            table.difference(&shown).filter(|name| !NOT_IN_HELP.contains(name)).collect();
        assert!(missing.is_empty(), "the table has {missing:?}, etcd {} does not", etcd.version);
    });
}

/// `  --name 'default'` → `name`
fn option_in_help(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("--")?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
    Some(&rest[..end])
}

#[test]
fn help_shows_the_defaults_of_the_table() {
    with_each(|etcd| {
        let help = etcd.run(&["--help"], &[]).said;
        for option in etcd.options() {
            let shown = help
                .lines()
                .filter(|line| option_in_help(line) == Some(option.name()))
                .find_map(|line| line.split_once('\'')?.1.strip_suffix('\''));
            let Some(shown) = shown else { continue };
            let default = option.default(etcd.version).unwrap_or_default();
            let in_words = DEFAULT_IN_WORDS.contains(&(option.name(), shown));
            assert!(
                shown == default || in_words,
                "etcd {}, {}: {shown}",
                etcd.version,
                option.name()
            );
        }
    });
}

#[test]
fn each_etcd_knows_all_flags_of_its_version_with_values_like_ours() {
    with_each(|etcd| {
        let mut flags: Vec<String> = etcd
            .options()
            .filter(|option| option.name() != "version")
            .map(|option| {
                format!("--{}={}", option.name(), sample(option, etcd.version).flag_text())
            })
            .collect();
        flags.push("--version".to_owned());
        let ended = etcd.run(&flags, &[]);
        assert_eq!(ended.code, Some(0), "etcd {}: {}", etcd.version, ended.said);
        assert!(ended.said.contains(&format!("etcd Version: {}", etcd.version)), "{}", ended.said);
    });
}

#[test]
fn no_etcd_knows_a_flag_of_another_version() {
    with_each(|etcd| {
        for option in OPTIONS.iter().filter(|option| !option.versions().contains(etcd.version)) {
            let ended = etcd.run(&[format!("--{}=1", option.name()).as_str(), "--version"], &[]);
            let undefined = format!("flag provided but not defined: -{}", option.name());
            assert!(ended.said.contains(&undefined), "etcd {}: {}", etcd.version, ended.said);
        }
    });
}

#[test]
fn each_etcd_recognises_the_environment() {
    with_each(|etcd| {
        let environment: Vec<(String, String)> = etcd
            .options()
            .filter(|option| !matches!(option.name(), "config-file" | "version"))
            .map(|option| match option.name() {
                "listen-peer-urls" => (option.env_name(), UNBINDABLE.to_owned()),
                _ => (option.env_name(), sample(option, etcd.version).flag_text()),
            })
            .collect();
        let said = etcd.run::<&str>(&[], &environment).said;
        for problem in ["unrecognized environment variable", "invalid value"] {
            assert!(!said.contains(problem), "etcd {}: {said}", etcd.version);
        }
    });
}
