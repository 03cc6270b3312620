//! An installation that the kernel kills at one operation after another: a running etcd has whole files at each moment,
//! and the same command completes what was begun.

use super::super::site::Site;
use super::{INSTALL, bare, builds, done, process, renewed, spec};
use crate::support::operations::{operations, strace_of_one};
use crate::support::package::Package;
use crate::support::scope::{cases, release};
use bouquet_rig::Machine;
use std::cell::OnceCell;

/// An installation, on a node that can be put back to where it begins.
pub(super) struct Story<'a> {
    pub(super) machine: &'a Machine,
    /// Brings the node back.
    pub(super) before: &'a dyn Fn(),
    pub(super) line: &'a str,
    /// Looks at the node right after a kill.
    pub(super) meanwhile: &'a dyn Fn(&str),
    /// Completes it, and looks at what comes of it.
    pub(super) after: &'a dyn Fn(&str),
}

impl Story<'_> {
    /// Kills it at so many of its operations, evenly spread; how many there were.
    #[track_caller]
    pub(super) fn is_told(&self, most: usize) -> usize {
        let all = self.operations();
        assert!(all.len() > 4, "{all:?}");
        let stride = all.len().div_ceil(most);
        let points: Vec<_> = all.iter().skip(stride / 2).step_by(stride).collect();
        for (name, number) in &points {
            let point = format!("{} at {name} {number}", self.line);
            (self.before)();
            let inject = format!("inject={name}:signal=KILL:when={number}");
            let killed = format!(
                "code=0; strace -qq -o /root/strace -e trace={name} -e {inject} {} || code=$?; echo \"code $code\"",
                self.line
            );
            let said = self.machine.run(&killed);
            assert!(said.stdout.ends_with("code 137\n"), "{point}: {}{}", said.stdout, said.stderr);
            (self.meanwhile)(&point);
            (self.after)(&point);
            assert_eq!(self.machine.sh(LEFT), "", "left behind: {point}");
        }
        points.len()
    }

    /// Its operations, each with its number among those of its name, up to those that follow its last step: from there
    /// on it waits.
    fn operations(&self) -> Vec<(String, u32)> {
        (self.before)();
        self.machine.sh(&format!("{} {}", strace_of_one("/root/trace"), self.line));
        let trace = self.machine.sh("cat /root/trace");
        (self.after)("undisturbed");
        let (mut all, mut lines) = (Vec::new(), Vec::new());
        for operation in operations(&trace) {
            if operation.says() {
                lines.push(all.len());
            }
            if operation.is_change() {
                all.push((operation.name.to_owned(), operation.number));
            }
        }
        // The last line says what came of it.
        all.truncate(lines.iter().rev().nth(1).map_or(0, |step| step + 2));
        all
    }
}

/// What an installation may leave in folders while it works.
const LEFT: &str = r"find /opt/etcd /etc/systemd/system /data -path /data/etcd -prune -o \
    \( -name '.*' -o -name '*.next' -o -name '*.partial' -o -name '*.tmp' \) -print";

/// The certificates that etcd finds; nothing where there are none.
pub(super) fn certificates(machine: &Machine) -> String {
    machine.sh("cd /opt/etcd/certs 2>/dev/null || exit 0; stat -c '%n %U %a' *; cksum *")
}

#[test]
fn a_renewal_with_another_option_is_completed_where_it_was_killed() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let told = is_renewed(&site, &package, release, cases(2, 8) as usize);
    println!("killed at {told} operations");
}

/// Certificates and an option, on a member that runs.
pub(super) fn is_renewed(
    site: &Site,
    package: &Package,
    release: &'static str,
    most: usize,
) -> usize {
    let machine = &site.machines[0];
    done(machine, INSTALL);
    machine.sh("cp -a /opt/etcd /root/opt; cp /etc/systemd/system/etcd.service /root/");
    let former = certificates(machine);
    builds(site, package, &renewed(release, "snapshot-count = 5000"));
    let next = OnceCell::new();
    let before = || {
        // One that runs would find no certificates for a moment.
        machine.sh(
            "systemctl stop etcd; rm -rf /opt/etcd; cp -a /root/opt /opt/etcd; rm -rf /etc/systemd/system/etcd*; \
             cp /root/etcd.service /etc/systemd/system/; systemctl daemon-reload; systemctl enable --quiet etcd; systemctl reset-failed; \
             systemctl start etcd",
        );
    };
    let meanwhile = |point: &str| {
        let there = certificates(machine);
        assert!(
            there == former || Some(&there) == next.get(),
            "{point}: half a set of certificates: {there}"
        );
        site.all(&["endpoint", "health"]);
    };
    let after = |point: &str| {
        let said = done(machine, INSTALL);
        assert!(said.ends_with("one runs, and is ready\n"), "{point}: {said}");
        let there = certificates(machine);
        assert_eq!(there, *next.get_or_init(|| there.clone()), "{point}");
        assert_ne!(there, former, "{point}: nothing was renewed");
        let etcd = process(machine);
        assert_eq!(done(machine, INSTALL), "nothing to do; one runs, and is ready\n", "{point}");
        assert_eq!(process(machine), etcd, "{point}");
        let flags = machine.sh(&format!("tr '\\0' ' ' </proc/{etcd}/cmdline"));
        assert!(flags.contains("--snapshot-count=5000"), "{point}: {flags}");
        let said = done(machine, &format!("{INSTALL} --rollback"));
        assert_eq!(
            certificates(machine),
            former,
            "{point}: it goes back to what it was not: {said}"
        );
    };
    let line = INSTALL;
    Story { machine, before: &before, line, meanwhile: &meanwhile, after: &after }.is_told(most)
}
