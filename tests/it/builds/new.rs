//! Packages that `new` has made: cargo takes them, and builds what was asked for.

use crate::support::cluster::{SPEC, all};
use crate::support::git::git;
use crate::support::package::{Package, new_in, program};
use crate::support::program::{Around, ask};
use crate::support::programs::shell;
use bouquet_build::prove;
use bouquet_model::Cluster;
use bouquet_operate::Work;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::{fs, io};
use tempfile::TempDir;
use toml_edit::{DocumentMut, Item};

/// The root of this repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A package that was made in a folder of some name.
fn made(home: &Path, name: &str, options: &[&str]) -> PathBuf {
    let folder = home.join(name);
    let output = new_in(&folder, options).output().unwrap();
    assert!(output.status.success(), "{name}: {}", all(&output));
    assert!(output.stdout.is_empty(), "{}", all(&output));
    folder
}

/// What cargo makes of the package in a folder, without what it depends on.
fn metadata(folder: &Path) -> serde_json::Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--offline", "--no-deps", "--format-version", "1"]).current_dir(folder);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}: {}", folder.display(), all(&output));
    assert!(output.stderr.is_empty(), "{}: {}", folder.display(), all(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The text of a made spec without the marks of comments before tables and keys.
fn with_all(spec: &str) -> String {
    let is_commented = |line: &str| {
        let rest = line.strip_prefix("# ");
        rest.is_some_and(|rest| rest.starts_with('[') || rest.contains(" = "))
    };
    let line = |line: &str| line[if is_commented(line) { 2 } else { 0 }..].to_owned();
    spec.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn a_made_package_builds_and_runs_and_its_keys_stay_out_of_git_and_packages() {
    let members = [
        "rose=10.0.0.11,rose.example.org",
        "lily=fd00::12,lily.example.org",
        "iris=10.0.0.13,iris.example.org",
    ];
    let options: Vec<&str> = members.iter().flat_map(|member| ["--member", *member]).collect();
    let package = Package::as_made(&[&options[..], &["--client", "backup"]].concat());
    let folder = package.folder.path();
    let output = package.cargo("run").arg("--quiet").output().unwrap();
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    let shown = String::from_utf8(output.stdout).unwrap();
    for part in [
        "etcd          3.6\n",
        "clients       root, backup\n",
        "https://10.0.0.11:2380",
        "https://[fd00::12]:2379",
        "https://10.0.0.13:2380",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let unit = program(folder, &["command", "rose", "-o", "systemd"]).output().unwrap();
    assert!(unit.status.success(), "{}", all(&unit));
    let first = fs::read_to_string(package.path("cluster.toml")).unwrap();
    assert!(first.starts_with("#:schema ./out/cluster.schema.json\n"), "{first}");
    assert!(package.path("out/cluster.schema.json").exists());

    // What git and cargo take.
    let files = [
        ".dockerignore",
        ".gitignore",
        "Cargo.lock",
        "Cargo.toml",
        "build.rs",
        "cluster.lock",
        "cluster.toml",
        "src/main.rs",
    ];
    fs::write(package.path("saved.db"), "").unwrap();
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "."]);
    assert_eq!(git(folder, &["ls-files"]).lines().collect::<Vec<_>>(), files);
    let listed = package.cargo("package").args(["--list", "--allow-dirty"]).output().unwrap();
    let listed = all(&listed);
    assert!(listed.contains("cluster.lock") && !listed.contains("out/"), "{listed}");
    // Whatever is in a .gitignore, that of the build keeps keys out.
    fs::remove_file(package.path(".gitignore")).unwrap();
    git(folder, &["add", "out"]);
    let keys = git(folder, &["ls-files", "out"]);
    assert!(!keys.contains(".key") && !keys.contains(".crt"), "{keys}");
}

#[test]
fn each_way_of_asking_makes_a_cluster() {
    let home = TempDir::new().unwrap();
    let three = ["a=10.0.0.1,a.d", "b=10.0.0.2,b.d", "c=fd00::3,c.d"];
    let three: Vec<&str> = three.iter().flat_map(|member| ["--member", *member]).collect();
    let mut number = 0;
    for etcd in ["3.4", "3.5.33", "3.6", "3.7.3"] {
        for (members, count) in [(&[][..], 3), (&["--member", "a=::1"], 1), (&three, 3)] {
            number += 1;
            let options = [members, &["--etcd", etcd]].concat();
            let folder = made(home.path(), &format!("cluster-{number}"), &options);
            let spec = fs::read_to_string(folder.join("cluster.toml")).unwrap();
            let with_all = with_all(&spec);
            for text in [&spec, &with_all] {
                let (proven, found) = prove(text.as_bytes());
                let said: Vec<_> = found.iter().map(|one| one.message.clone()).collect();
                let cluster = proven.unwrap_or_else(|| panic!("{said:?}\n{text}")).cluster;
                assert_eq!(cluster.members.len(), count);
                assert_eq!(cluster.version.to_string(), etcd);
                assert_eq!(cluster.token, format!("cluster-{number}"));
                assert!(cluster.clients.iter().any(|client| client.name.as_str() == "root"));
                if text == &spec {
                    let others = said.iter().filter(|said| !said.starts_with("one member alone"));
                    assert_eq!(others.collect::<Vec<_>>(), Vec::<&String>::new(), "{text}");
                } else {
                    let has_all = cluster.tls.unwrap().crl && cluster.clients.len() == 2;
                    assert!(has_all, "nothing was in comments: {text}");
                }
            }
        }
    }
}

/// What `new` writes for a command line; nothing, where it refuses that.
fn spec_of(line: &[String]) -> Option<String> {
    static CLUSTER: LazyLock<Cluster> =
        LazyLock::new(|| prove(SPEC.as_bytes()).0.expect("a cluster").cluster);
    let around = Around {
        now: 0,
        folder: Path::new("/home/me"),
        variable: &|_| None,
        read: &|_| Err(io::ErrorKind::NotFound.into()),
        list: &|_| Err(io::ErrorKind::NotFound.into()),
    };
    let words = ["new", "tulips", "--version", "0.1.0"].into_iter();
    let line: Vec<&str> = words.chain(line.iter().map(String::as_str)).collect();
    match ask(&CLUSTER, &[], &line, &around).work {
        Some(Work::New(new)) => {
            let spec = new.files.into_iter().find(|file| file.path == "cluster.toml");
            Some(spec.expect("a spec").text)
        }
        _ => None,
    }
}

proptest! {
    /// Nobody is led to a package that does not build.
    #[test]
    fn what_new_takes_a_build_takes(
        members in proptest::collection::vec(
            (
                select(vec!["a", "b", "c", "A", "root", "x.y", "x-y", "10"]),
                select(vec![
                    "10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2", "127.0.0.1", "127.0.0.2",
                    "::1", "0.0.0.0", "::", "255.255.255.255", "224.0.0.1", "fe80::1", "::ffff:10.0.0.9",
                ]),
                select(vec!["", ",a.example", ",b.example", ",A.example", ",localhost", ",c"]),
            ),
            1..4,
        ),
        etcd in select(vec!["3.4", "3.5", "3.6.16", "3.7"]),
        client in select(vec!["root", "a", "ROOT", "backup"]),
    ) {
        let members = members.iter().map(|(name, ip, host)| format!("--member={name}={ip}{host}"));
        let others = [format!("--etcd={etcd}"), format!("--client={client}")];
        let line: Vec<String> = members.chain(others).collect();
        if let Some(spec) = spec_of(&line) {
            let (proven, found) = prove(spec.as_bytes());
            let said: Vec<_> = found.iter().map(|one| one.message.clone()).collect();
            prop_assert!(proven.is_some(), "{said:?}\n{spec}");
        }
    }
}

/// Cargo's own rules, by cargo itself; the folder is in a workspace that does not know it.
#[test]
fn cargo_takes_the_name_of_every_folder() {
    let home = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for (folder, name) in [
        ("tulips", "tulips"),
        ("Tulips of 2026", "tulips-of-2026"),
        ("10.0.0.5", "etcd-10-0-0-5"),
        ("test", "etcd-test"),
        ("self", "etcd-self"),
        ("deps", "etcd-deps"),
        ("花", "etcd-cluster"),
        ("a_b", "a_b"),
        ("_", "etcd-cluster"),
    ] {
        let made = made(home.path(), folder, &[]);
        let metadata = metadata(&made);
        assert_eq!(metadata["packages"][0]["name"], name);
        let targets = metadata["packages"][0]["targets"].as_array().unwrap();
        assert_eq!(targets.len(), 2, "{targets:?}");
        let dependencies = metadata["packages"][0]["dependencies"].as_array().unwrap();
        let folders = dependencies.iter().map(|dependency| dependency["path"].as_str().unwrap());
        let mut folders: Vec<PathBuf> = folders.map(PathBuf::from).collect();
        folders.sort();
        assert_eq!(folders, ["build", "model", "operate"].map(|of| root().join("crates").join(of)));
    }
}

#[test]
fn clusters_of_a_workspace_are_its_members() {
    let home = TempDir::new().unwrap();
    fs::write(
        home.path().join("Cargo.toml"),
        "[workspace]\nmembers = [\"clusters/*\"]\nresolver = \"3\"\n",
    )
    .unwrap();
    made(home.path(), "clusters/berlin", &[]);
    let paris = made(home.path(), "clusters/paris", &[]);
    let metadata = metadata(home.path());
    assert_eq!(metadata["workspace_members"].as_array().unwrap().len(), 2, "{metadata}");
    // What is in comments there is what the workspace lacks.
    let manifest = fs::read_to_string(paris.join("Cargo.toml")).unwrap();
    let (_, lacks) = manifest.split_once("These belong there:\n").expect("profiles");
    let lacks: String =
        lacks.lines().map(|line| line.trim_start_matches('#').to_owned() + "\n").collect();
    assert_eq!(settings(&lacks, "profile"), settings(&of_root("Cargo.toml"), "profile"));
}

fn of_root(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// All that is set in a table of a file, by its path.
fn settings(text: &str, table: &str) -> BTreeMap<String, String> {
    fn add(path: &str, item: &Item, all: &mut BTreeMap<String, String>) {
        match item.as_table_like() {
            Some(table) => {
                table.iter().for_each(|(key, item)| add(&format!("{path}.{key}"), item, all));
            }
            None => drop(all.insert(path.to_owned(), item.to_string().trim().to_owned())),
        }
    }
    let document: DocumentMut = text.parse().unwrap();
    let mut all = BTreeMap::new();
    add(table, document.get(table).expect("the table"), &mut all);
    all
}

/// A package takes no profile from what it depends on, so that it needs all of ours.
#[test]
fn this_repository_is_made_of_the_same_files() {
    let home = TempDir::new().unwrap();
    let folder = made(home.path(), "tulips", &[]);
    let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    for file in ["build.rs", "src/main.rs"] {
        assert_eq!(text(file), of_root(file), "{file}");
    }
    let [ours, theirs] = [of_root("Cargo.toml"), text("Cargo.toml")];
    assert_eq!(settings(&theirs, "profile"), settings(&ours, "profile"));
    for key in ["edition", "publish", "exclude"] {
        let of = |text: &str| settings(text, "package").get(&format!("package.{key}")).cloned();
        let inherited = settings(&ours, "workspace").get("workspace.package.edition").cloned();
        assert_eq!(of(&theirs), of(&ours).or(inherited), "{key}");
    }
}

#[test]
fn a_program_that_was_copied_asks_for_its_sources() {
    let home = TempDir::new().unwrap();
    let copied = home.path().join("bouquet");
    // By a program: while another test starts one, this process may hold what it writes open for longer.
    shell(&format!("cp '{}' bouquet", env!("CARGO_BIN_EXE_bouquet")), home.path());
    let new = |options: &[&str]| -> Output {
        let mut new = Command::new(&copied);
        new.args(["new", "tulips"]).args(options).current_dir(home.path());
        new.env_remove("CARGO_MANIFEST_DIR").output().unwrap()
    };
    let output = new(&[]);
    let said = all(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for way in ["--path ", "--git ", "--version "] {
        assert!(said.contains(&format!("bouquet new tulips {way}")), "{said}");
    }
    assert!(!home.path().join("tulips").exists());
    let here = root().display().to_string();
    assert!(new(&["--path", &here]).status.success());
    let metadata = metadata(&home.path().join("tulips"));
    assert_eq!(metadata["packages"][0]["dependencies"].as_array().unwrap().len(), 3);
    let again = new(&["--path", &here]);
    assert_eq!(again.status.code(), Some(1), "{}", all(&again));
    assert!(all(&again).contains("`tulips` is not empty"), "{}", all(&again));
}
