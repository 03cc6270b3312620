//! `bouquet etcdctl`.

use crate::common::{OTHER_CA_PEM, World, flowers, plain_cluster};
use bouquet_model::Cluster;
use bouquet_operate::{Exit, Program, Work};
use std::borrow::Cow;
use std::ffi::OsString;
use std::process::Command;

fn program(world: &World, line: &[&str]) -> Program {
    match world.flowers(line).work {
        Some(Work::Program(program)) => program,
        other => panic!("etcdctl is not run: {other:?}"),
    }
}

fn program_of(line: &[&str]) -> Program {
    program(&World::built(), line)
}

fn words(line: &[&str]) -> Vec<OsString> {
    line.iter().map(OsString::from).collect()
}

/// The value of a flag that etcdctl is given before the words of the caller.
fn value(program: &Program, flag: &str) -> Option<String> {
    let words = program.arguments.iter().filter_map(|word| word.to_str());
    let mut values = words.filter_map(|word| word.strip_prefix(flag)?.strip_prefix('='));
    let value = values.next().map(str::to_owned);
    assert_eq!(values.next(), None, "{flag} twice");
    value
}

#[test]
fn the_environment_is_lines_for_a_shell() {
    let outcome = World::built().flowers(&["etcdctl"]);
    insta::assert_snapshot!("the_environment_is_lines_for_a_shell", outcome.stdout);
    assert_eq!((outcome.work, outcome.exit), (None, Exit::Done));
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
    assert_eq!((program.name, &program.arguments[4..]), ("etcdctl", &words(&line[2..])[..]));
    let endpoints = value(&program, "--endpoints").unwrap();
    assert_eq!(endpoints.split(',').count(), 3);
    let certificate = value(&program, "--cert").unwrap();
    assert_eq!(certificate, "/home/me/flowers/out/clients/root/client.crt");
    assert!(program.unset.contains(&"ETCDCTL_API"));
}

#[test]
fn one_member_and_another_client() {
    let line = ["etcdctl", "pink", "--client", "kube-apiserver", "--", "endpoint", "health"];
    let program = program(&World::built(), &line);
    let endpoints = value(&program, "--endpoints");
    assert_eq!(endpoints.as_deref(), Some("https://192.168.65.102:2379"));
    let key = value(&program, "--key").unwrap();
    assert!(key.ends_with("/clients/kube-apiserver/client.key"), "{key}");
}

#[test]
fn a_flag_of_the_caller_comes_last_and_endpoints_are_not_added_up() {
    let line = ["etcdctl", "--", "--endpoints=https://[::1]:2379", "get", "--", "--cert"];
    let program = program(&World::built(), &line);
    assert_eq!(value(&program, "--endpoints").as_deref(), Some("https://[::1]:2379"));
    assert!(value(&program, "--cert").is_some(), "what follows -- is no flag");
    assert!(value(&program, "--cacert").is_some(), "--cert is not the start of --cacert");
    let line = ["etcdctl", "--", "get", "a", "--cert", "/mine.crt"];
    let arguments = self::program(&World::built(), &line).arguments;
    assert_eq!(arguments[4..], words(&line[2..]), "etcdctl takes the last of two");
    let behind = program_of(&["etcdctl", "--", "put", "a", "--", "--endpoints"]);
    assert!(value(&behind, "--endpoints").is_some());
}

