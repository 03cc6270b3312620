//! `bouquet done`: what runs is recorded, from a real program, and what builds make of it.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::git::{commit, git};
use crate::support::package::{Package, clone, program};
use crate::support::snapshot::{difference, snapshot};
use bouquet_lock::{Lock, Record, read};
use bouquet_model::digest::Digest;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const ALL: [&str; 3] = ["pink", "orange", "camellia"];

fn lock(folder: &Path) -> Lock {
    read(&fs::read(folder.join("cluster.lock")).unwrap()).expect("a lock")
}

/// Runs `done` with these words, and returns its exit code and what it said.
fn done(folder: &Path, words: &[&str]) -> (i32, String) {
    let output = program(folder, &[&["done"], words].concat()).output().unwrap();
    (output.status.code().expect("an end"), all(&output))
}

fn state(package: &Package, member: &str) -> String {
    let script =
        fs::read_to_string(package.path(&format!("out/members/{member}/etcd.sh"))).unwrap();
    let (_, rest) = script.split_once("--initial-cluster-state=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn what_is_rolled_out_is_recorded_and_the_next_build_says_existing() {
    let package = Package::new(SPEC);
    let folder = package.folder.path();
    package.build();
    let before = snapshot(folder);
    let unchanged = || assert_eq!(difference(&before, &snapshot(folder)), [] as [PathBuf; 0]);
    // One of three is up: too early, and it is started over.
    let (code, said) = done(folder, &["pink", "--yes"]);
    assert_eq!(code, 1);
    assert!(said.contains("1 of 3 members are too few for the first record"), "{said}");
    unchanged();
    assert_eq!(state(&package, "pink"), "new");
    // Nobody is there to agree.
    let (code, said) = done(folder, &[]);
    assert_eq!(code, 1);
    assert!(said.starts_with("members `camellia`, `orange`, `pink`\n  to be recorded\n"), "{said}");
    assert!(said.contains("standard input is no terminal"), "{said}");
    unchanged();

    let (code, said) = done(folder, &["--yes"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("recorded 3 members and 1 client\n"), "{said}");
    assert!(said.ends_with("next: commit cluster.lock\n"), "{said}");
    let changed = difference(&before, &snapshot(folder));
    let expected = ["cluster.lock", "out/pki/cluster.lock"].map(|file| package.path(file));
    assert!(expected.iter().all(|file| changed.contains(file)), "{changed:?}");
    let recorded = lock(folder).recorded;
    assert_eq!(recorded.members.len(), 3);
    let orange = recorded.members["orange"].what.as_ref().unwrap();
    assert_eq!(orange.option("initial-cluster-state"), Some("new"));
    assert_eq!(orange.certificates.len(), 2);
    assert!(recorded.clients["root"].what.as_ref().unwrap().certificate.is_some());

    assert!(package.runs_the_script(), "cargo sees that the lock changed");
    assert!(!package.runs_the_script());
    assert_eq!(ALL.map(|name| state(&package, name)), ["existing"; 3]);
    let (code, said) = done(folder, &[]);
    assert_eq!(
        (code, said.as_str()),
        (0, "nothing to record: cluster.lock has what is compiled\n")
    );

    // An edit that was not built yet is not what the program has.
    package.write(&format!("{SPEC}# A comment.\n"));
    let (code, said) = done(folder, &["--yes"]);
    assert_eq!(code, 1);
    assert!(said.contains("is not the text that this program was built from"), "{said}");
    let run = package.cargo("run").args(["--", "done"]).stdin(Stdio::null()).output().unwrap();
    assert!(run.status.success() && all(&run).contains("nothing to record"), "{}", all(&run));

    let (code, said) = done(folder, &["--undo", "--yes"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("`initial-cluster-state=new` for `camellia` and 2 more"), "{said}");
    package.build();
    assert_eq!(ALL.map(|name| state(&package, name)), ["new"; 3]);
    assert!(lock(folder).recorded.is_empty());
    let (code, said) = done(folder, &["--undo", "--yes"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("the last record was taken back already"), "{said}");
    assert!(lock(folder).recorded.is_empty());
}

#[test]
fn machines_that_went_back_are_taken_for_true_where_that_is_said() {
    let package = Package::new(SPEC);
    let folder = package.folder.path();
    let records = |words: &[&str]| {
        let mut run = package.cargo("run");
        let output = run.args(["--", "done", "--yes"]).args(words).output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
    };
    records(&[]);
    let earlier = fs::read(package.path("cluster.lock")).unwrap();
    let option = SPEC.replace("[etcd]", "[etcd]\nmax-snapshots = 7");
    package.write(&option);
    records(&[]);
    let later = lock(folder).recorded;
    // Rolled back, with what git has of that time.
    package.write(SPEC);
    fs::write(package.path("cluster.lock"), &earlier).unwrap();
    let without_writing = |words: &[&str]| {
        let mut run = package.cargo("run");
        run.args(["--", "done", "--yes"]).args(words).env("BOUQUET_WRITE", "0").output().unwrap()
    };
    let refused = without_writing(&[]);
    assert!(all(&refused).contains("has older records than"), "{}", all(&refused));
    assert!(all(&refused).contains("`BOUQUET_WRITE=0 cargo run -- done --from-lock`"));
    let taken = without_writing(&["--from-lock"]);
    assert!(taken.status.success(), "{}", all(&taken));
    assert!(all(&taken).contains("max-snapshots 7 → nothing"), "{}", all(&taken));
    let recorded = lock(folder).recorded;
    let pink = recorded.members["pink"].what.as_ref().unwrap();
    assert_eq!(pink.option("max-snapshots"), None);
    assert!(recorded.members["pink"].since > later.members["pink"].since);
    // Later than all others, and so it stays.
    assert!(!package.build().contains("put back"), "the next build takes it too");
    assert_eq!(lock(folder).recorded, recorded);
    assert_eq!(
        fs::read(package.path("cluster.lock")).unwrap(),
        fs::read(package.path("out/pki/cluster.lock")).unwrap()
    );
}

/// A terminal, as `script` of util-linux makes it.
fn on_a_terminal(folder: &Path, answer: &str) -> Output {
    let line = program(folder, &[]).get_program().to_string_lossy().into_owned() + " done";
    let mut script = Command::new("sh");
    let typed = format!("(sleep 1; echo {answer}; sleep 1) | script -qec '{line}' /dev/null");
    script.args(["-c", &typed]).current_dir(folder);
    script.env_remove("CARGO_MANIFEST_DIR").env_remove("BOUQUET_OUT").env("NO_COLOR", "1");
    script.output().unwrap()
}

#[test]
fn a_person_is_asked_and_a_clone_without_keys_records_in_the_lock_alone() {
    let package = Package::new(SPEC);
    package.build();
    let other = clone(&package);
    let no = on_a_terminal(other.path(), "n");
    assert!(all(&no).contains("record this? [y/N]"), "{}", all(&no));
    assert!(!no.status.success() && all(&no).contains("nothing was recorded"), "{}", all(&no));
    assert!(lock(other.path()).recorded.is_empty());
    let yes = on_a_terminal(other.path(), "y");
    assert!(
        yes.status.success() && all(&yes).contains("next: commit cluster.lock"),
        "{}",
        all(&yes)
    );
    assert_eq!(lock(other.path()).recorded.members.len(), 3);
    assert!(!other.path().join("out").exists());

    // The package is found by its `out/`, from anywhere.
    let out = package.path("out");
    let elsewhere = tempfile::tempdir().unwrap();
    let (code, said) = done(elsewhere.path(), &["--yes", "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(lock(package.folder.path()).recorded.members.len(), 3);
    let (code, said) = done(elsewhere.path(), &["--yes", "--out", "/nowhere/out"]);
    assert_eq!(code, 1);
    assert!(said.contains("there is no `cluster.toml` beside `/nowhere/out`"), "{said}");
    // The program of a cluster records nothing in the package of another one.
    let (code, said) = done(elsewhere.path(), &["nobody", "--out", out.to_str().unwrap()]);
    assert_eq!(code, 64, "{said}");
    fs::remove_dir_all(&out).unwrap();
    fs::remove_file(package.path("cluster.lock")).unwrap();
    let program = fs::read(program(package.folder.path(), &[]).get_program()).unwrap();
    package.build();
    let former = elsewhere.path().join("former");
    fs::write(&former, program).unwrap();
    let (home, former) = (package.folder.path().display(), former.display());
    let run = format!("chmod 700 '{former}' && cd '{home}' && exec '{former}' done --yes");
    let mut shell = Command::new("sh");
    shell.args(["-c", &run]).env_remove("CARGO_MANIFEST_DIR").env_remove("BOUQUET_OUT");
    let refused = shell.output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(all(&refused).contains("is of another cluster than this program"), "{}", all(&refused));
    assert!(lock(package.folder.path()).recorded.is_empty());
}

/// Records something of a member, as `bouquet done` on a machine would at that second.
fn record(cluster: &Cluster, member: &str, digest: u8, since: i64) {
    let mut lock = lock(cluster.folder.path());
    let record = &lock.recorded.members[member];
    let mut what = record.what.clone().unwrap();
    what.digest = Digest([digest; 32]);
    let record = Record::after(Some(record), Some(what), since);
    lock.recorded.members.insert(member.to_owned(), record);
    fs::write(cluster.path("cluster.lock"), lock.text()).unwrap();
}

fn save(cluster: &Cluster) {
    commit(cluster.folder.path(), &["cluster.toml", "cluster.lock"]);
}

fn merge(cluster: &Cluster, branch: &str) -> bool {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=Flora", "-c", "user.email=flora@example.org", "merge", "--quiet"]);
    let output = git.args(["--no-edit", branch]).current_dir(cluster.folder.path()).output();
    output.unwrap().status.success()
}

#[test]
fn git_merges_what_two_people_recorded_of_different_members() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    cluster.record();
    save(&cluster);
    for (member, digest) in [("pink", 1), ("orange", 2)] {
        git(folder, &["checkout", "--quiet", "-b", member]);
        record(&cluster, member, digest, 100 + i64::from(digest));
        save(&cluster);
        git(folder, &["checkout", "--quiet", "-"]);
    }
    assert!(merge(&cluster, "pink") && merge(&cluster, "orange"), "{}", git(folder, &["diff"]));
    let merged = lock(folder).recorded;
    let digest = |name: &str| merged.members[name].what.as_ref().unwrap().digest;
    assert_eq!((digest("pink"), digest("orange")), (Digest([1; 32]), Digest([2; 32])));
    assert_eq!((merged.members["pink"].since, merged.members["orange"].since), (101, 102));
}

#[test]
fn a_conflict_of_two_records_of_one_member_says_which_side_to_keep() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    cluster.record();
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    record(&cluster, "pink", 1, 100);
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-"]);
    record(&cluster, "pink", 2, 200);
    save(&cluster);
    assert!(!merge(&cluster, "side"));
    let said = cluster.fails();
    assert!(said.contains("holds the conflict markers of a merge"), "{said}");
    assert!(
        said.contains(
            "of `running`, keep for each member and client the side that was rolled out last"
        ),
        "{said}"
    );
    git(folder, &["checkout", "--quiet", "--ours", "cluster.lock"]);
    fs::copy(cluster.path("cluster.lock"), cluster.path("out/pki/cluster.lock")).unwrap();
    cluster.succeeds();
    assert_eq!(lock(folder).recorded.members["pink"].since, 200);
}

/// Around the markers git has taken the options that one side alone has changed.
#[test]
fn two_records_of_one_member_whose_options_git_merged_are_refused_after_the_conflict() {
    let with = |cluster: &Cluster, option: &str, since: i64| {
        let mut lock = lock(cluster.folder.path());
        let record = &lock.recorded.members["pink"];
        let mut what = record.what.clone().unwrap();
        what.options.insert(option.to_owned(), "7".to_owned());
        let record = Record::after(Some(record), Some(what), since);
        lock.recorded.members.insert("pink".to_owned(), record);
        fs::write(cluster.path("cluster.lock"), lock.text()).unwrap();
    };
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    cluster.record();
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    with(&cluster, "auto-compaction-retention", 100);
    save(&cluster);
    git(folder, &["checkout", "--quiet", "-"]);
    with(&cluster, "snapshot-count", 200);
    save(&cluster);
    assert!(!merge(&cluster, "side"));
    // Between markers the later side is kept, as the message has it.
    let (mut by_hand, mut is_theirs) = (String::new(), false);
    for line in cluster.read("cluster.lock").split_inclusive('\n') {
        match line.get(..7) {
            Some("<<<<<<<") => {}
            Some("=======") => is_theirs = true,
            Some(">>>>>>>") => is_theirs = false,
            _ if is_theirs => {}
            _ => by_hand += line,
        }
    }
    assert!(by_hand.contains("pink.options.auto-compaction-retention"), "{by_hand}");
    fs::write(cluster.path("cluster.lock"), by_hand).unwrap();
    let said = cluster.fails();
    assert!(said.contains("has lines of two records of the member `pink`"), "{said}");
    git(folder, &["checkout", "--quiet", "--ours", "cluster.lock"]);
    fs::copy(cluster.path("cluster.lock"), cluster.path("out/pki/cluster.lock")).unwrap();
    cluster.succeeds();
}

/// By `merge=union`, as docs/lock.md advises it: both lines of a client stay, and the later one counts.
#[test]
fn a_union_of_two_first_records_is_both_of_them() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    fs::write(cluster.path(".gitattributes"), "cluster.lock merge=union\n").unwrap();
    commit(folder, &[".gitattributes", "cluster.toml", "cluster.lock"]);
    let unrecorded = cluster.lock();
    for (member, since) in [("pink", 100), ("orange", 200)] {
        git(folder, &["checkout", "--quiet", "-b", member]);
        cluster.record();
        let mut lock = lock(folder);
        lock.recorded.members.retain(|name, _| name == member);
        lock.recorded.members.get_mut(member).unwrap().since = since;
        lock.recorded.clients.get_mut("root").unwrap().since = since;
        fs::write(cluster.path("cluster.lock"), lock.text()).unwrap();
        save(&cluster);
        git(folder, &["checkout", "--quiet", "-"]);
        for file in ["cluster.lock", "out/pki/cluster.lock"] {
            fs::write(cluster.path(file), &unrecorded).unwrap();
        }
    }
    assert!(merge(&cluster, "pink") && merge(&cluster, "orange"));
    let text = cluster.read("cluster.lock");
    let merged = read(text.as_bytes()).unwrap_or_else(|why| panic!("{why}:\n{text}")).recorded;
    assert_eq!(merged.members.keys().collect::<Vec<_>>(), ["orange", "pink"]);
    assert_eq!(merged.members["orange"].what.as_ref().unwrap().option("name"), Some("orange"));
    assert_eq!(merged.clients["root"].since, 200);
    cluster.succeeds();
    assert_eq!(lock(folder).recorded, merged);
}
