//! The same of every kind of installation, at each of its operations.

use super::super::install;
use super::killed::{Story, certificates, is_renewed};
use super::{INSTALL, bare, builds, done, process, renewed, spec};
use crate::real_etcd::systemd::IS_ACTIVE;
use crate::support::package::Package;
use crate::support::scope::release;
use bouquet_rig::Machine;
use std::cell::OnceCell;

/// More than any of them has.
pub(super) const ALL: usize = 1000;

/// Keeps what an installation may change, all but etcd's data, under a name.
const KEEP: &str = r#"
keep() {
    mkdir -p "/root/kept/$1"
    cp -a /opt "/root/kept/$1/opt"
    cp -a /etc/systemd/system "/root/kept/$1/system"
}
back() {
    # etcd may run meanwhile, and finds all of it or, for an instant, nothing.
    rm -rf /opt.former /etc/systemd/system
    cp -a "/root/kept/$1/opt" /opt.next
    [ ! -e /opt ] || mv /opt /opt.former
    mv /opt.next /opt
    cp -a "/root/kept/$1/system" /etc/systemd/system
    systemctl daemon-reload
    systemctl reset-failed
}
"#;

pub(super) fn keeps(machine: &Machine, script: &str) {
    machine.sh(&format!("{KEEP}{script}"));
}

#[test]
fn a_renewal_with_another_option_is_completed_wherever_it_was_killed() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let told = is_renewed(&site, &package, release, ALL);
    println!("a renewal with an option: killed at {told} operations");
}

/// On a bare machine, and on one that was installed by hand; with the programs that it runs killed, too.
#[test]
fn a_first_installation_is_completed_wherever_it_was_killed() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    keeps(machine, "mkdir -p /opt; keep bare; cp /etc/passwd /etc/group /root/kept");
    let bare = || {
        keeps(
            machine,
            "systemctl disable --quiet --now etcd 2>/dev/null || true; rm -rf /data; back bare; \
             rm -f /etc/passwd* /etc/group* /etc/shadow* /etc/gshadow* /etc/.pwd.lock; \
             cp /root/kept/passwd /root/kept/group /etc/",
        );
    };
    let after = |point: &str| is_completed(machine, point);
    let story = Story { machine, before: &bare, line: INSTALL, meanwhile: &|_| {}, after: &after };
    println!("a first installation: killed at {} operations", story.is_told(ALL));

    for (program, calls) in
        [("useradd", "link,write,rename,unlink"), ("systemctl", "connect,sendmsg")]
    {
        println!("{program}: killed at {} operations", kills(machine, &bare, (program, calls)));
    }

    // Over certificates that were copied by hand, which etcd runs with.
    bare();
    done(machine, INSTALL);
    machine.sh(
        "cp -aL /opt/etcd/certs /root/certs; rm -r /opt/etcd/certs.one.installed /opt/etcd/certs; \
         mv /root/certs /opt/etcd/certs",
    );
    let former = certificates(machine);
    builds(&site, &package, &renewed(release, ""));
    keeps(machine, "keep by-hand");
    let etcd = process(machine);
    let by_hand = || keeps(machine, "back by-hand");
    let next = OnceCell::new();
    let meanwhile = |point: &str| {
        let there = certificates(machine);
        assert!(there == former || Some(&there) == next.get(), "{point}: {there}");
        site.all(&["endpoint", "health"]);
    };
    let after = |point: &str| {
        is_completed(machine, point);
        assert_eq!(certificates(machine), *next.get_or_init(|| certificates(machine)), "{point}");
        assert_eq!(process(machine), etcd, "{point}");
        done(machine, &format!("{INSTALL} --rollback"));
        assert_eq!(certificates(machine), former, "{point}");
    };
    let story =
        Story { machine, before: &by_hand, line: INSTALL, meanwhile: &meanwhile, after: &after };
    println!("over a folder: killed at {} operations", story.is_told(ALL));
}

/// The same command completes it, and there is nothing to do then.
fn is_completed(machine: &Machine, point: &str) {
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{point}: {said}");
    assert_eq!(done(machine, INSTALL), "nothing to do; one runs, and is ready\n", "{point}");
    machine.sh("systemctl is-enabled --quiet etcd; getent passwd etcd; getent group etcd");
}

/// Kills a program that an installation runs at each of its operations, until none is left; how many there were.
fn kills(machine: &Machine, before: &dyn Fn(), (program, calls): (&str, &str)) -> u32 {
    let mut count = 0;
    for call in calls.split(',') {
        for number in 1.. {
            before();
            machine.sh(&format!(
                "rm -rf /root/bin /root/killed; mkdir /root/bin; real=$(command -v {program}); \
                 printf '#!/bin/sh\\nexec strace -qq -o /root/strace -e trace=%s -e inject=%s:signal=KILL:when=%s %s \"$@\"\\n' \
                     {call} {call} {number} \"$real\" >/root/bin/{program}; chmod +x /root/bin/{program}"
            ));
            let said = machine.run(&format!("PATH=/root/bin:$PATH {INSTALL}"));
            if said.ok {
                break;
            }
            count += 1;
            let point = format!("{program} at {call} {number}");
            assert!(said.stderr.contains(program), "{point}: {}", said.stderr);
            is_completed(machine, &point);
            assert!(number < 200, "{point}");
        }
    }
    assert!(count > 4, "{program} was killed at {count} operations of {calls}");
    count
}