#[test]
fn no_variable_meets_a_flag_of_the_same_meaning() {
    let world = World::built()
        .with_variable("ETCDCTL_ENDPOINTS", "http://10.9.9.9:2379")
        .with_variable("ETCDCTL_WRITE_OUT", "json")
        .with_variable("ETCDCTL_HEX", "")
        .with_variable("ETCDCTL_DIAL_TIMEOUT", "7s");
    let program = program(&world, &["etcdctl", "--", "move-leader", "1"]);
    assert_eq!(value(&program, "--write-out").as_deref(), Some("json"));
    assert_eq!(value(&program, "--dial-timeout").as_deref(), Some("7s"));
    assert_eq!(value(&program, "--hex"), None, "etcdctl takes an empty variable for none");
    assert!(!value(&program, "--endpoints").unwrap().contains("10.9.9.9"));
    for flag in program.arguments.iter().filter_map(|word| word.to_str()?.strip_prefix("--")) {
        let name = flag.split_once('=').expect("a value").0;
        let name = format!("ETCDCTL_{}", name.to_uppercase().replace('-', "_"));
        assert!(program.unset.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn an_account_in_the_environment_stays_there_until_a_flag_says_who_asks() {
    let account = ["ETCDCTL_USER", "ETCDCTL_PASSWORD", "ETCDCTL_AUTH_JWT_TOKEN"];
    let world = account.into_iter().fold(World::built(), |w, name| w.with_variable(name, "me"));
    let kept = program(&world, &["etcdctl", "--", "get", "a"]);
    let given = program(&world, &["etcdctl", "--", "--user=root:secret", "get", "a"]);
    for name in account {
        assert!(!kept.unset.contains(&name) && given.unset.contains(&name), "{name}");
    }
    assert!(!kept.arguments.iter().any(|word| word.to_str().unwrap().ends_with("=me")));
}

#[test]
fn proxies_of_the_environment_are_left_out_in_both_spellings() {
    let program = program_of(&["etcdctl", "--", "endpoint", "health"]);
    let exports = World::built().flowers(&["etcdctl"]).stdout;
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        let upper = name.to_uppercase();
        for name in [name, &upper] {
            assert!(program.unset.contains(&name), "{name}");
            let line = exports.lines().any(|line| {
                line.strip_prefix("unset ").is_some_and(|names| names.split(' ').any(|n| n == name))
            });
            assert!(line, "{name} in\n{exports}");
        }
    }
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
    // As `cargo run -p flowers` does from the root of a workspace.
    let of_cargo = World::new()
        .with_out("/home/me/clusters/flowers/out")
        .with_variable("CARGO_MANIFEST_DIR", "/home/me/clusters/flowers");
    assert_eq!(found(of_cargo, &["etcdctl"]), "/home/me/clusters/flowers/out/clients/root");
    let of_another = World::built().with_variable("CARGO_MANIFEST_DIR", "/home/me/clusters/tulips");
    assert_eq!(found(of_another, &["etcdctl"]), "/home/me/flowers/out/clients/root");
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
fn the_line_that_was_meant_is_shown() {
    for (line, meant) in [
        (&["etcdctl", "endpoint", "health"][..], "etcdctl -- endpoint health"),
        (&["etcdctl", "orange", "endpoint", "health"], "etcdctl orange -- endpoint health"),
        (&["etcdctl", "member", "list", "-w", "table"], "etcdctl -- member list -w table"),
        (&["etcdctl", "get", "--prefix", "a b"], "etcdctl -- get --prefix 'a b'"),
        (&["etcdctl", "--client", "root", "get", "a"], "etcdctl --client root -- get a"),
        (&["--out=/x", "etcdctl", "get", "a"], "--out=/x etcdctl -- get a"),
    ] {
        let outcome = World::built().flowers(line);
        assert_eq!(outcome.exit, Exit::Misused);
        let tip = format!("tip: what etcdctl is to do follows `--`: `bouquet {meant}`");
        assert!(outcome.stderr.contains(&tip), "{line:?}: {}", outcome.stderr);
        assert_eq!(outcome.stderr.matches("tip:").count(), 1, "{}", outcome.stderr);
    }
    let other = World::built().flowers(&["etcdctl", "orange", "--cleint", "root", "--", "get"]);
    assert!(!other.stderr.contains("follows `--`"), "{}", other.stderr);
}

#[test]
fn a_wrong_client_says_which_there_are() {
    let stderr = World::built().flowers(&["etcdctl", "--client", "rot"]).stderr;
    assert!(
        stderr.contains("did you mean `root`? the clients are kube-apiserver, root"),
        "{stderr}"
    );
}

/// A unit's `LoadCredential=`: the key itself belongs to another account.
#[test]
fn what_systemd_hands_to_a_unit_comes_before_the_folder_of_the_client() {
    let handed = "/run/credentials/etcd-snapshot.service";
    let world = || World::new().with_client("/root/etcd/certs");
    let key = |world: World| {
        let text =
            world.with_variable("CREDENTIALS_DIRECTORY", handed).flowers(&["etcdctl"]).stdout;
        let key = text.lines().find_map(|line| line.strip_prefix("export ETCDCTL_KEY="));
        key.unwrap_or_default().to_owned()
    };
    assert_eq!(key(world().with_client(handed)), format!("{handed}/client.key"));
    // Other credentials than a client's.
    assert_eq!(key(world()), "/root/etcd/certs/client.key");
}
