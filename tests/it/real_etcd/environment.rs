//! The environment that members and etcdctl are started in: proxies, other clusters, old habits.

use crate::support::build::Output;
use crate::support::node::is_root;
use crate::support::read::env_by_docker;
use crate::support::releases::releases;
use crate::support::run::{etcd, stdout};
use bouquet_model::artifact::shell_word;
use bouquet_operate::{Environment, Program};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// Three addresses of the test's own, and a proxy that nobody can reach. Go takes loopback addresses past
/// any proxy, so these are others.
const NETWORK: &str = "\
set -eu
# Of data that a reboot removes, the mark of a member is in /run.
mount -t tmpfs tmpfs /run
ip link set lo up
for i in 1 2 3; do ip address add 10.77.0.$i/32 dev lo; done
for name in http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY; do
    export $name=http://10.77.0.9:3128
done
";

/// Another cluster, and habits, in the environment of a person's shell.
const CLUTTER: &str = "\
export ETCDCTL_ENDPOINTS=http://10.77.0.9:2379 ETCDCTL_CACERT=/nowhere ETCDCTL_API=3
export ETCDCTL_DIAL_TIMEOUT=3s ETCDCTL_COMMAND_TIMEOUT=6s ETCDCTL_WRITE_OUT=json
";

/// Asks until all are healthy, then has each member in turn be told to lead by each: the leader does.
const ASK: &str = "\
until ./health >said 2>&1; do
    [ $(date +%s) -lt $end ] || { cat said; exit 1; }
    sleep 0.25
done
./members
for id in $(./members | sed 's/.*\"members\"//' | grep -o '\"ID\":\"*[0-9]*' | grep -o '[0-9]*$'); do
    for through in a b c; do
        ./move-$through $(printf %x $id) 2>&1 && echo moved || true
    done
done
";

#[test]
fn neither_a_proxy_nor_a_crowded_environment_keeps_members_or_etcdctl_from_the_cluster() {
    for release in releases() {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let output = Output::of(&spec(&release, folder.path()));
        let certs = output.path("members/a/certs");
        stdout(Command::new("cp").arg("-r").args([&certs, &folder.path().join("certs")]));
        let said = run(&output, folder.path(), &release);
        let logs = ["a", "b", "c"].map(|name| fs::read_to_string(folder.path().join(name)));
        let logs = logs.map(|log| log.expect("a log"));
        assert!(said.contains("moved\n"), "{release}: {said}\n{logs:?}");
        // A member whose way out is closed still hears those who come to it.
        assert!(!logs.iter().any(|log| log.contains("proxyconnect")), "{release}: {logs:?}");
        assert!(!said.contains("conflicting environment"), "{release}: {said}");
        // The habits of the caller are kept, the other cluster is not asked.
        let line = said.lines().find(|line| line.contains("\"members\"")).expect("JSON");
        assert!(line.contains("10.77.0.1") && !line.contains("10.77.0.9"), "{line}");
    }
}

/// Three members that share a certificate, so that one folder serves all of them.
fn spec(release: &str, folder: &Path) -> String {
    let folder = folder.display();
    let members: String = [("a", 1), ("b", 2), ("c", 3)]
        .map(|(name, i)| {
            format!(
                "[[member]]\nname = \"{name}\"\nip = \"10.77.0.{i}\"\nclient-port = 2{i}79\netcd.data-dir = \
                 \"{folder}/data/{name}\"\n"
            )
        })
        .concat();
    format!(
        "[cluster]\ntoken = \"crowded\"\netcd = \"{release}\"\n[tls]\nlayout = \"shared\"\n\
         certs-dir = \"{folder}/certs\"\n{members}[[client]]\nname = \"root\"\n"
    )
}

/// Starts each member in another way, then asks etcdctl as the program asks it. All that was started
/// goes with the shell.
fn run(output: &Output, folder: &Path, release: &str) -> String {
    let of = |name: &str, file: &str| output.path(&format!("members/{name}/{file}"));
    let env = output.read("members/b/etcd.env");
    let by_docker: Vec<_> = env_by_docker(&env)
        .into_iter()
        .map(|(name, value)| shell_word(&format!("{name}={value}")).into_owned())
        .collect();
    let script = format!(
        "{NETWORK}sh {} >a 2>&1 &\nenv {} etcd >b 2>&1 &\n(set -a; . {}; exec etcd) >c 2>&1 &\n\
         {CLUTTER}end=$(($(date +%s) + 40))\n{ASK}",
        of("a", "etcd.sh").display(),
        by_docker.join(" "),
        of("c", "etcd.env").display(),
    );
    let write = |name: &str, line: &[&str]| {
        let file = folder.join(name);
        fs::write(&file, by_program(&program(output, line))).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a mode");
    };
    write("health", &["etcdctl", "--", "endpoint", "health"]);
    write("members", &["etcdctl", "--", "member", "list"]);
    for member in ["a", "b", "c"] {
        write(&format!("move-{member}"), &["etcdctl", member, "--", "move-leader"]);
    }
    let mut unshare = Command::new("unshare");
    if !is_root() {
        unshare.arg("--map-root-user");
    }
    let output = unshare
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", &script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin:/usr/sbin:/sbin", etcd(release).display()))
        .output()
        .expect("this test needs unshare: install util-linux");
    let [out, err] =
        [output.stdout, output.stderr].map(|b| String::from_utf8_lossy(&b).into_owned());
    out + &err
}

/// What the compiled program would run.
fn program(output: &Output, line: &[&str]) -> Program {
    let variable = |name: &str| match name {
        "ETCDCTL_DIAL_TIMEOUT" => Some(OsString::from("3s")),
        "ETCDCTL_COMMAND_TIMEOUT" => Some("6s".into()),
        "ETCDCTL_WRITE_OUT" => Some("json".into()),
        "BOUQUET_OUT" => Some(output.path("").into()),
        _ => None,
    };
    let environment = Environment {
        now: 1_785_456_000,
        current_dir: "/".into(),
        executable: None,
        variable: &variable,
        read: &|path| fs::read(path),
        list: &|_| Ok(Vec::new()),
        stat: &|_| Err(std::io::ErrorKind::NotFound.into()),
        committed: &|_, revision| Err(std::io::Error::other(revision.to_owned())),
    };
    let words = std::iter::once("bouquet").chain(line.iter().copied()).map(OsString::from);
    let outcome = bouquet_operate::run(&output.cluster, &[], words, &environment);
    match outcome.work {
        Some(bouquet_operate::Work::Program(program)) => program,
        _ => panic!("{}", outcome.stderr),
    }
}

/// A script that does the same, with what its own caller adds.
fn by_program(program: &Program) -> String {
    let unset = program.unset.join(" ");
    let words = program.arguments.iter().map(|word| shell_word(word.to_str().expect("text")));
    let words = words.collect::<Vec<_>>().join(" ");
    format!("#!/bin/sh\nunset {unset}\nexec {} {words} \"$@\"\n", program.name)
}
