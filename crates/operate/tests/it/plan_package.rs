//! `plan` and `diff`, by what the package has: its spec, its files, its lock, and git.

use crate::common::recorded::{PACKAGE, ask, certificates, clone_of, counting, lock, recorded};
use crate::common::{World, flowers};
use bouquet_lock::Lock;
use bouquet_model::certificate::Certificate;
use bouquet_model::digest::Digest;
use bouquet_operate::Exit;

/// Everything is as it was, so that the plan can still be read.
#[test]
fn a_spec_that_was_edited_since_the_build_is_warned_of_first() {
    let mut cluster = counting(5000);
    cluster.source = Some(Digest([7; 32]));
    let world = recorded(&flowers::CLUSTER);
    let said = "warning: cluster.toml is not what this program was built from\n";
    for line in [&["plan"][..], &["plan", "--offline"]] {
        let outcome = ask(&world, &cluster, line);
        assert!(outcome.stderr.starts_with(said), "{}", outcome.stderr);
    }
    let diff = ask(&world, &cluster, &["diff"]);
    assert!(diff.stderr.contains("`cargo run -- diff`"), "{}", diff.stderr);
    cluster.source = Some(Digest(bouquet_x509::fingerprint(b"")));
    assert_eq!(ask(&world, &cluster, &["plan", "--offline"]).stderr, "");
}

