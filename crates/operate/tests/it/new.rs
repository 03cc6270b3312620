//! `new`: what a package of one's own is made of, and what is refused.

use crate::common::{DAY, World, flowers};
use bouquet_operate::{Exit, New, Outcome, Work};

/// The part of this project's own `Cargo.toml` that leads to its crates.
const CHECKOUT: &str = "[workspace]\nmembers = [\"crates/*\"]\n\
    [workspace.dependencies]\n\
    bouquet-model = { path = \"crates/model\" }\n\
    bouquet-build = { path = \"crates/build\" }\n\
    bouquet-operate = { path = \"crates/operate\" }\n\
    [dependencies]\nbouquet-model.workspace = true\nbouquet-operate.workspace = true\n\
    [build-dependencies]\nbouquet-build.workspace = true\n";

/// A clone of this project, from which cargo runs the program.
fn world() -> World {
    World::new()
        .with_file("/home/me/bouquet/Cargo.toml", CHECKOUT.as_bytes())
        .with_file("/home/me/bouquet/crates/model/Cargo.toml", b"")
        .with_file("/home/me/bouquet/crates/build/Cargo.toml", b"")
        .with_file("/home/me/bouquet/crates/operate/Cargo.toml", b"")
        .with_executable("/home/me/bouquet/target/debug/bouquet")
}

/// What `new` leaves to be done in a world.
fn made(world: &World, line: &[&str]) -> New {
    let line: Vec<&str> = ["new"].iter().chain(line).copied().collect();
    let Outcome { stdout, stderr, exit, work } = world.flowers(&line);
    assert_eq!((stdout.as_str(), stderr.as_str(), exit), ("", "", Exit::Done));
    match work {
        Some(Work::New(new)) => new,
        other => panic!("{other:?}"),
    }
}

/// What it says where it makes none.
fn refused(world: &World, line: &[&str]) -> (String, u8) {
    let line: Vec<&str> = ["new"].iter().chain(line).copied().collect();
    let outcome = world.flowers(&line);
    assert_eq!((outcome.stdout.as_str(), outcome.work), ("", None));
    (outcome.stderr, outcome.exit.code())
}

fn text<'a>(new: &'a New, path: &str) -> &'a str {
    let file = new.files.iter().find(|file| file.path == path);
    &file.unwrap_or_else(|| panic!("{path}")).text
}

/// All files, each under its path.
fn all(new: &New) -> String {
    let file = |file: &bouquet_operate::File| format!("--- {}\n{}", file.path, file.text);
    let files: String = new.files.iter().map(file).collect();
    format!("{}\n{files}--- told\n{}", new.folder.display(), new.told)
}

#[test]
fn members_that_are_named_are_written() {
    let line = [
        "../tulips",
        "--member",
        "rose=10.0.0.1,rose.example.org",
        "--member",
        "lily=fd00::12,lily.example.org",
        "--member",
        "iris=10.0.0.3,iris.example.org",
        "--client",
        "backup",
        "--client",
        "root",
    ];
    insta::assert_snapshot!("new_with_members", all(&made(&world(), &line)));
}

#[test]
fn without_members_there_is_an_example() {
    let new = made(&world(), &["/srv/Tulips of 2026"]);
    insta::assert_snapshot!("new_with_an_example", all(&new));
}

#[test]
fn the_package_is_made_where_it_was_asked_for() {
    for (asked, folder) in [
        ("tulips", "/home/me/flowers/tulips"),
        ("./tulips/", "/home/me/flowers/tulips"),
        ("../a/../b/tulips", "/home/me/b/tulips"),
        ("/srv/deep/tulips", "/srv/deep/tulips"),
    ] {
        assert_eq!(made(&world(), &[asked]).folder.to_str(), Some(folder), "{asked}");
    }
    let cloned = world().with_file("/home/me/flowers/.git", b"");
    let new = made(&cloned, &["."]);
    assert_eq!(new.folder.to_str(), Some("/home/me/flowers"));
    assert!(text(&new, "Cargo.toml").contains("name = \"flowers\""));
    assert!(new.told.contains("`cargo run`") && !new.told.contains("git init"), "{}", new.told);
}

