//! The etcd of a cluster: it comes to machines that have none, and another one comes to each in turn, while someone
//! writes.

use super::super::super::journey::Journey;
use super::super::super::spec::{Member, THREE};
use super::super::NAMES;
use super::load::Load;
use super::typed::{LONGEST, applied, applies, by_ssh, is_recorded};
use crate::support::package::Package;
use crate::support::run::{Said, etcd};
use std::time::{Duration, Instant};

const OLD: &str = "3.5.33";
const NEW: &str = "3.6.16";
const DAFFODIL: Member = THREE[2];

/// People look before an upgrade, and do nothing else.
const HOOK: &str = r#"
printf '%s\n' '#!/bin/sh' "tr -d ' ' | grep -q '\"action\":\"look\"'" >hook
chmod 755 hook
"#;

#[test]
fn etcd_comes_to_bare_machines_and_is_upgraded_by_one_command_each() {
    let package = Package::for_any_machine(&by_ssh_of("3.5"));
    let mut journey = Journey::without_etcd(package, &THREE, OLD);
    journey.typed(HOOK);
    comes_to_bare_machines(&mut journey);
    let load = Load::begin(&journey);
    what_is_wrong_is_told_before_anything_is_begun(&mut journey, &load);
    one_that_was_killed_and_had_no_room_is_gone_on_with(&mut journey, &load);
    let back = by_ssh_of("3.5").replace("[cluster]\n", "[cluster]\naccept = [\"etcd = 3.5\"]\n");
    all_get("a rolling downgrade of three by ssh", (OLD, &back), &mut journey, &load);
    all_get("a rolling upgrade of three by ssh", (NEW, &by_ssh_of("3.6")), &mut journey, &load);
    a_new_machine_gets_it(&mut journey, &load);
}

fn by_ssh_of(minor: &str) -> String {
    by_ssh(&THREE, "").replace("etcd = \"3.6\"", &format!("etcd = \"{minor}\""))
}

fn with(release: &str) -> String {
    format!("--etcd {} --hook ./hook", etcd(release).display())
}

#[track_caller]
fn refused(said: &Said, words: &[&str]) {
    assert!(said.stdout.ends_with("ends with 1\n"), "{}{}", said.stdout, said.stderr);
    for word in words {
        assert!(said.stderr.contains(word), "{word} in {}", said.stderr);
    }
}

fn comes_to_bare_machines(journey: &mut Journey) {
    let bootstrap = |release| format!("--bootstrap --etcd {}", etcd(release).display());
    let other = ["is etcd 3.6.16, and cluster.toml has 3.5\n", "note: nothing was begun\n"];
    refused(&applies(journey, &bootstrap(NEW)), &other);
    let none = NAMES.map(|name| format!("{name}: there is no etcd on the node\n"));
    let none: Vec<&str> =
        none.iter().map(String::as_str).chain(["note: nothing was begun\n"]).collect();
    refused(&applies(journey, "--bootstrap"), &none);
    for name in NAMES {
        let left = journey
            .machine(name)
            .sh("ls -d /opt/etcd /etc/systemd/system/etcd.service 2>/dev/null || true");
        assert_eq!(left, "", "{name}");
    }
    applied(journey, "machines without etcd are a cluster", &bootstrap(OLD));
    are_of(journey, OLD);
    is_recorded(journey);
}

/// All of them run that release.
#[track_caller]
fn are_of(journey: &mut Journey, release: &str) {
    let status = journey.etcdctl(&NAMES, "endpoint status").stdout;
    assert_eq!(status.matches(&format!(" {release}, ")).count(), 3, "{status}");
    for name in NAMES {
        let there = journey.machine(name).sh("ls /usr/local/bin; etcdctl version | head -n 1");
        let wanted = format!("etcd\netcdctl\netcdutl\netcdctl version: {release}");
        assert_eq!(there, wanted, "{name}");
    }
}