#[test]
fn a_clone_without_the_files_says_so_once_above_the_steps() {
    let world = clone_of(&flowers::CLUSTER);
    let outcome = ask(&world, &counting(5000), &["plan", "--offline"]);
    insta::assert_snapshot!(outcome.stderr, @"
    warning: the files that these steps copy are not here
    note: /home/me/flowers/out holds no manifest of `cargo build`
    help: paste the commands where the keys are, in the package that was built there
    help: bring the keys here: `bouquet secrets import < FILE`, then build
    ");
    assert_eq!(outcome.exit, Exit::Pending);
    let there = ask(&recorded(&flowers::CLUSTER), &counting(5000), &["plan", "--offline"]);
    assert_eq!(outcome.stdout, there.stdout);
    // Where no file is copied there is nothing to be said.
    assert_eq!(ask(&world, &flowers::CLUSTER, &["plan", "--offline"]).stderr, "");
}

/// As one that built artifacts alone (`BOUQUET_WRITE=1`): a unit is laid without keys.
#[test]
fn a_clone_with_artifacts_and_no_keys_says_so_where_keys_are_copied() {
    let mut world = recorded(&flowers::CLUSTER);
    world.files.retain(|path, _| path.extension().is_none_or(|it| it != "key"));
    assert_eq!(ask(&world, &counting(5000), &["plan", "--offline"]).stderr, "");
    let mut renewed = certificates();
    for certificate in renewed.iter_mut().filter(|it| it.owner.as_deref() == Some("pink")) {
        certificate.serial = "99".into();
    }
    let outcome = world.ask(&flowers::CLUSTER, &renewed, &["plan", "--offline"]);
    insta::assert_snapshot!(outcome.stderr, @"
    warning: the keys that these steps copy are not here
    note: there is none in `out/members/pink/certs`
    help: paste the commands where the keys are, in the package that was built there
    help: bring the keys here: `bouquet secrets import < FILE`, then build
    ");
}

#[test]
fn what_was_never_issued_is_said_before_the_files_that_lack() {
    let mut fewer = flowers::CLUSTER.clone();
    let client = fewer.clients.to_mut().pop().unwrap().name;
    let is_issued = |it: &Certificate| it.owner.as_deref() != Some(client.as_str());
    let issued: Vec<Certificate> = certificates().into_iter().filter(is_issued).collect();
    let outcome = recorded(&fewer).ask(&flowers::CLUSTER, &issued, &["plan", "--offline"]);
    insta::assert_snapshot!(outcome.stderr, @"
    warning: no certificate was issued for client `root`
    note: without it a member does not start, and no member lets a client in
    help: build where the keys are and commit cluster.lock there, then `git pull` and build here
    help: where its request is in `out/pki/requests`: have it signed, and build again
    ");
}

#[test]
fn files_of_another_build_are_warned_of() {
    let manifest =
        format!("# {}\n# definition 0123456789abcdef\n", bouquet_model::artifact::GENERATED);
    let world = recorded(&flowers::CLUSTER)
        .with_file(&format!("{PACKAGE}/out/manifest"), manifest.as_bytes());
    let outcome = ask(&world, &counting(5000), &["plan", "--offline"]);
    insta::assert_snapshot!(outcome.stderr, @"
    warning: the files that these steps copy are of another build than this program
    note: `out/` is of the definition 0123456789abcdef, and this program of 4f1c0b2ad0e1f233
    help: build first, without `BOUQUET_WRITE=0`
    ");
}

#[test]
fn where_nothing_is_recorded_it_says_how_to_record() {
    let empty = Lock {
        identity: bouquet_lock::Identity { token: "t".into(), ..Default::default() },
        ..Lock::default()
    };
    let package = World::new().with_file(&format!("{PACKAGE}/cluster.toml"), b"");
    let with_lock = package.with_file(&format!("{PACKAGE}/cluster.lock"), empty.text().as_bytes());
    let without = World::new().with_file(&format!("{PACKAGE}/cluster.toml"), b"");
    for world in [with_lock, without] {
        for line in [&["plan", "--offline"][..], &["diff"], &["plan", "--seen", "-"]] {
            let outcome = ask(&world, &flowers::CLUSTER, line);
            assert_eq!((outcome.stdout.as_str(), outcome.exit.code()), ("", 3), "{line:?}");
            let said = "warning: cluster.lock records no member as running";
            assert!(outcome.stderr.starts_with(said), "{}", outcome.stderr);
            assert!(outcome.stderr.contains("`bouquet done`"), "{}", outcome.stderr);
        }
    }
}

#[test]
fn another_file_or_a_commit_can_be_compared_with() {
    let mut world =
        recorded(&counting(5000)).with_file("/home/me/flowers/old.lock", &lock(&flowers::CLUSTER));
    world.commits.insert("HEAD~1", lock(&counting(100)));
    let same = ask(&world, &counting(5000), &["plan", "--offline"]);
    assert_eq!(same.exit, Exit::Done);
    for (line, change) in [
        (&["plan", "--offline", "--from", "old.lock"][..], "snapshot-count nothing → 5000"),
        (&["plan", "--offline", "--from", "HEAD~1"], "snapshot-count 100 → 5000"),
        (&["diff", "HEAD~1"], "snapshot-count 100 → 5000"),
    ] {
        let outcome = ask(&world, &counting(5000), line);
        assert!(outcome.stdout.contains(&format!("\n3 members: {change}\n")), "{}", outcome.stdout);
        assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Pending));
    }
    let outcome = ask(&world, &counting(5000), &["diff", "nowhere"]);
    insta::assert_snapshot!(outcome.stderr, @"
    error: `nowhere` is neither a file nor a revision of git with a cluster.lock
    note: fatal: invalid object name 'nowhere'
    help: name another cluster.lock, or a commit, branch or tag: `HEAD~1`, `v2`
    ");
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed));
}

#[test]
fn a_lock_that_cannot_be_read_is_an_error() {
    let world = recorded(&flowers::CLUSTER)
        .with_file(&format!("{PACKAGE}/cluster.lock"), b"<<<<<<< HEAD\n");
    let outcome = ask(&world, &flowers::CLUSTER, &["plan", "--offline"]);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed));
    assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
    let denied = recorded(&flowers::CLUSTER).denying("/home/me/flowers/cluster.lock");
    let outcome = ask(&denied, &flowers::CLUSTER, &["plan", "--offline"]);
    assert_eq!(outcome.exit, Exit::Failed);
    assert!(outcome.stderr.contains("cannot read `/home/me/flowers/cluster.lock`"));
}

#[test]
fn a_lock_of_another_cluster_is_an_error() {
    let outcome = recorded(&flowers::CLUSTER).flowers(&["plan", "--offline"]);
    assert_eq!(outcome.exit, Exit::Failed);
    assert!(
        outcome.stderr.contains("is of another cluster than this program"),
        "{}",
        outcome.stderr
    );
}
