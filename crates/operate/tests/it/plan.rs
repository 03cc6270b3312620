//! `plan` and `diff`: the way from what is recorded to what is compiled.

use crate::common::{World, flowers};
use bouquet_lock::{Lock, Record, Recorded};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::change::Accepted;
use bouquet_model::cluster::{Setting, State};
use bouquet_model::digest::Digest;
use bouquet_model::name::MemberName;
use bouquet_model::option::Value;
use bouquet_model::running::Running;
use bouquet_model::version::EtcdVersion;
use bouquet_operate::{Exit, Outcome};
use std::borrow::Cow;

const PACKAGE: &str = "/home/me/flowers";

/// Without the CA's, by which a lock is told from another cluster's.
fn certificates() -> Vec<Certificate> {
    flowers::CERTIFICATES.iter().filter(|c| c.kind != Kind::Ca).cloned().collect()
}

/// The flowers with another `snapshot-count` on each member.
fn counting(count: i64) -> Cluster {
    let mut cluster = flowers::CLUSTER.clone();
    for member in cluster.members.to_mut() {
        let setting = Setting { name: "snapshot-count", value: Value::Int(count) };
        member.options.to_mut().push(setting);
    }
    cluster
}

/// The text of a lock that has this cluster as running.
fn lock(cluster: &Cluster) -> Vec<u8> {
    let mut lock = Lock::default();
    lock.identity.token = cluster.token.to_string();
    lock.identity.members = cluster.members.iter().map(|m| (m.name.to_string(), m.id)).collect();
    let Running { members, clients } = Running::of(cluster, &certificates());
    let since = flowers::ISSUED;
    lock.recorded = Recorded {
        members: members
            .into_iter()
            .map(|(n, it)| (n, Record::after(None, Some(it), since)))
            .collect(),
        clients: clients
            .into_iter()
            .map(|(n, it)| (n, Record::after(None, Some(it), since)))
            .collect(),
    };
    lock.text().into_bytes()
}

/// A cluster whose spec accepts these changes.
fn accepting<T: AsRef<str>>(cluster: Cluster, words: &[T]) -> Cluster {
    let accepted: Accepted = words.iter().collect();
    Cluster { accept: accepted.text().into(), ..cluster }
}

/// The flowers with another `data-dir` on one member.
fn moved() -> Cluster {
    let mut elsewhere = flowers::CLUSTER.clone();
    let orange = elsewhere.members.to_mut().iter_mut().find(|m| m.name.as_str() == "orange");
    let data = Setting { name: "data-dir", value: Value::text("/srv/etcd") };
    orange.unwrap().options = Cow::Owned(vec![data]);
    elsewhere
}

/// A package whose lock has this cluster as running, with what a build has written.
fn recorded(cluster: &Cluster) -> World {
    let members = cluster.members.iter().map(|it| format!("members/{}/certs/server.key", it.name));
    let clients = cluster.clients.iter().map(|it| format!("clients/{}/client.key", it.name));
    members
        .chain(clients)
        .fold(clone_of(cluster).with_out(&format!("{PACKAGE}/out")), |world, key| {
            world.with_file(&format!("{PACKAGE}/out/{key}"), b"")
        })
}

/// A clone of it, which has what git has.
fn clone_of(cluster: &Cluster) -> World {
    World::new()
        .with_file(&format!("{PACKAGE}/cluster.toml"), b"")
        .with_file(&format!("{PACKAGE}/cluster.lock"), &lock(cluster))
}

fn ask(world: &World, cluster: &Cluster, line: &[&str]) -> Outcome {
    world.ask(cluster, &certificates(), line)
}

#[test]
fn a_plan_is_a_table_of_steps_and_then_the_commands_of_each() {
    let outcome = ask(&recorded(&flowers::CLUSTER), &counting(5000), &["plan", "--offline"]);
    insta::assert_snapshot!(outcome.stdout);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Pending));
    assert_eq!(outcome.exit.code(), 2);
}

#[test]
fn the_lines_of_a_table_fit_into_80_columns() {
    let mut renamed = flowers::CLUSTER.clone();
    let member = renamed.members.to_mut().first_mut().unwrap();
    member.name = MemberName::parse("camellia-of-the-second-rack").unwrap();
    let words = ["rename camellia-of-the-second-rack daffodil".to_owned()];
    let after = accepting(flowers::CLUSTER.clone(), &words);
    let outcome = ask(&recorded(&renamed), &after, &["plan", "--offline"]);
    let table = outcome.stdout.split("\n\n").find(|part| part.contains("WAITS FOR")).unwrap();
    let long = table.lines().find(|line| line.chars().count() > 80);
    assert_eq!(long, None, "{table}");
}