fn what_is_wrong_is_told_before_anything_is_begun(journey: &mut Journey, load: &Load) {
    journey.builds(&by_ssh_of("3.6"));
    let pids = |journey: &mut Journey| {
        NAMES.map(|name| journey.machine(name).sh("systemctl show --property=MainPID etcd"))
    };
    let before = pids(journey);
    let other = ["is etcd 3.5.33, and cluster.toml has 3.6\n", "note: nothing was begun\n"];
    refused(&applies(journey, &with(OLD)), &other);
    journey.typed(&format!(
        "cp -rL {} other; for it in etcd etcdctl etcdutl; do \
         printf '\\267' | dd of=other/$it bs=1 seek=18 conv=notrunc 2>/dev/null; done",
        etcd(NEW).display()
    ));
    let words = "the node has `x86_64`, and the etcd that was named is for `aarch64`\n";
    refused(&applies(journey, "--etcd other --hook ./hook"), &[words, "note: nothing was begun\n"]);
    // Without it people are asked, and told of it.
    refused(&applies(journey, "</dev/null"), &["nobody is there to do step 1"]);
    assert_eq!(pids(journey), before);
    load.is_whole(journey, "another etcd is refused", LONGEST);
}

/// While the second member gets it; and the last of them has no room for it.
fn one_that_was_killed_and_had_no_room_is_gone_on_with(journey: &mut Journey, load: &Load) {
    journey.typed(&KILLED.replace("OPTIONS", &with(NEW)));
    let last = journey.leader(&NAMES);
    let leader = journey.machine(last);
    leader.sh("cp -a /usr/local/bin /root/bin; mount -t tmpfs -o size=80m tmpfs /usr/local/bin; \
         cp -a /root/bin/. /usr/local/bin/");
    let pid = "systemctl show --property=MainPID etcd";
    let before = leader.sh(pid);
    let began = Instant::now();
    let said = loop {
        let said = applies(journey, &with(NEW));
        let is_held = said.stderr.contains("another `apply` changes this cluster");
        if !is_held || began.elapsed() > Duration::from_secs(120) {
            break said;
        }
    };
    let full =
        ["/usr/local/bin has ", " MiB left, and ", "make room there: `df -h /usr/local/bin`"];
    refused(&said, &full);
    let leader = journey.machine(last);
    assert_eq!(leader.sh(pid), before, "it was restarted: {}", said.stderr);
    assert_eq!(leader.sh("ls -A /usr/local/bin"), "etcd\netcdctl\netcdutl");
    leader.sh("umount /usr/local/bin");
    let what = "an upgrade that was killed, and had no room, is gone on with";
    applied(journey, what, &with(NEW));
    load.is_whole(journey, what, LONGEST);
    are_of(journey, NEW);
    is_recorded(journey);
}

const KILLED: &str = "\
export HOME=$PWD
./bouquet apply --yes OPTIONS >killed.out 2>killed.err &
until [ \"$(grep -c '^[0-9]*/[0-9]* upgrade ' killed.err)\" = 2 ]; do
    kill -0 $! || { cat killed.out killed.err; exit 1; }
    sleep 0.02
done
sleep 1
kill -KILL $!
wait $! || :
";

#[track_caller]
fn all_get(what: &str, (release, spec): (&str, &str), journey: &mut Journey, load: &Load) {
    journey.builds(spec);
    applied(journey, what, &with(release));
    load.is_whole(journey, what, LONGEST);
    are_of(journey, release);
    is_recorded(journey);
}

/// In the place of one whose disk is gone.
fn a_new_machine_gets_it(journey: &mut Journey, load: &Load) {
    journey.machine(DAFFODIL.0).cut_power();
    journey.network.cut(DAFFODIL.0);
    let machine = journey.machine_at("daffodil-2", DAFFODIL);
    journey.replaces(DAFFODIL, machine);
    journey.until(|| {
        let said = journey.types("ssh root@192.168.65.103 true");
        if said.ok { Ok(()) } else { Err(said.stderr) }
    });
    let members = || journey.etcdctl(&["orange"], "member list").stdout;
    let before = members();
    let none = ["daffodil: there is no etcd on the node\n", "the same with `--etcd DIR`\n"];
    refused(&applies(journey, "--replace daffodil --hook ./hook"), &none);
    assert_eq!(members(), before, "a member that could not be started was added or removed");
    let what = "a machine without etcd takes the place of a lost one";
    applied(journey, what, &format!("--replace daffodil {}", with(NEW)));
    load.is_whole(journey, what, LONGEST);
    are_of(journey, NEW);
    is_recorded(journey);
}