#[test]
fn names_are_made_of_the_folders() {
    for (folder, name, token) in [
        ("tulips", "tulips", "tulips"),
        ("Tulips", "tulips", "Tulips"),
        ("etcd.berlin", "etcd-berlin", "etcd.berlin"),
        ("my cluster", "my-cluster", "my-cluster"),
        ("3rd", "etcd-3rd", "3rd"),
        ("10.0.0.5", "etcd-10-0-0-5", "10.0.0.5"),
        ("test", "etcd-test", "test"),
        ("crate", "etcd-crate", "crate"),
        ("build", "etcd-build", "build"),
        ("bouquet-model", "etcd-bouquet-model", "bouquet-model"),
        ("-x-", "x", "-x-"),
        ("花", "etcd-cluster", "etcd-cluster"),
    ] {
        let new = made(&world(), &["--", &format!("/srv/{folder}")]);
        assert!(text(&new, "Cargo.toml").contains(&format!("\nname = \"{name}\"\n")), "{folder}");
        let line = format!("\ntoken = \"{token}\"\n");
        assert!(text(&new, "cluster.toml").contains(&line), "{folder}");
    }
    let new = made(&world(), &["tulips", "--name", "spring", "--token", "a \"b\" c\\"]);
    assert!(text(&new, "Cargo.toml").contains("\nname = \"spring\"\n"));
    let line = text(&new, "cluster.toml").lines().find(|line| line.starts_with("token"));
    let read: toml::Table = line.unwrap().parse().unwrap();
    assert_eq!(read["token"].as_str(), Some("a \"b\" c\\"));
}

/// The lines by which a package has the crates.
fn sources(new: &New) -> Vec<&str> {
    text(new, "Cargo.toml").lines().filter(|line| line.starts_with("bouquet-")).collect()
}

#[test]
fn the_crates_come_from_where_the_package_at_hand_has_them() {
    let crates = |model: &str, operate: &str, build: &str| {
        format!(
            "[dependencies]\nbouquet-model = {model}\nbouquet-operate = {operate}\n\
             [build-dependencies]\nbouquet-build = {build}\n"
        )
    };
    let git = "{ git = \"https://git.example.org/bouquet\", rev = \"8d0a7b1\" }";
    let of = |manifest: &str| {
        let world = world().with_file("/home/me/flowers/Cargo.toml", manifest.as_bytes());
        let world = world.with_variable("CARGO_MANIFEST_DIR", "/home/me/flowers");
        let new = made(&world, &["/home/me/tulips"]);
        sources(&new).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        of(&crates(git, git, git)),
        ["model", "operate", "build"].map(|name| format!("bouquet-{name} = {git}"))
    );
    assert_eq!(
        of(&crates("\"0.3\"", "{ version = \"0.3\", features = [] }", "\"=0.3.1\"")),
        ["bouquet-model = \"0.3\"", "bouquet-operate = \"0.3\"", "bouquet-build = \"=0.3.1\""]
    );
    let own = "{ version = \"0.3\", registry = \"company\" }";
    assert_eq!(
        of(&crates(own, own, own)),
        ["model", "operate", "build"].map(|name| format!("bouquet-{name} = {own}"))
    );
    let path = |name: &str| format!("{{ path = \"../bouquet/crates/{name}\" }}");
    let here = ["model", "operate", "build"]
        .map(|name| format!("bouquet-{name} = {{ path = \"../bouquet/crates/{name}\" }}"));
    assert_eq!(of(&crates(&path("model"), &path("operate"), &path("build"))), here);
    // A path that is gone, or a package of something else: the next one that serves.
    let gone = "{ path = \"../gone\" }";
    assert_eq!(of(&crates(gone, gone, gone)), here);
    assert_eq!(of("[dependencies]\nserde = \"1\"\n"), here);
    assert_eq!(of("not TOML"), here);
}

