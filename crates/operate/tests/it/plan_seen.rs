//! `plan --seen`: from what members said earlier, or elsewhere.

use crate::common::recorded::{PACKAGE, ask, clone_of, counting, recorded};
use crate::common::{NOW, World, flowers};
use bouquet_model::time::Instant;
use bouquet_operate::{Exit, Outcome};
use serde_json::{Value, json};

const LINE: &[&str] = &["plan", "--seen", "seen.json"];

/// What was seen of the flowers: all up but daffodil, led by pink.
fn seen() -> Value {
    let member = |member: &bouquet_model::Member| {
        let is_up = member.name.as_str() != "daffodil";
        json!({
            "id": member.id.unwrap().to_string(),
            "name": member.name.as_str(),
            "peer_urls": [member.initial_advertise_peer_urls[0].to_string()],
            "client_urls": [member.advertise_client_urls[0].to_string()],
            "learner": false,
            "life": if is_up { "up" } else { "down" },
            "data": "own",
            "leads": member.name.as_str() == "pink",
            "etcd": is_up.then_some("3.5.33"),
            "wrong_clock": false,
            "free_space": false,
        })
    };
    let members: Vec<Value> = flowers::CLUSTER.members.iter().map(member).collect();
    json!({
        "token": "etcd-cluster-1",
        "members": members,
        "seen": {
            "form": 1,
            "at": Instant(NOW - 3 * 3600).to_string(),
            "file": null,
            "cluster_id": "cdf818194e3a8c32",
            "alarm": null,
            "announced": false,
            "versions": ["3.5.33"],
            "lost": [],
            "silent": [{ "name": "daffodil", "state": "down", "reason": "connection\u{1b} refused" }],
        },
        "steps": [],
    })
}

/// A clone, which has no keys, and what was seen.
fn world(seen: &Value) -> World {
    let file = format!("{PACKAGE}/seen.json");
    clone_of(&flowers::CLUSTER).with_file(&file, seen.to_string().as_bytes())
}

#[test]
fn a_plan_from_a_file_needs_no_keys_and_says_where_it_is_from() {
    let file = format!("{PACKAGE}/seen.json");
    let world = recorded(&flowers::CLUSTER).with_file(&file, seen().to_string().as_bytes());
    let outcome = ask(&world, &counting(5000), LINE);
    insta::assert_snapshot!(outcome.stdout);
    insta::assert_snapshot!(outcome.stderr, @r"
    warning: what members said is old: seen.json was seen 3 hours ago
    note: at 2026-07-31T21:00:00Z
    help: `bouquet plan` asks them again; so does `bouquet apply`, before each step
    ");
    assert_eq!((outcome.exit, &outcome.work), (Exit::Pending, &None));
    let without = ask(&self::world(&seen()), &counting(5000), LINE);
    assert_eq!((without.stdout, without.exit), (outcome.stdout, Exit::Pending));
}

#[test]
fn what_a_plan_from_a_file_prints_is_such_a_file_again() {
    let line = ["plan", "--seen", "seen.json", "--json"];
    let first = ask(&world(&seen()), &counting(5000), &line).stdout;
    let plan: Value = serde_json::from_str(&first).unwrap();
    let mut expected = seen();
    expected["seen"]["file"] = "seen.json".into();
    assert_eq!((&plan["seen"], &plan["members"]), (&expected["seen"], &expected["members"]));
    assert_eq!(plan["leader"], "pink");
    assert_eq!(ask(&world(&plan), &counting(5000), &line).stdout, first);
    // What was built since is planned.
    let text = ask(&world(&plan), &counting(7000), LINE).stdout;
    assert!(text.contains("snapshot-count nothing → 7000"), "{text}");
}

#[test]
fn standard_input_is_a_file_too() {
    let bytes = seen().to_string();
    let world = clone_of(&flowers::CLUSTER).with_file("/dev/stdin", bytes.as_bytes());
    let outcome = ask(&world, &counting(5000), &["plan", "--seen", "-"]);
    assert_eq!(outcome.exit, Exit::Pending);
    assert!(outcome.stdout.contains("seen 2026-07-31T21:00:00Z · standard input"));
}

#[test]
fn what_the_operator_wishes_holds_for_a_file_too() {
    let outcome =
        ask(&world(&seen()), &flowers::CLUSTER, &[LINE, &["--replace", "daffodil"]].concat());
    assert!(outcome.stdout.contains("remove daffodil"), "{}", outcome.stdout);
    let unknown = ask(&world(&seen()), &flowers::CLUSTER, &[LINE, &["--replace", "rose"]].concat());
    assert_eq!(unknown.exit, Exit::Misused);
}

#[test]
fn what_is_no_such_file_is_refused_with_place_cause_and_help() {
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut plan = seen();
        edit(&mut plan);
        plan.to_string()
    };
    let huge = format!("\"{}\"", "x".repeat(1 << 20));
    let files = [
        String::new(),
        "{\n\"seen\": }".to_owned(),
        "[1, 2]".to_owned(),
        huge,
        "[".repeat(100_000),
        edited(&|plan| plan["seen"] = Value::Null),
        edited(&|plan| plan["seen"]["form"] = 2.into()),
        edited(&|plan| plan["seen"]["at"] = "yesterday".into()),
        edited(&|plan| plan["seen"]["silent"][0]["state"] = "\u{1b}[31m".into()),
        edited(&|plan| plan["members"] = Value::Null),
        edited(&|plan| plan["members"][1]["life"] = "alive".into()),
        edited(&|plan| drop(plan["members"][2].as_object_mut().unwrap().remove("peer_urls"))),
        edited(&|plan| plan["members"][1]["id"] = plan["members"][0]["id"].clone()),
        edited(&|plan| plan["seen"]["cluster_id"] = "f00".into()),
        edited(&|plan| {
            plan["seen"]["cluster_id"] = Value::Null;
            plan["token"] = "roses\u{7}".into();
        }),
    ];
    let told = |outcome: &Outcome| format!("{}: {}", outcome.exit.code(), outcome.stderr);
    let mut said = Vec::new();
    for file in files {
        let world =
            clone_of(&flowers::CLUSTER).with_file(&format!("{PACKAGE}/seen.json"), file.as_bytes());
        let outcome = ask(&world, &counting(5000), LINE);
        assert_eq!(outcome.stdout, "", "{file}");
        said.push(told(&outcome) + "\n");
    }
    let missing = ask(&clone_of(&flowers::CLUSTER), &counting(5000), LINE);
    said.push(told(&missing));
    insta::assert_snapshot!(said.concat());
}

#[test]
fn what_makes_sense_with_members_that_answer_alone_does_not_go_with_a_file() {
    for other in
        [&["--offline"][..], &["--from", "HEAD"], &["--client", "root"], &["--deadline", "1s"]]
    {
        let outcome = ask(&world(&seen()), &flowers::CLUSTER, &[LINE, other].concat());
        assert_eq!(outcome.exit, Exit::Misused, "{other:?}");
        assert!(outcome.stderr.contains("cannot be used with"), "{}", outcome.stderr);
    }
    // It always looks itself.
    let apply = ask(&world(&seen()), &flowers::CLUSTER, &["apply", "--seen", "seen.json"]);
    assert_eq!(apply.exit, Exit::Misused);
    assert!(apply.stderr.contains("unexpected argument '--seen'"), "{}", apply.stderr);
}
