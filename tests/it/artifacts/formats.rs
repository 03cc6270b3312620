//! All formats of a member say the same: each is read back into options, and compared.

use crate::support::build::{Output, example};
use crate::support::random::{accepted, config, rendered};
use crate::support::read::{self, Options, SHELLS};
use crate::support::run::stdout;
use crate::support::scope::RELEASES;
use bouquet_model::Cluster;
use bouquet_model::artifact::FORMATS;
use bouquet_model::option::yaml_defaults;
use bouquet_model::settings::settings;
use proptest::proptest;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[test]
fn the_formats_of_behind_nat_agree() {
    formats_agree("behind-nat");
}

#[test]
fn the_formats_of_kubernetes_agree() {
    formats_agree("kubernetes");
}

#[test]
fn the_formats_of_one_machine_agree() {
    formats_agree("one-machine");
}

#[test]
fn the_formats_of_plain_agree() {
    formats_agree("plain");
}

#[test]
fn the_formats_of_shared_agree() {
    formats_agree("shared");
}

#[test]
fn the_formats_of_stateful_set_agree() {
    formats_agree("stateful-set");
}

#[test]
fn the_formats_of_two_networks_agree() {
    formats_agree("two-networks");
}

fn formats_agree(name: &str) {
    // Any release of a line too, which may lack what its later ones have.
    for version in RELEASES.into_iter().chain(["3.5"]) {
        let mut spec: toml_edit::DocumentMut = example(name).parse().expect("TOML");
        spec["cluster"]["etcd"] = toml_edit::value(version);
        if RELEASES.contains(&version) {
            spec["cluster"]["formats"] =
                toml_edit::value(FORMATS.iter().map(|row| row.name).collect::<toml_edit::Array>());
        }
        let output = Output::of(&spec.to_string());
        for member in output.cluster.members.iter() {
            let folder = output.path(&format!("members/{}", member.name));
            agree(&output.cluster, member.name.as_str(), &folder);
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn accepted_specs_agree_in_every_format(spec in accepted(every_release(), |_| true)) {
        let (cluster, folder) = rendered(&spec);
        agree(&cluster, "one", folder.path());
    }
}

fn every_release() -> Vec<String> {
    RELEASES.map(str::to_owned).to_vec()
}

/// Compares the files in a member's folder with each other, and with the settings that they
/// were made from.
fn agree(cluster: &Cluster, member: &str, folder: &Path) {
    let flags = settings(cluster, cluster.member(member).expect(member));
    let expected: Options =
        flags.iter().map(|s| (s.name.to_owned(), s.value.flag_text())).collect();
    for shell in SHELLS {
        same(&expected, &read::command(&folder.join("etcd.sh"), shell), shell);
        same(&expected, &read::env(&folder.join("etcd.env"), shell), shell);
    }
    if !expected.values().any(|value| value.contains('$')) {
        same(&expected, &read::env_by_systemd(&folder.join("etcd.env")), "systemd, etcd.env");
    }
    let (mut by_docker, quoted) = read::options_by_docker(&folder.join("etcd.env"));
    for name in quoted {
        let value = expected[&name].clone();
        let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "_./:,=@%+-".contains(c));
        assert!(!is_plain, "{value} needs no quotes");
        by_docker.insert(name, value);
    }
    same(&expected, &by_docker, "docker");
    same(&expected, &read::unit(&folder.join("etcd.service")), "systemd, etcd.service");
    // An image has a release.
    if cluster.formats.contains(&"static-pod") {
        same(&expected, &read::static_pod(&folder.join("etcd.yaml")), "a kubelet");
        let service = stdout(&mut read::compose(&folder.join("compose.yaml")));
        let service: Value = serde_json::from_str(&service).expect("JSON");
        let words = read::command_of_service(&service["services"]["etcd"]);
        same(&expected, &read::of_etcd(&words), "Docker Compose");
        let unit = read::quadlet(&folder.join("etcd.container"));
        let words = read::exec_words(&unit, "/usr/bin/podman");
        let image = words.iter().position(|word| word.contains("/etcd:v")).expect("an image");
        same(&expected, &read::of_etcd(&words[image + 1..]), "Podman");
        let data = fs::read_to_string(folder.join("cloud-init.yaml")).expect("a file");
        let data: Value = serde_saphyr::from_str(&data).expect("YAML");
        let unit = fs::read_to_string(folder.join("etcd.service")).expect("a unit");
        assert_eq!(data["write_files"][0]["content"].as_str(), Some(unit.as_str()));
    }
    let mut with_defaults = expected.clone();
    // What the file says more is what flags say without being given.
    for (option, default) in yaml_defaults(cluster.version, |name| expected.contains_key(name)) {
        assert_eq!(Some(default.flag_text().as_str()), option.default(cluster.version));
        with_defaults.insert(option.name().to_owned(), default.flag_text());
    }
    let file = read::yaml(&folder.join("etcd.conf.yml"), cluster.version);
    same(&with_defaults, &file, "YAML");
}

/// Equal, or a failure that shows the difference alone.
fn same(expected: &Options, found: &Options, by: &str) {
    let differences: BTreeMap<_, _> = expected
        .keys()
        .chain(found.keys())
        .map(|name| (name, (expected.get(name), found.get(name))))
        .filter(|(_, (expected, found))| expected != found)
        .collect();
    assert!(differences.is_empty(), "read by {by}: {differences:#?}");
}
