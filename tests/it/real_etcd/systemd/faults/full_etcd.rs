//! The etcd itself is brought: what is wrong with it is told, and right it takes its place and runs.

use super::full_killed::{ALL, keeps};
use super::killed::Story;
use super::{INSTALL, builds, done, process, refused, spec, unpacks, without_etcd};
use crate::real_etcd::systemd::site::Site;
use crate::support::package::Package;
use bouquet_rig::Machine;

const OLD: &str = "3.5.33";
const NEW: &str = "3.6.16";
const OPTION: &str = "snapshot-count = 5000\n";

/// All that is in the folder of programs.
const PROGRAMS: &str = "cd /usr/local/bin; find . -printf '%p %m %U:%G\\n' | sort; find . -type f -exec cksum {} + | sort";

/// The program of etcd's process.
const RUNS: &str = "readlink /proc/$(systemctl show --property=MainPID --value etcd)/exe";

fn bringing(release: &str) -> String {
    format!("{INSTALL} --etcd /root/etcd-{release}")
}

/// The line is refused, and no program is another one.
#[track_caller]
fn keeps_programs(machine: &Machine, line: &str, words: &[&str]) {
    let before = machine.sh(PROGRAMS);
    refused(machine, line, words);
    assert_eq!(machine.sh(PROGRAMS), before, "{line}");
}

#[test]
fn an_etcd_that_is_brought_comes_to_run_and_none_that_is_wrong_does() {
    let package = Package::for_machines(&spec(OLD, ""));
    let site = without_etcd(&package, OLD);
    let machine = &site.machines[0];
    for release in [OLD, NEW] {
        unpacks(machine, release);
    }
    comes_to_a_bare_machine(machine);
    builds(&site, &package, &spec(NEW, OPTION));
    is_refused_before_it_is_put(machine);
    runs_once_it_is_restarted(&site);
    stays_where_the_rest_goes_back(machine);
    comes_with_the_tar(machine);
    builds(&site, &package, &spec(OLD, ""));
    is_held_to_the_data_where_there_is_none(machine);
}

fn comes_to_a_bare_machine(machine: &Machine) {
    keeps_programs(machine, INSTALL, &["there is no etcd here"]);
    for (line, words) in [
        (bringing(NEW), "is etcd 3.6.16, and cluster.toml has 3.5"),
        (bringing("none"), "cannot read `/root/etcd-none/etcd`"),
        (format!("{INSTALL} --etcd -"), "takes the programs from the tar"),
    ] {
        keeps_programs(machine, &line, &[words]);
    }
    let first = bringing(OLD);
    let planned = machine.run(&format!("{first} --dry-run"));
    assert!(planned.stdout.contains("would put etcd 3.5 into its place"), "{}", planned.stdout);
    assert_eq!(machine.sh("ls /usr/local/bin"), "");
    let said = done(machine, &first);
    assert!(said.contains("put etcd 3.5.33 into its place: /usr/local/bin/etcdctl, "), "{said}");
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
    assert_eq!(done(machine, &first), "nothing to do; one runs, and is ready\n");
    let modes = "cd /usr/local/bin; stat -c '%n %a %U:%G' $(ls -A)";
    let own = ["etcd", "etcdctl", "etcdutl"].map(|name| format!("{name} 755 root:root"));
    assert_eq!(machine.sh(modes), own.join("\n"));
}

/// etcd runs on meanwhile.
fn is_refused_before_it_is_put(machine: &Machine) {
    let new = &bringing(NEW);
    let other = "is etcd 3.5.33, and cluster.toml has 3.6";
    keeps_programs(machine, &bringing(OLD), &[other]);
    machine.sh(
        "cp -r /root/etcd-3.6.16 /root/etcd-other; printf '\\267' | dd of=/root/etcd-other/etcdctl bs=1 seek=18 conv=notrunc 2>&1; \
         cp -r /root/etcd-3.6.16 /root/etcd-script; printf '#!/bin/sh\\n' >/root/etcd-script/etcdutl",
    );
    keeps_programs(machine, &bringing("other"), &["are for several processors"]);
    keeps_programs(machine, &bringing("script"), &["is no program for Linux of 64 bits"]);
    machine
        .sh("cp -a /usr/local/bin /root/bin; mount -t tmpfs -o size=100m tmpfs /usr/local/bin; \
         cp -a /root/bin/. /usr/local/bin/");
    let full =
        ["/usr/local/bin has ", " MiB left, and ", "make room there: `df -h /usr/local/bin`"];
    keeps_programs(machine, new, &full);
    machine.sh(
        "umount /usr/local/bin; mv /usr/local/bin/etcd /root/led; ln -s /root/led /usr/local/bin/etcd",
    );
    keeps_programs(machine, new, &["/usr/local/bin/etcd is a link to /root/led"]);
    machine.sh(
        "rm /usr/local/bin/etcd; cp -a /root/bin/etcd /usr/local/bin/etcd; systemctl restart etcd",
    );
}