#[test]
fn a_plan_that_asked_no_cluster_says_so() {
    let outcome = ask(&recorded(&flowers::CLUSTER), &counting(5000), &["plan"]);
    let said = "note: no live cluster was asked: this compares with what is recorded\n";
    assert_eq!((outcome.stderr.as_str(), outcome.exit), (said, Exit::Pending));
    let offline = ask(&recorded(&flowers::CLUSTER), &counting(5000), &["plan", "--offline"]);
    assert_eq!(outcome.stdout, offline.stdout);
}

#[test]
fn nothing_to_do_is_one_line_and_no_error() {
    let outcome = ask(&recorded(&counting(5000)), &counting(5000), &["plan", "--offline"]);
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(last, "nothing to do: what is compiled runs, by cluster.lock");
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
}

#[test]
fn a_client_that_was_added_gets_its_files() {
    let mut fewer = flowers::CLUSTER.clone();
    let name = fewer.clients.to_mut().pop().unwrap().name;
    let outcome = ask(&recorded(&fewer), &flowers::CLUSTER, &["plan", "--offline"]);
    assert_eq!(outcome.exit, Exit::Pending);
    let said = format!("client {name}: added");
    assert!(outcome.stdout.lines().any(|line| line == said), "{}", outcome.stdout);
    let copy = format!("scp out/clients/{name}/* ");
    assert!(outcome.stdout.contains(&copy), "{}", outcome.stdout);
}

/// `done` records nothing of them.
#[test]
fn what_counts_at_the_bootstrap_alone_is_no_change_to_record() {
    let mut started = flowers::CLUSTER.clone();
    for member in started.members.to_mut() {
        member.state = State::Existing;
    }
    let outcome = ask(&recorded(&flowers::CLUSTER), &started, &["plan", "--offline"]);
    let json = ask(&recorded(&flowers::CLUSTER), &started, &["plan", "--offline", "--json"]);
    assert!(json.stdout.contains("initial-cluster-state"), "{}", json.stdout);
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(last, "nothing to do: what is compiled runs, by cluster.lock");
}

/// Everything is as it was, so that the plan can still be read.
#[test]
fn a_spec_that_was_edited_since_the_build_is_warned_of_first() {
    let mut cluster = counting(5000);
    cluster.source = Some(Digest([7; 32]));
    let world = recorded(&flowers::CLUSTER);
    let outcome = ask(&world, &cluster, &["plan"]);
    let said = "warning: cluster.toml is not what this program was built from\n";
    assert!(outcome.stderr.starts_with(said), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("no live cluster was asked"), "{}", outcome.stderr);
    assert_eq!(outcome.exit, Exit::Pending);
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

/// The same danger is told once.
#[test]
fn what_is_accepted_of_all_members_is_one_line() {
    let mut moved = flowers::CLUSTER.clone();
    for member in moved.members.to_mut() {
        let setting = Setting { name: "wal-dir", value: Value::Text("/wal/etcd".into()) };
        member.options.to_mut().push(setting);
    }
    let words = ["daffodil", "orange", "pink"].map(|name| format!("{name}.wal-dir = /wal/etcd"));
    let moved = accepting(moved, &words);
    let outcome = ask(&recorded(&flowers::CLUSTER), &moved, &["plan", "--offline"]);
    let accepted: Vec<&str> =
        outcome.stdout.lines().filter(|line| line.contains("accepted:")).collect();
    assert_eq!(accepted.len(), 1, "{accepted:?}");
    assert!(accepted[0].contains("3 members: "), "{accepted:?}");
}

/// Two changes that contradict each other have no steps, which is told from nothing to do.
#[test]
fn what_has_no_steps_says_why_and_what_to_do_instead() {
    let mut after = flowers::CLUSTER.clone();
    after.members.to_mut().pop();
    after.version = EtcdVersion::parse("3.6.16").unwrap();
    let world = recorded(&flowers::CLUSTER);
    let outcome = ask(&world, &after, &["plan", "--offline"]);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Failed));
    let text = outcome.stdout;
    let why = "no steps: another etcd goes apart from members that go";
    assert!(text.lines().any(|line| line.starts_with(why)), "{text}");
    assert!(text.contains("help: take one of them back in cluster.toml"), "{text}");
    assert!(!text.contains("nothing to do") && !text.contains("ssh "), "{text}");
    let outcome = ask(&world, &after, &["plan", "--offline", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(plan["steps"], serde_json::json!([]));
    assert!(plan["withheld"][0]["why"].as_str().unwrap().starts_with("another etcd"));
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
        for line in [&["plan", "--offline"][..], &["diff"], &["plan", "--json"]] {
            let outcome = ask(&world, &flowers::CLUSTER, line);
            assert_eq!((outcome.stdout.as_str(), outcome.exit.code()), ("", 3), "{line:?}");
            let said = "warning: cluster.lock records no member as running";
            assert!(outcome.stderr.starts_with(said), "{}", outcome.stderr);
            assert!(outcome.stderr.contains("`bouquet done`"), "{}", outcome.stderr);
        }
    }
}

