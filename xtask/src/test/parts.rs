//! What a run of the tests covers: the one table of it.

use crate::tools::pins::{self, Etcd};

/// A run of the tests, or of some of them.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a part needs")]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// For `--full --list` and CONTRIBUTING.md.
    pub(crate) covers: &'static str,
    pub(crate) tests: Tests,
    pub(crate) etcd: Releases,
    /// Whether tests try all that they know to try.
    pub(crate) all_cases: bool,
    /// Whether twice as many tests as there are cores run at once: most of them wait for something.
    pub(crate) crowded: bool,
    /// Whether tests boot machines, which takes root and namespaces.
    pub(crate) machines: bool,
    /// Whether a test has a history checked, by a program that takes a minute to build.
    pub(crate) history: bool,
    /// Whether a test calls programs that are clients, which take some minutes to build.
    pub(crate) clients: bool,
    /// Whether a test calls sops, which takes a minute to build.
    pub(crate) sops: bool,
    /// Whether a test builds for other machines than this one.
    pub(crate) targets: bool,
    /// Which fuzz targets it runs, each for [`FUZZ_SECONDS`].
    pub(crate) fuzz: &'static [&'static str],
}

/// Which tests a part runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tests {
    None,
    /// Those whose names contain one of these.
    Only(&'static [&'static str]),
    /// Those whose names contain none of these.
    AllBut(&'static [&'static str]),
}

/// Which releases of etcd the tests of a part run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Releases {
    None,
    Default,
    /// Those of a line: 4 is 3.4.
    Line(u32),
    Every,
}

impl Releases {
    /// Returns these releases, as they are pinned.
    pub(crate) fn pinned(self) -> impl Iterator<Item = &'static Etcd> {
        pins::ETCD.iter().filter(move |etcd| match self {
            Self::None => false,
            Self::Default => etcd.version == pins::DEFAULT_ETCD,
            Self::Line(minor) => etcd.version.1 == minor,
            Self::Every => true,
        })
    }
}

/// A module of this name takes an etcd.
const REAL_ETCD: &str = "real_etcd::";

/// Modules of tests that take minutes are called `full_…`, and are in no run but their part's.
const FULL: &str = "::full_";

/// Tests in modules of these names boot machines, and nothing else does.
pub(crate) const MACHINES: [&str; 3] =
    ["real_etcd::journeys::", "real_etcd::systemd::", REAL_MACHINES];

/// Those of the rig itself, which take no etcd.
const REAL_MACHINES: &str = "real_machines::";

/// `cargo xtask test --quick`.
pub(crate) const QUICK: Part =
    Part { name: "quick", tests: Tests::AllBut(&[REAL_ETCD, REAL_MACHINES, FULL]), ..NOTHING };

/// `cargo xtask test`.
pub(crate) const DEFAULT: Part = Part {
    name: "default",
    covers: "what `cargo xtask test` runs: everything, on etcd 3.6.16, with a few cases of each kind",
    tests: Tests::AllBut(&[FULL]),
    etcd: Releases::Default,
    crowded: true,
    machines: true,
    ..NOTHING
};

