//! `bouquet etcdctl`.

use crate::common::{OTHER_CA_PEM, World, flowers, plain_cluster};
use bouquet_model::Cluster;
use bouquet_operate::{Exit, Program};
use std::borrow::Cow;
use std::process::Command;

fn program(world: &World, line: &[&str]) -> Program {
    world.flowers(line).exec.expect("etcdctl is run")
}

fn value<'a>(program: &'a Program, name: &str) -> Option<&'a str> {
    program.set.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
}

#[test]
fn the_environment_is_lines_for_a_shell() {
    let outcome = World::built().flowers(&["etcdctl"]);
    insta::assert_snapshot!("the_environment_is_lines_for_a_shell", outcome.stdout);
    assert_eq!((outcome.exec, outcome.exit), (None, Exit::Done));
}

#[test]
fn a_shell_takes_the_environment_whatever_the_path_is() {
    let odd = "/home/me/it's $HOME `x` \"é\"";
    let world = World::new().with_out(odd).with_variable("BOUQUET_OUT", odd);
    let script = format!(
        "{}\nprintf '%s\\n' \"$ETCDCTL_ENDPOINTS\" \"$ETCDCTL_KEY\" \"${{ETCDCTL_API-none}}\"",
        world.flowers(&["etcdctl", "orange"]).stdout
    );
    let output = Command::new("sh").args(["-euc", &script]).env("ETCDCTL_API", "2").output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let key = format!("{odd}/clients/root/client.key");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines, ["https://192.168.65.101:2379", &key, "none"]);
}

#[test]
fn arguments_go_to_etcdctl_with_the_cluster_around_them() {
    let line = ["etcdctl", "--", "get", "--prefix", "/"];
    let program = program(&World::built(), &line);
    assert_eq!((program.name, program.arguments.len()), ("etcdctl", 3));
    let endpoints = value(&program, "ETCDCTL_ENDPOINTS").unwrap();
    assert_eq!(endpoints.split(',').count(), 3);
    let certificate = value(&program, "ETCDCTL_CERT").unwrap();
    assert_eq!(certificate, "/home/me/flowers/out/clients/root/client.crt");
    assert!(program.unset.contains(&"ETCDCTL_API"));
}

#[test]
fn one_member_and_another_client() {
    let line = ["etcdctl", "pink", "--client", "kube-apiserver", "--", "endpoint", "health"];
    let program = program(&World::built(), &line);
    assert_eq!(value(&program, "ETCDCTL_ENDPOINTS"), Some("https://192.168.65.102:2379"));
    let key = value(&program, "ETCDCTL_KEY").unwrap();
    assert!(key.ends_with("/clients/kube-apiserver/client.key"), "{key}");
}

#[test]
fn a_flag_of_etcdctl_takes_the_place_of_the_variable() {
    let line = ["etcdctl", "--", "--endpoints=https://[::1]:2379", "get", "--", "--cert"];
    let program = program(&World::built(), &line);
    assert_eq!(value(&program, "ETCDCTL_ENDPOINTS"), None);
    assert!(program.unset.contains(&"ETCDCTL_ENDPOINTS"));
    assert!(value(&program, "ETCDCTL_CERT").is_some(), "what follows -- is no flag");
    assert!(value(&program, "ETCDCTL_CACERT").is_some(), "--cert is not the start of --cacert");
}

#[test]
fn without_root_the_first_client_speaks() {
    let mut cluster = flowers::CLUSTER.clone();
    cluster.clients.to_mut().pop();
    let text = World::built().ask(&cluster, flowers::CERTIFICATES, &["etcdctl"]).stdout;
    assert!(text.contains("/clients/kube-apiserver/client.crt"), "{text}");
}

#[test]
fn without_a_client_it_says_how_to_have_one() {
    let cluster = Cluster { clients: Cow::Borrowed(&[]), ..flowers::CLUSTER.clone() };
    let outcome = World::built().ask(&cluster, flowers::CERTIFICATES, &["etcdctl"]);
    assert!(outcome.stderr.contains("[[client]]"), "{}", outcome.stderr);
    assert_eq!(outcome.exit, Exit::Failed);
}

