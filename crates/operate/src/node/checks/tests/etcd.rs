//! etcd's program, its service, its limits.

use super::scene::{Scene, but};
use crate::node::checks::{StartsWith, other_version};
use crate::node::machine::Mask;
use crate::node::machine::facts::Program;
use crate::trial::Told;
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::node_path::NodePath;
use bouquet_model::version::{EtcdVersion, Minor};
use std::path::PathBuf;

fn version(version: Option<Told>) -> Scene {
    let file = PathBuf::from("/usr/bin/etcd");
    but(|facts| {
        facts.etcd = Some(Program { file, version: Ok(version) });
        facts.process = None;
    })
}

#[test]
fn an_etcd_that_is_missing_or_another_is_told_beside_that_of_the_spec() {
    let found = but(|facts| (facts.etcd, facts.process) = (None, None)).found("etcd");
    assert!(found.starts_with("error: there is no etcd here\n"), "{found}");
    let older = Told::Known(EtcdVersion::new(Minor::V3_4, Some(23)));
    let found = version(Some(older)).found("etcd");
    assert!(
        found.starts_with("error: /usr/bin/etcd is etcd 3.4.23, and cluster.toml has 3.5\n"),
        "{found}"
    );
    let newer = Told::Unknown("4.0.0".to_owned());
    let found = version(Some(newer)).found("etcd");
    assert!(
        found.starts_with("error: /usr/bin/etcd is etcd 4.0.0, and cluster.toml has 3.5\n"),
        "{found}"
    );
    let found = version(None).found("etcd");
    assert!(found.starts_with("error: /usr/bin/etcd is not etcd\n"), "{found}");
}

/// By `install`, which may have come as a tar, and by what a person types; 3.4 has no etcdutl.
#[test]
fn a_node_without_etcd_is_told_each_way_to_it() {
    let told = |version: EtcdVersion, binary: Option<&'static str>| {
        let mut scene = but(|facts| (facts.etcd, facts.process) = (None, None));
        scene.cluster.version = version;
        scene.cluster.systemd.binary = binary.map(NodePath::from_static);
        scene.found("etcd")
    };
    assert_eq!(
        told(EtcdVersion::new(Minor::V3_5, None), None),
        "error: there is no etcd here\n\
         note: a unit finds it in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin\n\
         help: install etcd 3.5: unpack an archive of https://github.com/etcd-io/etcd/releases, and let DIR be its \
         folder: `bouquet install orange --etcd DIR`, or, to carry out a plan, `bouquet apply --etcd DIR`\n\
         help: or by hand, in that folder: `install -m 0755 etcd etcdctl etcdutl /usr/local/bin`\n"
    );
    let older = told(EtcdVersion::new(Minor::V3_4, Some(23)), Some("/opt/it's/etcd"));
    let by_hand = "`install -D -m 0755 etcd '/opt/it'\\''s/etcd' && install -m 0755 etcdctl /usr/local/bin`\n";
    assert!(older.contains("note: cluster.toml has its place, /opt/it's/etcd: "), "{older}");
    assert!(older.ends_with(by_hand), "{older}");
}

/// A restore takes no `--etcd`, and no plan restores: `apply` is no way there.
#[test]
fn a_restore_on_a_node_without_etcd_says_what_comes_before_it() {
    let scene = but(|facts| (facts.etcd, facts.process) = (None, None));
    let all = scene.all_obstacles_to(StartsWith::Snapshot);
    let problem = all.iter().find(|it| it.message == "there is no etcd here").expect("it is told");
    assert_eq!(
        problem.help,
        [
            "put etcd 3.5 there first, with its tool that restores: unpack an archive of \
             https://github.com/etcd-io/etcd/releases, and let DIR be its folder: \
             `bouquet install orange --etcd DIR`; then this command again",
            "or by hand, in that folder: `install -m 0755 etcd etcdctl etcdutl /usr/local/bin`; then this command again",
        ]
    );
}

/// A folder of 3.6 was brought, and the new etcd was forgotten: nothing is restarted, and nothing said otherwise.
#[test]
fn new_files_for_an_etcd_that_goes_on_as_another_version_are_told() {
    let older = Told::Known(EtcdVersion::new(Minor::V3_4, Some(23)));
    let told = version(Some(older)).with(other_version);
    let said: Vec<_> = told.iter().map(|it| (it.severity, it.message.as_str())).collect();
    let message = "/usr/bin/etcd is etcd 3.4.23, and cluster.toml has 3.5";
    assert_eq!(said, [(Severity::Warning, message)]);
    let same = Told::Known(EtcdVersion::new(Minor::V3_5, Some(33)));
    assert_eq!(version(Some(same)).with(other_version), []);
}

#[test]
fn a_process_of_a_program_that_was_replaced_is_told() {
    let runs = |path: &str| {
        but(|facts| facts.process.as_mut().expect("it runs").program = Ok(path.to_owned()))
    };
    let found = runs("/usr/local/bin/etcd (deleted)").found("etcd");
    assert_eq!(
        found,
        "warning: /usr/local/bin/etcd was replaced since etcd was started: the former one runs\n\
         help: restart it, one member at a time, while the others are up: `systemctl restart etcd`\n"
    );
    let found = runs("/opt/etcd/etcd").found("etcd");
    assert!(
        found.starts_with(
            "warning: etcd runs from /opt/etcd/etcd, and a start would take /usr/local/bin/etcd\n"
        ),
        "{found}"
    );
}