fn runs_once_it_is_restarted(site: &Site) {
    let machine = &site.machines[0];
    let etcd = process(machine);
    let said = done(machine, &format!("{} --no-restart", bringing(NEW)));
    assert!(said.contains("; the former ones are in /usr/local/bin/.etcd-3.5.33\n"), "{said}");
    assert!(
        said.ends_with("etcd runs on, until it is restarted for snapshot-count, its etcd\n"),
        "{said}"
    );
    assert_eq!(process(machine), etcd);
    assert_ne!(machine.sh(RUNS), "/usr/local/bin/etcd");
    let said = done(machine, INSTALL);
    assert!(said.contains("restarted etcd, for snapshot-count, its etcd\n"), "{said}");
    assert_eq!(machine.sh(RUNS), "/usr/local/bin/etcd");
    let status = site.etcdctl(&[0], &["endpoint", "status"]).stdout;
    assert!(status.contains(" 3.6.16, "), "{status}");
    assert_eq!(done(machine, INSTALL), "nothing to do; one runs, and is ready\n");
    // The former one is one that can be brought.
    let former = format!("{INSTALL} --etcd /usr/local/bin/.etcd-3.5.33");
    keeps_programs(machine, &former, &["is etcd 3.5.33, and cluster.toml has 3.6"]);
}

/// Its data is that of the later one.
fn stays_where_the_rest_goes_back(machine: &Machine) {
    let before = machine.sh(PROGRAMS);
    let said = done(machine, &format!("{INSTALL} --rollback"));
    assert!(said.contains("note: etcd itself stays the one that it is"), "{said}");
    assert_eq!(machine.sh(PROGRAMS), before);
    done(machine, INSTALL);
}

/// Whole, or not at all.
fn comes_with_the_tar(machine: &Machine) {
    machine.sh("rm /usr/local/bin/etcd*; cp -a /usr/local/bin/.etcd-3.5.33/etcd* /usr/local/bin/");
    let tar = "tar -c -C /root/new one -C /root etcd-3.6.16";
    let install = "/root/new/bouquet install one - --etcd -";
    for length in [2_000, 1_000_000, 40_000_000, 62_000_000] {
        let line = format!("{tar} | head -c {length} | {install}");
        keeps_programs(machine, &line, &["nothing was changed"]);
    }
    let without = format!("tar -c -C /root/new one | {install}");
    keeps_programs(machine, &without, &["there is no `etcd` among what was brought"]);
    let line = format!("{tar} | {install}");
    let said = done(machine, &line);
    assert!(said.contains("put etcd 3.6.16 into its place"), "{said}");
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
    assert_eq!(machine.sh(RUNS), "/usr/local/bin/etcd");
    assert_eq!(done(machine, &line), "nothing to do; one runs, and is ready\n");
}

/// As where the system was set up again, and the disk with the data is the former one.
fn is_held_to_the_data_where_there_is_none(machine: &Machine) {
    machine.sh("systemctl stop etcd; rm /usr/local/bin/etcd*");
    let words =
        ["etcd 3.6 has the data here, and 3.5", "before the cluster has enabled the downgrade"];
    let line = bringing(OLD);
    for option in ["", " --dry-run", " --no-start"] {
        keeps_programs(machine, &format!("{line}{option}"), &words);
    }
}

/// At each moment there is a whole etcd, the former one or the new one.
#[test]
fn an_upgrade_is_completed_wherever_it_was_killed() {
    let package = Package::for_machines(&spec(OLD, ""));
    let site = without_etcd(&package, OLD);
    let machine = &site.machines[0];
    for release in [OLD, NEW] {
        unpacks(machine, release);
    }
    done(machine, &bringing(OLD));
    keeps(
        machine,
        "systemctl stop etcd; keep old; cp -a /data /root/kept/data; systemctl start etcd",
    );
    builds(&site, &package, &spec(NEW, OPTION));
    let sums = |release: &str| machine.sh(&format!("cksum </root/etcd-{release}/etcd"));
    let [old, new] = [OLD, NEW].map(sums);
    let before = || {
        keeps(
            machine,
            "systemctl stop etcd; rm -rf /data /usr/local/bin/.etcd* /usr/local/bin/*; \
             cp -a /root/kept/data /data; cp -a /root/etcd-3.5.33/. /usr/local/bin/; back old; systemctl start etcd",
        );
    };
    let meanwhile = |point: &str| {
        let there = machine.sh("cksum </usr/local/bin/etcd");
        assert!(there == old || there == new, "{point}: half an etcd");
        site.all(&["endpoint", "health"]);
    };
    let line = &bringing(NEW);
    let after = |point: &str| {
        let said = done(machine, line);
        assert!(said.ends_with("one runs, and is ready\n"), "{point}: {said}");
        assert_eq!(done(machine, line), "nothing to do; one runs, and is ready\n", "{point}");
        assert_eq!(machine.sh("cksum </usr/local/bin/etcd"), new, "{point}");
        let there = "cd /usr/local/bin; ls -A; cksum <.etcd-3.5.33/etcd";
        let wanted = format!(".etcd-3.5.33\netcd\netcdctl\netcdutl\n{old}");
        assert_eq!(machine.sh(there), wanted, "{point}");
        assert_eq!(machine.sh(RUNS), "/usr/local/bin/etcd", "{point}");
    };
    let story = Story { machine, before: &before, line, meanwhile: &meanwhile, after: &after };
    println!("an upgrade: killed at {} operations", story.is_told(ALL));
}