/// Back to the version before: where it was killed it goes on, and no further.
#[test]
fn a_way_back_is_completed_wherever_it_was_killed() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    done(machine, INSTALL);
    // One more before it, to which it must not go.
    builds(&site, &package, &renewed(release, "snapshot-count = 4000"));
    done(machine, INSTALL);
    let former = certificates(machine);
    builds(&site, &package, &renewed(release, "snapshot-count = 5000").replace("= 2", "= 3"));
    done(machine, INSTALL);
    let current = certificates(machine);
    keeps(machine, "keep both");
    let before = || keeps(machine, "back both; systemctl restart etcd");
    let meanwhile = |point: &str| {
        let there = certificates(machine);
        assert!(there == former || there == current, "{point}: {there}");
        site.all(&["endpoint", "health"]);
    };
    let line = &format!("{INSTALL} --rollback");
    let flags = "tr '\\0' ' ' </proc/$(systemctl show --property=MainPID --value etcd)/cmdline";
    let after = |point: &str| {
        // Once it is over, nothing tells another way back from the same one.
        let is_over = certificates(machine) == former
            && machine.run("test ! -e /opt/etcd/certs.one.installed/.back").ok;
        if !is_over {
            let said = done(machine, line);
            assert!(said.ends_with("one runs, and is ready\n"), "{point}: {said}");
        }
        let is_back = format!("{flags} | grep -q =4000");
        machine
            .sh(&format!("for i in $(seq 600); do {is_back} && break; sleep 0.1; done; {is_back}"));
        let there = machine.sh("ls -l /opt/etcd /opt/etcd/*");
        assert!(certificates(machine) == former, "{point}: {there}");
    };
    let story = Story { machine, before: &before, line, meanwhile: &meanwhile, after: &after };
    println!("a way back: killed at {} operations", story.is_told(ALL));
}

/// A member that was removed: its data gives way, and it joins again; then it ends for good.
#[test]
fn a_member_that_joins_again_and_one_that_ends_are_completed_wherever_they_were_killed() {
    let release = release("3.6.16");
    let package = Package::for_machines(&install::spec(release, ""));
    let site = install::bare(&package, release);
    install::founds(&site);
    let machine = &site.machines[2];
    let id = || {
        let list = site.etcdctl(&[0], &["member", "list"]).stdout;
        let line = list.lines().find(|line| line.contains("192.168.65.103"))?;
        Some(line.split_once(',').expect("an ID").0.to_owned())
    };
    machine.sh("systemctl stop etcd");
    keeps(machine, "keep member; cp -a /data /root/kept/data");
    site.changes(&["remove", &site.id(2)]);

    let ended = || {
        keeps(
            machine,
            "systemctl stop etcd; rm -rf /data; cp -a /root/kept/data /data; back member",
        );
    };
    let line = "/root/new/bouquet install three --retire";
    let after = |point: &str| {
        let said = done(machine, line);
        assert!(said.contains("three is retired"), "{point}: {said}");
        let again = done(machine, line);
        assert!(again.starts_with("nothing to do; three is retired"), "{point}: {again}");
        let kept = "ls -d /data/etcd.retired-*/member/wal | wc -l; ls /data | wc -l; \
                    ls /opt/etcd | grep -c 'started$' || true; systemctl is-enabled etcd || true";
        assert_eq!(machine.sh(kept), "1\n1\n0\ndisabled", "{point}");
    };
    let story = Story { machine, before: &ended, line, meanwhile: &|_| {}, after: &after };
    println!("an end: killed at {} operations", story.is_told(ALL));

    let add = ["add", "three", "--learner", "--peer-urls=https://192.168.65.103:2380"];
    let before = || {
        ended();
        // One that has started has run, and begins under another ID.
        let list = site.etcdctl(&[0], &["member", "list"]).stdout;
        let there = list.lines().find(|line| line.contains("192.168.65.103"));
        if there.is_some_and(|line| line.contains(", unstarted, ")) {
            return;
        }
        if let Some(id) = id() {
            site.changes(&["remove", &id]);
        }
        site.changes(&add);
    };
    let line = "/root/new/bouquet install three --set-aside";
    let after = |point: &str| {
        // Once it was started it may not be set aside again, and goes on by itself.
        let is_up = "systemctl is-active etcd | grep -qx -e active -e activating";
        let own = "/root/new/bouquet install three";
        let again = if machine.run(is_up).ok { own } else { line };
        let said = done(machine, again);
        assert!(said.ends_with("three runs, and is ready\n"), "{point}: {said}");
        let said = done(machine, own);
        assert!(said.ends_with("three runs, and is ready\n"), "{point}: {said}");
        assert_eq!(done(machine, own), "nothing to do; three runs, and is ready\n");
        machine.sh(IS_ACTIVE);
        assert_eq!(machine.sh("ls -d /data/etcd.20*/member/wal | wc -l"), "1", "{point}");
    };
    let story = Story { machine, before: &before, line, meanwhile: &|_| {}, after: &after };
    println!("joining again: killed at {} operations", story.is_told(ALL));
}