fn down(active: &str, journal: &[&str]) -> Scene {
    but(|facts| {
        facts.service.active = active.to_owned();
        (facts.service.process, facts.process) = (None, None);
        facts.sockets = Ok(Vec::new());
        facts.journal = journal.iter().map(ToString::to_string).collect();
    })
}

#[test]
fn a_service_that_is_down_is_told_with_what_its_journal_means() {
    let found = down("inactive", &[]).found("service");
    assert!(found.starts_with("error: etcd does not run: its unit is inactive\n"), "{found}");
    let line = r#"{"level":"fatal","msg":"discovery failed","error":"open /opt/etcd/certs/peer.key: permission denied"}"#;
    let found = down("activating", &["x", line, "x"]).found("service");
    assert_eq!(
        found,
        "error: etcd does not stay up: it ends, and is started again\n\
         note: its journal says: open /opt/etcd/certs/peer.key: permission denied\n\
         note: the files do not belong to the service's user: `bouquet check-node`\n\
         help: `chown -R etcd:etcd /opt/etcd/certs`\n\
         help: all that its journal says, explained: `journalctl -u etcd | bouquet doctor --log -`\n"
    );
}

#[test]
fn a_service_that_runs_and_is_not_ready_waits_for_others() {
    let found = but(|facts| facts.service.active = "activating".to_owned()).found("service");
    assert!(found.starts_with("warning: etcd runs, and is not ready\n"), "{found}");
    assert!(found.contains("help: start the others"), "{found}");
}

#[test]
fn a_unit_that_systemd_has_not_read_or_does_not_start_is_told() {
    let found = but(|facts| (facts.service.is_stale, facts.service.is_enabled) = (true, false));
    let found = found.found("service");
    assert!(
        found.starts_with("warning: etcd.service was changed since systemd read it\n"),
        "{found}"
    );
    assert!(
        found.contains(
            "warning: etcd does not start with the machine\nhelp: `systemctl enable etcd`\n"
        ),
        "{found}"
    );
}

#[test]
fn an_etcd_of_the_distribution_is_told_where_it_runs_or_will() {
    let others = |active: &str, is_enabled| {
        but(|facts| {
            facts.service.fragment = "/usr/lib/systemd/system/etcd.service".to_owned();
            (facts.service.active, facts.service.is_enabled) = (active.to_owned(), is_enabled);
            if active != "active" {
                (facts.service.process, facts.process) = (None, None);
                facts.sockets = Ok(Vec::new());
            }
        })
    };
    let found = others("active", false).found("service");
    assert_eq!(
        found,
        "error: an etcd of the distribution runs here: /usr/lib/systemd/system/etcd.service\n\
         note: it takes the ports, and its data, as in /var/lib/etcd/default, is none of this cluster's\n\
         help: end it, then install: `systemctl disable --now etcd`, `bouquet install orange`\n"
    );
    let found = others("inactive", true).found("service");
    assert!(
        found.starts_with("error: an etcd of the distribution starts with the machine here"),
        "{found}"
    );
    assert_eq!(others("inactive", false).found("service"), "");
}

#[test]
fn options_that_count_from_the_next_start_on_are_told() {
    let runs = |flag: &str| {
        but(|facts| {
            let process = facts.service.process.as_mut().expect("it runs");
            process.arguments.push(flag.to_owned());
        })
    };
    let found = runs("--snapshot-count=5000").found("service");
    assert!(
        found.starts_with("warning: etcd runs with another snapshot-count than its unit has\n"),
        "{found}"
    );
    assert_eq!(runs("--initial-cluster-state=existing").found("service"), "");
}

#[test]
fn few_open_files_are_told_with_where_the_limit_is() {
    let limit =
        |text: &str| but(|facts| facts.process.as_mut().expect("it runs").limits = text.to_owned());
    let found = limit("Max open files  1024  524288  files\n").found("limits");
    assert!(
        found.starts_with("warning: etcd may have 1024 files open, and each connection is one\n"),
        "{found}"
    );
    assert!(found.contains("LimitNOFILE"), "{found}");
    assert_eq!(limit("Max open files  20000  20000  files\n").found("limits"), "");
}

#[test]
fn an_etcd_that_was_stopped_by_a_signal_is_told_although_it_is_active() {
    let found = but(|facts| facts.process.as_mut().expect("it runs").is_stopped = true);
    let found = found.found("service");
    assert!(
        found.starts_with("error: etcd is stopped: a signal, SIGSTOP, halted process 4711"),
        "{found}"
    );
    assert!(found.contains("`kill -CONT 4711`"), "{found}");
}

/// It is a link to /dev/null, which is no unit of the build.
#[test]
fn a_unit_that_is_masked_is_told_and_not_replaced() {
    let masked = |active: &str, mask| {
        but(|facts| {
            (facts.service.active, facts.service.mask) = (active.to_owned(), Some(mask));
            (facts.service.process, facts.process) = (None, None);
            facts.sockets = Ok(Vec::new());
        })
    };
    let mut scene = masked("inactive", Mask::Lasting);
    scene.options.problems = vec![Diagnostic::error("it is not of this build")];
    assert_eq!(
        scene.found("service"),
        "error: etcd.service is masked: nothing starts it\n\
         note: it was masked so that it does not start\n\
         help: where it is to run: `systemctl unmask etcd`, then `bouquet install orange`\n"
    );
    let found = masked("activating", Mask::Runtime).found("service");
    assert!(found.starts_with("warning: etcd runs, and etcd.service is masked"), "{found}");
    assert!(found.contains("`systemctl unmask --runtime etcd`"), "{found}");
}