#[test]
fn without_tls_there_are_no_certificates_to_look_for() {
    let outcome = World::new().ask(&plain_cluster(), &[], &["etcdctl"]);
    insta::assert_snapshot!("without_tls_there_are_no_certificates", outcome.stdout);
    let cluster = Cluster { clients: Cow::Borrowed(&[]), ..plain_cluster() };
    assert_eq!(World::new().ask(&cluster, &[], &["etcdctl"]).exit, Exit::Done);
}

#[test]
fn certificates_are_found_where_they_may_be() {
    let found = |world: World, line: &[&str]| {
        let outcome = world.flowers(line);
        let key = outcome.stdout.lines().find_map(|line| line.strip_prefix("export ETCDCTL_KEY="));
        key.map_or(outcome.stderr.clone(), |key| key.replace("/client.key", ""))
    };
    let named = || World::new().with_out("/a").with_out("/b").with_out("/home/me/out");
    let by_variable = named().with_variable("BOUQUET_OUT", "/b");
    assert_eq!(found(by_variable, &["etcdctl", "--out", "/a"]), "/a/clients/root");
    let by_variable = named().with_variable("BOUQUET_OUT", "/b");
    assert_eq!(found(by_variable, &["etcdctl"]), "/b/clients/root");
    assert_eq!(
        found(named().with_variable("BOUQUET_OUT", ""), &["etcdctl"]),
        "/home/me/out/clients/root"
    );
    let relative = World::new().with_out("/home/me/flowers/x");
    assert_eq!(found(relative, &["etcdctl", "--out", "x"]), "/home/me/flowers/x/clients/root");
    let beside = World::new().with_out("/src/out").with_executable("/src/target/debug/bouquet");
    assert_eq!(found(beside, &["etcdctl"]), "/src/out/clients/root");
    let on_its_machine = World::new().with_client("/root/etcd/certs");
    assert_eq!(found(on_its_machine, &["etcdctl"]), "/root/etcd/certs");
}

#[test]
fn the_out_of_another_cluster_is_passed_over() {
    let world = World::new()
        .with_out("/home/me/flowers/out")
        .with_file("/home/me/flowers/out/pki/ca.crt", OTHER_CA_PEM)
        .with_out("/src/out")
        .with_executable("/src/target/debug/bouquet");
    let text = world.flowers(&["etcdctl"]).stdout;
    assert!(text.contains("/src/out/clients/root/client.crt"), "{text}");
    let world = World::new().with_file("/home/me/out/manifest", b"of another program");
    assert!(world.flowers(&["etcdctl"]).stderr.contains("there is no out/manifest"));
}

#[test]
fn where_there_are_none_it_says_where_it_looked() {
    let world = World::new()
        .with_executable("/usr/local/bin/bouquet")
        .with_file("/opt/etcd/certs/server.crt", b"a member's");
    let outcome = world.flowers(&["etcdctl"]);
    insta::assert_snapshot!("where_there_are_none_it_says_where_it_looked", outcome.stderr);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed));
    let outcome = world.flowers(&["etcdctl", "--out", "/nowhere"]);
    insta::assert_snapshot!("an_out_that_was_named_is_the_only_one", outcome.stderr);
}

#[test]
fn etcdctls_words_without_dashes_are_explained() {
    let outcome = World::built().flowers(&["etcdctl", "version"]);
    insta::assert_snapshot!("etcdctls_words_without_dashes", outcome.stderr);
    assert_eq!(outcome.exit, Exit::Misused);
}

#[test]
fn a_wrong_client_says_which_there_are() {
    let stderr = World::built().flowers(&["etcdctl", "--client", "rot"]).stderr;
    assert!(
        stderr.contains("did you mean `root`? the clients are kube-apiserver, root"),
        "{stderr}"
    );
}