#[test]
fn a_path_leads_by_what_both_folders_are_in() {
    for (folder, path) in [
        ("/home/me/tulips", "../bouquet/crates/model"),
        ("/home/me/deep/er/tulips", "../../../bouquet/crates/model"),
        ("/home/me/bouquet/mine", "../crates/model"),
        ("/srv/tulips", "/home/me/bouquet/crates/model"),
    ] {
        let new = made(&world(), &[folder]);
        let line = format!("bouquet-model = {{ path = \"{path}\" }}");
        assert_eq!(sources(&new)[0], line, "{folder}");
    }
}

#[test]
fn the_crates_come_from_where_they_are_asked_from() {
    let alone = World::new();
    let url = "ssh://git@git.example.org/bouquet.git";
    for (line, value) in [
        (&["--git", url][..], format!("{{ git = \"{url}\" }}")),
        (&["--git", url, "--rev", "8d0a7b1"], format!("{{ git = \"{url}\", rev = \"8d0a7b1\" }}")),
        (&["--git", url, "--tag", "v1"], format!("{{ git = \"{url}\", tag = \"v1\" }}")),
        (&["--git", url, "--branch", "main"], format!("{{ git = \"{url}\", branch = \"main\" }}")),
        (&["--version", "0.3"], "\"0.3\"".to_owned()),
    ] {
        let line: Vec<&str> = ["../tulips"].iter().chain(line).copied().collect();
        let new = made(&alone, &line);
        let expected = ["model", "operate", "build"].map(|n| format!("bouquet-{n} = {value}"));
        assert_eq!(sources(&new), expected);
    }
    let clone = world().with_executable("/usr/local/bin/bouquet");
    let new = made(&clone, &["../tulips", "--path", "../bouquet"]);
    assert_eq!(sources(&new)[2], "bouquet-build = { path = \"../bouquet/crates/build\" }");
}

#[test]
fn a_program_that_was_copied_says_which_ways_there_are() {
    let copied = World::new().with_executable("/usr/local/bin/bouquet");
    let line = ["a b", "--member", "rose=10.0.0.1", "--etcd", "3.5", "--client", "backup"];
    let (said, exit) = refused(&copied, &line);
    insta::assert_snapshot!("new_without_a_source", said);
    assert_eq!(exit, 1);
    let built = World::new().with_executable("/home/me/x/target/debug/bouquet");
    assert!(refused(&built, &["a"]).0.contains("`cargo run -- new a --path ../bouquet`"));
}

#[test]
fn all_mistakes_are_said_at_once() {
    let line = [
        ".",
        "--member",
        "orange",
        "--member",
        "10.0.0.9",
        "--member",
        "a=b=10.0.0.1",
        "--member",
        "rose=10.0.0.300,-x",
        "--member",
        "lily=[fd00::1]",
        "--member",
        "iris=0.0.0.0",
        "--member",
        "aster=10.0.0.4,",
        "--member",
        "viola=fd00::7,one.example",
        "--member",
        "Viola=fd00:0::7,ONE.example",
        "--client",
        "a/b",
        "--client",
        "x",
        "--client",
        "x",
        "--etcd",
        "v3.6",
        "--token",
        "",
        "--name",
        "test",
        "--git",
        "git@git.example.org:bouquet.git",
    ];
    let there = world()
        .with_file("/home/me/flowers/Cargo.toml", b"")
        .with_file("/home/me/flowers/cluster.toml", b"")
        .with_file("/home/me/flowers/build.rs", b"")
        .with_file("/home/me/flowers/README.md", b"");
    let (said, exit) = refused(&there, &line);
    insta::assert_snapshot!("new_with_mistakes", said);
    assert_eq!(exit, 64);
}

