//! `bouquet status`, before it asks anyone.

use crate::common::{World, flowers, plain_cluster};
use bouquet_lock::{Entry, Lock, Record};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::running::Running;
use bouquet_operate::{Exit, Outcome, Work};

const PACKAGE: &str = "/home/me/flowers";

/// What is to be done, as far as it can be seen.
fn look(outcome: &Outcome) -> String {
    match &outcome.work {
        Some(Work::Look(look)) => format!("{look:?}"),
        other => panic!("{other:?}: {}", outcome.stderr),
    }
}

#[test]
fn the_client_root_asks_or_the_one_that_is_named() {
    let world = World::built();
    assert!(look(&world.flowers(&["status"])).contains("out/clients/root"));
    let named = world.flowers(&["status", "--client", "kube-apiserver"]);
    assert!(look(&named).contains("out/clients/kube-apiserver"));
    let wrong = world.flowers(&["status", "--client", "rot"]);
    assert_eq!((wrong.exit, wrong.work), (Exit::Misused, None));
    assert!(wrong.stderr.contains("did you mean `root`?"), "{}", wrong.stderr);
}

#[test]
fn without_a_client_the_table_to_add_is_shown_and_without_tls_none_is_needed() {
    let lonely = Cluster { clients: Vec::new().into(), ..flowers::CLUSTER.clone() };
    let outcome = World::built().ask(&lonely, flowers::CERTIFICATES, &["status"]);
    assert_eq!(outcome.exit, Exit::Failed);
    assert!(
        outcome.stderr.contains("add `[[client]]` with `name = \"root\"` to it"),
        "{}",
        outcome.stderr
    );
    let plain = Cluster { clients: Vec::new().into(), ..plain_cluster() };
    assert!(look(&World::new().ask(&plain, &[], &["status"])).contains("files: None"));
}

#[test]
fn a_deadline_is_a_time_and_a_form_is_one_of_three() {
    let world = World::built();
    assert!(look(&world.flowers(&["status"])).contains("deadline: 2s"));
    assert!(look(&world.flowers(&["status", "--deadline", "500ms"])).contains("deadline: 500ms"));
    let besides = look(&world.flowers(&["status", "--json", "--textfile", "last.prom"]));
    assert!(besides.contains("form: Json") && besides.contains("last.prom"), "{besides}");
    for line in [
        &["status", "--deadline", "0s"][..],
        &["status", "--deadline", "5"],
        &["status", "--json", "--prometheus"],
        &["status", "--watch", "--json"],
    ] {
        assert_eq!(world.flowers(line).exit, Exit::Misused, "{line:?}");
    }
}

/// Root's certificate is due for renewal: a later one was issued, and the lock has another client endpoint.
#[test]
fn what_is_not_recorded_and_when_clients_certificates_end_is_read_from_the_lock() {
    let certificates: Vec<Certificate> =
        flowers::CERTIFICATES.iter().filter(|it| it.kind != Kind::Ca).cloned().collect();
    let mut lock = Lock::default();
    lock.identity.token = flowers::CLUSTER.token.to_string();
    let root = certificates.last().unwrap();
    let earlier = Certificate {
        serial: "77".into(),
        fingerprint: [7; 32],
        not_before: root.not_before - 9,
        not_after: root.not_before + 77,
        ..root.clone()
    };
    for certificate in [root, &earlier] {
        // The lock knows no more than dates: it has no CA.
        let entry = Entry { facts: None, ..Entry::of(certificate, 1, 1) };
        lock.issued.enter(&certificate.serial, entry);
    }
    let Running { members, mut clients } = Running::of(&flowers::CLUSTER, &certificates);
    clients.get_mut("root").unwrap().certificate = Some("77".to_owned());
    let since = flowers::ISSUED;
    lock.recorded.members =
        members.into_iter().map(|(n, it)| (n, Record::after(None, Some(it), since))).collect();
    lock.recorded.clients =
        clients.into_iter().map(|(n, it)| (n, Record::after(None, Some(it), since))).collect();
    let looked = |lock: &str| {
        let world = World::built().with_file(&format!("{PACKAGE}/cluster.toml"), b"");
        let world = world.with_file(&format!("{PACKAGE}/cluster.lock"), lock.as_bytes());
        look(&world.ask(&flowers::CLUSTER, &certificates, &["status"]))
    };
    bouquet_lock::read(lock.text().as_bytes()).expect("a lock");
    let text = looked(&lock.text());
    assert!(text.contains("unrecorded: [\"root\"]"), "{text}");
    assert!(text.contains("elsewhere: []"), "{text}");
    let members = "members: {\"daffodil\", \"orange\", \"pink\"}";
    assert!(text.contains(members), "{text}");
    // Recorded at another client URL than it is compiled with, a member is asked there too.
    let mut moved = lock.clone();
    let orange = moved.recorded.members.get_mut("orange").and_then(|it| it.what.as_mut()).unwrap();
    let url = "https://10.9.9.9:2379".to_owned();
    orange.options.insert("advertise-client-urls".to_owned(), url);
    let text = looked(&moved.text());
    assert!(text.contains("elsewhere: [Target { name: \"orange\""), "{text}");
    let end = format!("name: \"root\", not_after: {}, is_renewed: true", earlier.not_after);
    assert!(text.contains(&end), "{text}");
    // One that cannot be read, or is another cluster's, tells nothing.
    let end = format!("name: \"root\", not_after: {}, is_renewed: false", root.not_after);
    lock.identity.token = "other".to_owned();
    for lock in ["<<<<<<< HEAD", &lock.text()] {
        let text = looked(lock);
        assert!(text.contains("unrecorded: []") && text.contains(&end), "{text}");
    }
}

#[test]
fn in_the_environment_of_a_trial_no_command_goes_past_it() {
    for line in [&["status"][..], &["snapshot", "a.db"], &["etcdctl", "--", "del", "a"], &["done"]]
    {
        let outcome = World::built().with_variable("BOUQUET_TRIAL", "flowers").flowers(line);
        assert_eq!((outcome.exit, outcome.work), (Exit::Failed, None), "{line:?}");
        assert!(outcome.stderr.contains("the environment of a trial"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("env -u BOUQUET_TRIAL "), "{}", outcome.stderr);
    }
    let outcome = World::built().with_variable("BOUQUET_TRIAL", "flowers").flowers(&["members"]);
    assert_eq!(outcome.exit, Exit::Done);
}
