//! `plan`: the way from what is recorded to what is compiled.

use crate::common::flowers;
use crate::common::recorded::{accepting, ask, counting, recorded};
use bouquet_model::cluster::State;
use bouquet_model::name::MemberName;
use bouquet_model::version::EtcdVersion;
use bouquet_operate::{Exit, Work};

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
fn a_plan_asks_the_members_unless_another_record_is_compared() {
    let world = recorded(&flowers::CLUSTER);
    let outcome = ask(&world, &counting(5000), &["plan"]);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    assert!(matches!(outcome.work, Some(Work::Plan(_))), "{outcome:?}");
    let offline = ask(&world, &counting(5000), &["plan", "--offline"]);
    assert_eq!((offline.work, offline.exit), (None, Exit::Pending));
    let diff = ask(&world, &counting(5000), &["diff"]);
    assert_eq!(diff.stdout, offline.stdout);
}

#[test]
fn a_member_that_is_to_be_replaced_is_one_that_was_recorded() {
    let world = recorded(&flowers::CLUSTER);
    let outcome = ask(&world, &flowers::CLUSTER, &["plan", "--replace", "camelia"]);
    assert_eq!(outcome.exit, Exit::Misused);
    assert!(outcome.stderr.contains("camelia"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("daffodil"), "{}", outcome.stderr);
    // As the help of a plan that ends early has it.
    for line in [&["plan", "--replace", "pink"][..], &["plan", "--accept-downtime"]] {
        assert!(matches!(ask(&world, &flowers::CLUSTER, line).work, Some(Work::Plan(_))));
    }
    let both = ask(&world, &flowers::CLUSTER, &["plan", "--offline", "--replace", "pink"]);
    assert_eq!(both.exit, Exit::Misused);
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

/// Where cargo has built it, the program is not in PATH.
#[test]
fn commands_call_the_program_as_it_is_typed() {
    let world =
        recorded(&flowers::CLUSTER).with_executable("/home/me/flowers/target/debug/bouquet");
    let outcome = ask(&world, &counting(5000), &["plan", "--offline"]);
    assert!(outcome.stdout.contains("until cargo run -- etcdctl -- endpoint health && sleep 5"));
}