/// The parts of `cargo xtask test --full`, each of which takes 40 minutes at most on two cores.
pub(crate) const PARTS: &[Part] = &[
    DEFAULT,
    Part {
        name: "etcd-3.4",
        covers: "all that depends on etcd's release, on 3.4.23: each example in each format, \
                 certificates that change while someone writes, random specs, the options table",
        tests: BY_RELEASE,
        etcd: Releases::Line(4),
        ..NOTHING
    },
    Part {
        name: "etcd-3.5",
        covers: "the same on 3.5.1 and 3.5.33",
        tests: BY_RELEASE,
        etcd: Releases::Line(5),
        ..NOTHING
    },
    Part {
        name: "etcd-3.6",
        covers: "each example in each format on 3.6.16, of which a default run has one format each",
        tests: Tests::Only(&["real_etcd::examples::"]),
        etcd: Releases::Line(6),
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "etcd-3.7",
        covers: "what etcd-3.4 runs, on 3.7.3",
        tests: BY_RELEASE,
        etcd: Releases::Line(7),
        ..NOTHING
    },
    Part {
        name: "systemd",
        covers: "members under a systemd that runs, and the program that embeds a cluster, each on \
                 the release that it is about: 3.4.23, 3.5.33, 3.6.16, 3.7.3; the unit of every example, \
                 folders in every arrangement, members that are installed, replaced and retired by `bouquet \
                 install`, what `bouquet doctor` says of each fault, and installations that are killed at each of \
                 their operations",
        tests: Tests::Only(&[
            "real_etcd::embed::",
            "real_etcd::systemd::",
            "full_systemd::",
            "full_begun::",
            "full_brought::",
            "full_by_install::",
            "full_disks::",
            "full_etcd::",
            "full_image::",
            "full_outcomes::",
            "full_killed::",
            "full_nodes::",
            "full_restored::",
        ]),
        etcd: Releases::Every,
        all_cases: true,
        machines: true,
        ..NOTHING
    },
    Part {
        name: "rig",
        covers: "what happens to three machines in the years after they became a cluster from a control host: etcd \
                 is killed or hangs, cables are cut, machines boot again, certificates are renewed, members come \
                 and are replaced, disks are copied: on 3.4.23, 3.5.33 and 3.6.16; `apply`, `rescue` and a playbook do such things by ssh; clusters that other tools set up are taken over",
        tests: Tests::Only(&["journeys::three_bare_machines", "full_rig::", "real_machines::"]),
        etcd: Releases::Every,
        all_cases: true,
        machines: true,
        history: true,
        targets: true,
        ..NOTHING
    },
    Part {
        name: "secrets",
        covers: "the search for keys in all that cargo keeps of an optimised build too, and keys that \
                 are sealed by sops",
        tests: Tests::Only(&["builds::leaks::", "full_sops::"]),
        all_cases: true,
        sops: true,
        ..NOTHING
    },
    Part {
        name: "static",
        covers: "the program without a C library, as the guide has it built, for both processors: it runs in an empty \
                 folder, that for ARM by qemu",
        tests: Tests::Only(&["full_static::"]),
        targets: true,
        ..NOTHING
    },
    Part {
        name: "packages",
        covers: "each crate, and the root with a cluster of its own, built from nothing but what `cargo package` packs",
        tests: Tests::Only(&["full_packages::"]),
        ..NOTHING
    },
    Part {
        name: "cases",
        covers: "480 random specs instead of 24, on every release, builds and first \
                 starts that are killed at each of their operations instead of some, damage at more \
                 than ten times as many places, a database of 1 GiB, and clippy on the module that a build makes",
        tests: Tests::Only(&[
            "::formats::",
            "builds::damage::",
            "builds::killed::",
            "full_large::",
            "full_lints::",
            "guard::killed::",
        ]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "differential",
        covers: "random options for 20 minutes: every release serves with what a build takes, and \
                 with nothing that it refuses but for a reason",
        tests: Tests::Only(&["full_differential::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "migration",
        covers: "an `out/` of the first version, which is built from git, goes on, and so does its package: same CA, \
                 nothing issued again",
        tests: Tests::Only(&["full_compatibility::", "full_migration::"]),
        ..NOTHING
    },
    Part {
        name: "upgrade",
        covers: "a cluster with little data on its way from 3.4.23 by 3.5.33 to 3.6.16, by the \
                 commands of the guide",
        tests: Tests::Only(&["full_upgrade::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "forced",
        covers: "what a build refuses, done by force: what its error says would happen happens, on the \
                 release where it is worst",
        tests: Tests::Only(&["full_forced::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "planner",
        covers: "every situation of up to 6 members that a plan may begin in or come to, with all that an adversary \
                 does between two steps: the planner alone, without an etcd",
        tests: Tests::Only(&["full_proof::"]),
        ..NOTHING
    },
    Part {
        name: "gates-3.4",
        covers: "what etcd refuses of changes of its members, asked in every state of up to four voters and a learner, \
                 beside what the planner believes that it refuses: on 3.4.23",
        tests: Tests::Only(&["full_gates::"]),
        etcd: Releases::Line(4),
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "gates-3.5",
        covers: "the same on 3.5.1 and 3.5.33",
        tests: Tests::Only(&["full_gates::"]),
        etcd: Releases::Line(5),
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "gates-3.6",
        covers: "the same on 3.6.16",
        tests: Tests::Only(&["full_gates::"]),
        etcd: Releases::Line(6),
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "gates-3.7",
        covers: "the same on 3.7.3",
        tests: Tests::Only(&["full_gates::"]),
        etcd: Releases::Line(7),
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "plans",
        covers: "the changes that ask for hands, done on clusters that run by the commands that their plans \
                 print, while a client writes: on 3.4.23 and 3.6.16, or on the releases that they are about",
        tests: Tests::Only(&["full_plans::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "applied",
        covers: "changes that `bouquet apply` carries out while a client writes, also where it is killed, or a member \
                 goes down meanwhile: on 3.4.23, 3.5.33, 3.6.16 and 3.7.3; and that a history is found out in which a write is lost; \
                 and users that log in by their passwords, on every release",
        tests: Tests::Only(&["full_applied::", "full_history::", "full_passwords::"]),
        etcd: Releases::Every,
        all_cases: true,
        history: true,
        ..NOTHING
    },
    Part {
        name: "changes",
        covers: "each change of a cluster, carried out by `apply` by ssh, and some of them by etcdctl, while clients write and read, \
                 and what they were answered judged as a whole: on 3.4.23, 3.5.33, 3.6.16 and 3.7.3",
        tests: Tests::Only(&["full_changes::", "full_bare::"]),
        etcd: Releases::Every,
        all_cases: true,
        machines: true,
        history: true,
        targets: true,
        ..NOTHING
    },
    Part {
        name: "faults-earlier",
        covers: "the same while something goes wrong with each: `apply` or an etcd is killed, an etcd hangs, a machine or the \
                 control host is cut off, a disk is full: on 3.4.23 and 3.5.33",
        tests: Tests::Only(&["full_faults_earlier::"]),
        etcd: Releases::Every,
        all_cases: true,
        machines: true,
        history: true,
        targets: true,
        ..NOTHING
    },
    Part {
        name: "faults-later",
        covers: "the same on 3.6.16 and 3.7.3",
        tests: Tests::Only(&["full_faults_later::"]),
        etcd: Releases::Every,
        all_cases: true,
        machines: true,
        history: true,
        targets: true,
        ..NOTHING
    },
    Part {
        name: "upgrades",
        covers: "etcd from 3.4.23 by 3.5.33 and 3.6.16 to 3.7.3 by `apply --etcd`, with little data and with 200 MB, and \
                 while something goes wrong, judged as above",
        tests: Tests::Only(&["full_upgrades::"]),
        etcd: Releases::Every,
        all_cases: true,
        machines: true,
        history: true,
        targets: true,
        ..NOTHING
    },
    Part {
        name: "status",
        covers: "what can be wrong with a cluster, made to be wrong, and told by `bouquet status`, and a healthy \
                 one under load, looked at a thousand times: on 3.4.23 and 3.6.16",
        tests: Tests::Only(&["full_status::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "on-fire",
        covers: "the disasters of `docs/on-fire.md`, made on clusters that run and ended by the commands of that \
                 page, with no acknowledged write lost but where it says so: on 3.4.23 and 3.6.16",
        tests: Tests::Only(&["full_on_fire::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "restore",
        covers: "restores by the commands that are printed, where more is at stake: from a snapshot under load, onto another \
                 cluster, of members that are restored apart, with alarms, users, and folders that cannot be moved, on full \
                 disks, of a later etcd; and which member is asked for a snapshot: on every release",
        tests: Tests::Only(&["full_restore::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "clients",
        covers: "programs that keep their state in etcd, by their own code: each reads the file that a build made for it, \
                 and connects: kubeadm, CoreDNS, Traefik, Vault, K3s, and libraries for Java and JavaScript: on every release",
        tests: Tests::Only(&["full_clients::"]),
        etcd: Releases::Every,
        all_cases: true,
        clients: true,
        ..NOTHING
    },
    Part {
        name: "try",
        covers: "every example tried on every release, and all options that are elsewhere in a trial; drills of \
                 restores on every release",
        tests: Tests::Only(&["full_examples::", "full_drill::", "trial::drill::"]),
        etcd: Releases::Every,
        all_cases: true,
        ..NOTHING
    },
    Part {
        name: "fuzz-pki",
        covers: "each fuzz target for certificates, keys and revocation lists for 5 minutes",
        fuzz: &["answer", "certificate", "encrypted", "key", "list", "pem", "request"],
        ..NOTHING
    },
    Part {
        name: "fuzz-files",
        covers: "each fuzz target for what an operator writes or a host is sent for 5 minutes",
        fuzz: &["adopt", "install", "lock", "spec", "stream"],
        ..NOTHING
    },
    Part {
        name: "fuzz-etcd",
        covers: "each fuzz target for what etcd sends or stores for 5 minutes",
        fuzz: &["database", "grpc", "members", "metrics", "wal"],
        ..NOTHING
    },
];

/// Seconds for each fuzz target in its part.
pub(crate) const FUZZ_SECONDS: u32 = 300;

/// The tests that depend on etcd's release.
const BY_RELEASE: Tests = Tests::Only(&[
    "real_etcd::bounds::",
    "real_etcd::client::",
    "real_etcd::clients::",
    "real_etcd::environment::",
    "real_etcd::examples::",
    "real_etcd::findings::",
    "real_etcd::flags::",
    "real_etcd::formats::",
    "real_etcd::on_fire::quorum::",
    "real_etcd::plans::",
    "real_etcd::recorded::",
    "real_etcd::refusals::",
    "real_etcd::rolling_changes::",
    "real_etcd::snapshots::cut::",
    "real_etcd::snapshots::disk::",
    "real_etcd::snapshots::refused::",
    "real_etcd::snapshots::restored::",
    "real_etcd::snapshots::taken::",
    "real_etcd::status::tells::",
    "real_etcd::yaml::",
]);

const NOTHING: Part = Part {
    name: "",
    covers: "",
    tests: Tests::None,
    etcd: Releases::None,
    all_cases: false,
    crowded: false,
    machines: false,
    history: false,
    clients: false,
    sops: false,
    targets: false,
    fuzz: &[],
};

/// Returns the lines of `--full --list`.
pub(crate) fn list() -> String {
    let lines: Vec<String> =
        PARTS.iter().map(|part| format!("{:<15} {}", part.name, part.covers)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;
