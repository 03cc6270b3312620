//! What a build writes is what `adopt` reads: the spec that comes of it has members run with the same options.

use crate::support::build::{EXAMPLES, Output, build_in, example};
use crate::support::program::{Around, ask};
use crate::support::random::{accepted, config, rendered};
use crate::support::scope::RELEASES;
use bouquet_model::Cluster;
use bouquet_model::artifact::{Format, formats};
use bouquet_model::certificate::wanted;
use bouquet_model::cluster::{Member, Setting};
use bouquet_model::option::find;
use bouquet_model::settings::settings;
use bouquet_operate::{Exit, Outcome};
use proptest::proptest;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The forms that `adopt` reads.
fn read(cluster: &Cluster) -> impl Iterator<Item = &'static Format> {
    let read = ["command", "env", "yaml", "systemd", "static-pod"];
    formats(cluster).filter(move |format| read.contains(&format.name))
}

#[test]
fn every_example_is_adopted_in_every_format() {
    for name in EXAMPLES {
        let output = Output::of(&example(name));
        let (cluster, certs) = (&output.cluster, copies(&output));
        for format in read(cluster) {
            let file =
                |member: &Member| output.path(&format!("members/{}/{}", member.name, format.file));
            let files: Vec<PathBuf> = cluster.members.iter().map(file).collect();
            let spec = adopted(cluster, format, &files, Some(&certs));
            let (proven, found) = bouquet_build::prove(spec.as_bytes());
            let again =
                proven.unwrap_or_else(|| panic!("{name}, {}: {found:?}\n{spec}", format.name));
            same(cluster, &again.cluster, &format!("{name}, {}:\n{spec}", format.name));
            assert_eq!(sans(cluster), sans(&again.cluster), "{name}:\n{spec}");
        }
    }
}

/// Its CA goes on to issue where its certificate and key are: a build of the spec that was written takes both.
#[test]
fn what_was_adopted_is_built_by_the_same_ca() {
    let output = Output::of(&example("kubernetes"));
    let cluster = &output.cluster;
    let files: Vec<PathBuf> = cluster
        .members
        .iter()
        .map(|member| output.path(&format!("members/{}/etcd.env", member.name)))
        .collect();
    let format = formats(cluster).find(|format| format.name == "env").expect("a format");
    let spec = adopted(cluster, format, &files, Some(&copies(&output)));
    let key = output.path("pki/ca.key");
    let spec = spec.replace("# key = \"…\"", &format!("key = {:?} #", key.display().to_string()));
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let (is_built, said) = build_in(folder.path(), &spec, SystemTime::now());
    assert!(is_built, "{said}\n{spec}");
    let ca = |out: &Path| {
        fs::read(out.join("members").join(cluster.members[0].name.as_str()).join("certs/ca.crt"))
    };
    let theirs = fs::read(output.path("pki/ca.crt")).expect("a CA");
    assert_eq!(ca(&folder.path().join("out")).expect("a CA"), theirs);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn accepted_specs_are_adopted_in_every_format(spec in accepted(RELEASES.map(str::to_owned).to_vec(), |_| true)) {
        let (cluster, folder) = rendered(&spec);
        for format in read(&cluster) {
            let again = adopted(&cluster, format, &[folder.path().join(format.file)], None);
            let (proven, found) = bouquet_build::prove(again.as_bytes());
            let proven = proven.unwrap_or_else(|| panic!("{}: {found:?}\n{again}", format.name));
            same(&cluster, &proven.cluster, &format!("{}:\n{again}", format.name));
        }
    }
}

/// Returns a folder with copies of what members have, a folder for each.
fn copies(output: &Output) -> PathBuf {
    let copies = output.beside("copies");
    for member in output.cluster.members.iter().filter(|_| output.cluster.tls.is_some()) {
        let folder = copies.join(member.name.as_str());
        fs::create_dir_all(&folder).expect("a folder");
        for entry in fs::read_dir(output.path(&format!("members/{}/certs", member.name)))
            .expect("certificates")
        {
            let entry = entry.expect("an entry");
            if entry.path().extension().is_some_and(|end| end == "crt") {
                fs::copy(entry.path(), folder.join(entry.file_name())).expect("a copy");
            }
        }
    }
    copies
}

/// Returns the spec that comes of these files, of which all is said.
fn adopted(cluster: &Cluster, format: &Format, files: &[PathBuf], certs: Option<&Path>) -> String {
    let version = cluster.version.to_string();
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let certs = certs.map(|certs| certs.display().to_string());
    let mut line = vec!["adopt", "--etcd", &version];
    line.extend(certs.iter().flat_map(|certs| ["--certs", certs]));
    line.extend(files.iter().map(String::as_str));
    let around = Around {
        now: 0,
        folder: Path::new("/home"),
        variable: &|_| None,
        read: &|path| fs::read(path),
        list: &|_| Ok(Vec::new()),
    };
    let Outcome { stdout, stderr, exit, .. } = ask(cluster, &[], &line, &around);
    assert_eq!(exit, Exit::Done, "{}:\n{stderr}\n{stdout}", format.name);
    stdout
}

/// Members run with the same, by default or not: only that they ran before is new.
fn same(one: &Cluster, other: &Cluster, which: &str) {
    let names = |cluster: &Cluster| -> Vec<String> {
        cluster.members.iter().map(|member| member.name.to_string()).collect()
    };
    assert_eq!(names(one), names(other), "{which}");
    for (member, again) in one.members.iter().zip(other.members.iter()) {
        let (is, was) = (in_force(other, again), in_force(one, member));
        let differing: Vec<_> = is
            .iter()
            .filter(|(name, value)| was.get(*name) != Some(value))
            .map(|(name, value)| (name, value, was.get(name)))
            .collect();
        assert!(differing.is_empty(), "{}: {differing:#?}\n{which}", member.name);
    }
}

/// Every option of either, by its name.
fn in_force(cluster: &Cluster, member: &Member) -> BTreeMap<&'static str, String> {
    let all = settings(cluster, member);
    let value = |name: &'static str| {
        let given = all.iter().find(|setting: &&Setting| setting.name == name);
        let given = given.map(|setting| setting.value.flag_text());
        let default = || Some(find(name)?.default(cluster.version)?.to_owned());
        (name, given.or_else(default).unwrap_or_default())
    };
    let names = bouquet_model::option::names().filter(|name| *name != "initial-cluster-state");
    names.map(value).collect()
}

/// The names and addresses of each certificate of a member, in any order.
fn sans(cluster: &Cluster) -> Vec<BTreeSet<String>> {
    let of_members = wanted(cluster).into_iter().filter(|wanted| wanted.kind.server_auth());
    of_members.map(|wanted| wanted.sans.iter().map(ToString::to_string).collect()).collect()
}