#[test]
fn the_loopback_is_for_a_member_alone() {
    let one = made(&world(), &["../tulips", "--member", "rose=127.0.0.1"]);
    assert!(text(&one, "cluster.toml").contains("ip = \"127.0.0.1\""));
    let (said, exit) =
        refused(&world(), &["../t", "--member", "rose=::1", "--member", "lily=10.0.0.1"]);
    assert!(said.contains("`::1` is the loopback address"), "{said}");
    assert_eq!(exit, 64);
}

#[test]
fn a_client_is_not_taken_for_root() {
    let (said, exit) = refused(&world(), &["../t", "--client", "Root"]);
    assert!(said.contains("`root` and `Root` differ in case alone"), "{said}");
    assert_eq!(exit, 64);
}

/// A build would refuse it: the member that is dialled sees an address that no certificate holds.
#[test]
fn members_of_both_kinds_of_address_need_host_names() {
    let line = ["../t", "--member", "rose=fd00::1,a.example", "--member", "lily=10.0.0.1"];
    let (said, exit) = refused(&world(), &line);
    assert!(said.contains("there is no host name of `lily`"), "{said}");
    assert_eq!(exit, 64);
    made(&world(), &["../t", "--member", "rose=fd00::1", "--member", "lily=fd00::2"]);
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let with = |path: &str| world().with_file(path, b"");
    let (said, exit) = refused(&with("/home/me/tulips/notes"), &["../tulips"]);
    assert!(said.contains("`../tulips` is not empty"), "{said}");
    assert!(said.contains("it has `notes`"), "{said}");
    assert_eq!(exit, 1);
    made(&with("/home/me/tulips/.git"), &["../tulips"]);
    let closed = world().denying("/home/me/tulips");
    let (said, exit) = refused(&closed, &["../tulips"]);
    assert!(said.contains("`../tulips` cannot be looked at"), "{said}");
    assert_eq!(exit, 1);
}

#[test]
fn a_workspace_that_takes_the_package_has_its_profiles() {
    let profiles = "[profile.dev.package.ring]\nopt-level = 3\n";
    let within = |workspace: &str| {
        let world = world().with_file("/home/me/all/Cargo.toml", workspace.as_bytes());
        made(&world, &["/home/me/all/clusters/paris"])
    };
    for (members, takes) in [
        ("members = [\"clusters/*\"]", true),
        ("members = [\"./clusters/paris\"]", true),
        ("members = [\"clu*s/p*\"]", true),
        ("members = [\"clusters\"]", false),
        ("members = [\"*\"]", false),
        ("members = [\"clusters/*\"]\nexclude = [\"clusters\"]", false),
        ("members = [\"clusters/paris\"]\nexclude = [\"clusters\"]", true),
        ("", false),
    ] {
        let new = within(&format!("[workspace]\n{members}\n"));
        let manifest = text(&new, "Cargo.toml");
        let read: toml::Table = manifest.parse().unwrap();
        assert_eq!(read.contains_key("workspace"), !takes, "{members}");
        assert_eq!(read.contains_key("profile"), !takes, "{members}");
        assert_eq!(manifest.contains("# package.ring.opt-level = 3"), takes, "{members}");
        assert_eq!(new.told.contains("`/home/me/all/Cargo.toml`"), takes, "{}", new.told);
        let new = within(&format!("[workspace]\n{members}\n{profiles}"));
        assert!(!text(&new, "Cargo.toml").contains("# package.ring"), "{members}");
        assert!(!new.told.contains("/home/me/all/Cargo.toml"), "{}", new.told);
    }
}

/// It is about another cluster than the program's, whose certificates and folder are of no matter.
#[test]
fn the_cluster_of_the_program_has_no_part_in_it() {
    let late = World { now: flowers::ISSUED + 4000 * DAY, ..world() };
    made(&late, &["../tulips"]);
    made(&world(), &["../tulips", "--out", "/nowhere"]);
    let trial = world().with_variable("BOUQUET_TRIAL", "etcd-cluster-1");
    made(&trial, &["../tulips"]);
}
