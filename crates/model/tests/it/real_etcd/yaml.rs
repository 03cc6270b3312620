//! Keys and forms in the configuration file.

use bouquet_model::option::{EtcdOption, Yaml, YamlForm};
use bouquet_model::version::{EtcdVersion, Minor};

use super::at_hand::{Etcd, is_new_name, is_old_name, sample, with_each, yaml_file};
use super::{REFUSAL, UNBINDABLE};

/// The entries of a configuration file for these options, and the key that ends the run.
fn file_of<'a>(etcd: &Etcd, options: impl Iterator<Item = &'a &'static EtcdOption>) -> String {
    let entries = options.filter_map(|option| match option.yaml(etcd.version) {
        Yaml::Key { path, form } => Some((path, sample(option, etcd.version).yaml_text(form))),
        Yaml::None => None,
    });
    let last: (&'static [&'static str], String) =
        (&["listen-peer-urls"], format!("\"{UNBINDABLE}\""));
    yaml_file(entries.chain([last]))
}

#[test]
fn each_etcd_reads_yaml_in_our_forms() {
    with_each(|etcd| {
        let options: Vec<&EtcdOption> = etcd.options().collect();
        let old = options.iter().filter(|option| !is_new_name(option));
        let new = options.iter().filter(|option| !is_old_name(option));
        for (name, yaml) in [("old", file_of(etcd, old)), ("new", file_of(etcd, new))] {
            let ended = etcd.run_with_file(name, &yaml);
            assert!(ended.said.contains(REFUSAL), "etcd {}: {}\n{yaml}", etcd.version, ended.said);
        }
    });
}

#[test]
fn each_yaml_key_is_one_that_etcd_reads() {
    with_each(|etcd| {
        for option in etcd.options() {
            let Yaml::Key { path, form } = option.yaml(etcd.version) else {
                continue;
            };
            let wrong = match form {
                YamlForm::Nanoseconds => "2h",
                YamlForm::Bool | YamlForm::Int | YamlForm::List => "word",
                YamlForm::Str | YamlForm::Csv => "[word]",
            };
            let ended = etcd.run_with_file("wrong", &yaml_file([(path, wrong.to_owned())]));
            let complains = ended.said.contains("cannot unmarshal");
            assert!(complains, "etcd {} takes {wrong} for {path:?}: {}", etcd.version, ended.said);
        }
    });
}

#[test]
fn etcd_does_not_read_yaml_keys_of_options_without_one() {
    with_each(|etcd| {
        let none = etcd.options().filter(|option| option.yaml(etcd.version) == Yaml::None);
        let mut entries: Vec<(&'static [&'static str], String)> = Vec::new();
        for option in none {
            let own_name = std::slice::from_ref(Box::leak(Box::new(option.name())));
            // Where a later version has the key, this one must not.
            let later = match option.yaml(EtcdVersion::new(Minor::V3_6, Some(0))) {
                Yaml::Key { path, .. } => path,
                Yaml::None => own_name,
            };
            entries.extend([own_name, later].map(|path| (path, "[[{}]]".to_owned())));
        }
        entries.push((&["listen-peer-urls"], format!("\"{UNBINDABLE}\"")));
        let yaml = yaml_file(entries);
        let ended = etcd.run_with_file("none", &yaml);
        assert!(ended.said.contains(REFUSAL), "etcd {}: {}\n{yaml}", etcd.version, ended.said);
    });
}