#[test]
fn a_plan_is_json_too() {
    let outcome =
        ask(&recorded(&flowers::CLUSTER), &counting(5000), &["plan", "--offline", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(plan["from"], "cluster.lock");
    assert_eq!(plan["now"], serde_json::json!({ "voters": 3, "quorum": 2, "tolerates": 1 }));
    assert_eq!(plan["changes"].as_array().unwrap().len(), 3);
    let change = &plan["changes"][0];
    assert_eq!(
        (&change["of"], &change["name"], &change["class"], &change["refused"]),
        (&"member".into(), &"daffodil".into(), &"restart".into(), &false.into())
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&plan["steps"][1]).unwrap());
    assert_eq!(outcome.exit, Exit::Pending);
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

/// A build refuses it of what is recorded now, whatever was recorded when this program was built.
#[test]
fn what_is_refused_comes_first_with_the_words_that_accept_it_and_has_no_steps() {
    let world = recorded(&flowers::CLUSTER);
    let outcome = ask(&world, &moved(), &["plan", "--offline"]);
    assert_eq!(outcome.exit, Exit::Failed);
    insta::assert_snapshot!(outcome.stdout, @r#"
    etcd-cluster-1 cdf818194e3a8c32 · 3 voters, quorum 2, tolerates 1
    definition 4f1c0b2ad0e1f233 (git 8d0a7b1c2d3e) · etcd 3.5
    refused: orange: data-dir /data/etcd → /srv/etcd
        note: the member starts on a folder without its data: `member … has already
              been bootstrapped`, or the panic `tocommit(…) is out of range
              [lastIndex(0)]`; all of them at once begin an empty cluster, healthy
              and without a word (seen on 3.4.23 and 3.6.16)
        help: write the former folder again
        help: accept it, and move the data with `mv`, one member at a time, while it
              is stopped
        help: to accept it, write under `[cluster]`: accept = ["orange.data-dir = /srv/etcd"]
    orange: heartbeat-interval 250 → nothing
    "#);
}

/// What the program was built with counts, whatever it is compared with.
#[test]
fn what_was_accepted_has_steps_in_every_comparison() {
    let mut world = recorded(&flowers::CLUSTER);
    world.commits.insert("main", lock(&flowers::CLUSTER));
    let cluster = accepting(moved(), &["orange.data-dir = /srv/etcd"]);
    for line in [&["plan", "--offline"][..], &["diff", "main"]] {
        let outcome = ask(&world, &cluster, line);
        assert_eq!(outcome.exit, Exit::Pending, "{}", outcome.stdout);
        assert!(outcome.stdout.contains("accepted: orange: data-dir"), "{}", outcome.stdout);
        assert!(outcome.stdout.contains("mv -T /data/etcd /srv/etcd"), "{}", outcome.stdout);
    }
}

/// TOML has each key of a table once.
#[test]
fn what_is_to_be_accepted_besides_is_added_to_the_list() {
    let cluster = accepting(moved(), &["remove pink"]);
    let outcome = ask(&recorded(&flowers::CLUSTER), &cluster, &["plan", "--offline"]);
    assert_eq!(outcome.exit, Exit::Failed);
    let help =
        "to accept it, add to the list `accept` under `[cluster]`: \"orange.data-dir = /srv/etcd\"";
    assert!(outcome.stdout.contains(help), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("accept = ["), "{}", outcome.stdout);
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

/// Where cargo has built it, the program is not in PATH.
#[test]
fn commands_call_the_program_as_it_is_typed() {
    let world =
        recorded(&flowers::CLUSTER).with_executable("/home/me/flowers/target/debug/bouquet");
    let outcome = ask(&world, &counting(5000), &["plan", "--offline"]);
    assert!(outcome.stdout.contains("until cargo run -- etcdctl -- endpoint health && sleep 5"));
}
