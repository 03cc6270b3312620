//! The etcd of the node: its program, and its limits.

use super::check::{Check, Node, StartsWith};
use crate::node::machine::facts::{Facts, Running};
use crate::node::machine::read::limits::open_files;
use crate::trial::Told;
use bouquet_model::Cluster;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, visible};
use bouquet_model::systemd::SEARCHED;
use bouquet_model::version::Minor;
use std::path::Path;

/// What the kernel adds to the name of a program that is no longer there (proc(5)).
const DELETED: &str = " (deleted)";

pub(super) fn program(node: &Node<'_>) -> Check {
    const NAME: &str = "etcd";
    let Some(program) = &node.facts.etcd else {
        return Check::new(NAME, "not there").with([missing(node)]);
    };
    let file = program.file.display();
    let told = match &program.version {
        Err(why) => return Check::unseen(NAME, format!("{file} cannot be run: {why}")),
        Ok(told) => told,
    };
    let meant = node.cluster().version;
    let mut findings = Vec::new();
    let seen = match told {
        None => {
            findings.push(
                Diagnostic::error(format!("{file} is not etcd"))
                    .note("`--version` does not print `etcd Version:`")
                    .help(format!(
                        "if nothing else is meant to be there: put etcd {meant} there; else write the place of etcd into \
                         cluster.toml, `binary` under `[systemd]`"
                    )),
            );
            format!("{file}, which is another program")
        }
        Some(Told::Unknown(version)) => {
            let version = visible(version);
            findings.push(
                Diagnostic::error(format!(
                    "{file} is etcd {version}, and cluster.toml has {meant}"
                ))
                .help(format!("put etcd {meant} there")),
            );
            format!("{version}, {file}")
        }
        Some(Told::Known(version)) => {
            if !version.is_of(meant) {
                findings.push(
                    Diagnostic::error(format!(
                        "{file} is etcd {version}, and cluster.toml has {meant}"
                    ))
                    .note("its options are proven for that version alone")
                    .help(format!(
                        "put etcd {meant} there; or, where {version} is right, write it into cluster.toml, and build: \
                         `{} plan` has the way of an upgrade",
                        node.program
                    )),
                );
            }
            format!("{version}, {file}")
        }
    };
    findings.extend(node.facts.process.as_ref().and_then(|it| replaced(node, it, &program.file)));
    Check::new(NAME, seen).with(findings)
}

/// Looks at the program that is about to be started.
pub(super) fn before(node: &Node<'_>, with: StartsWith) -> Check {
    let check = program(node);
    if with != StartsWith::Snapshot || node.facts.etcd.is_some() {
        return check;
    }
    Check { findings: vec![missing_before_a_restore(node)], ..check }
}

/// Says how a node without etcd gets it before data is restored there, which takes etcd's own tool: no plan does that.
fn missing_before_a_restore(node: &Node<'_>) -> Diagnostic {
    let mut problem = missing(node);
    let [_, by_hand] = &mut problem.help[..] else { return problem };
    *by_hand += "; then this command again";
    problem.help[0] = format!(
        "put etcd {} there first, with its tool that restores: {UNPACKED}: {}; then this command again",
        node.cluster().version,
        (node.install)("--etcd DIR")
    );
    problem
}

/// Whence etcd comes.
const UNPACKED: &str =
    "unpack an archive of https://github.com/etcd-io/etcd/releases, and let DIR be its folder";

/// Says how a node without etcd gets it: by `install`, which proves it, or by hand.
fn missing(node: &Node<'_>) -> Diagnostic {
    const BESIDE: &str = "/usr/local/bin";
    let Cluster { version, systemd, .. } = node.cluster();
    let tools = if version.minor() < Minor::V3_5 { "etcdctl" } else { "etcdctl etcdutl" };
    let (place, typed) = match &systemd.binary {
        None => (
            format!("a unit finds it in {}", SEARCHED.join(", ")),
            format!("install -m 0755 etcd {tools} {BESIDE}"),
        ),
        Some(binary) => (
            format!("cluster.toml has its place, {binary}: `binary` under `[systemd]`"),
            format!(
                "install -D -m 0755 etcd {} && install -m 0755 {tools} {BESIDE}",
                shell_word(binary.as_str())
            ),
        ),
    };
    Diagnostic::error("there is no etcd here")
        .note(place)
        .help(format!(
            "install etcd {version}: {UNPACKED}: {}, or, to carry out a plan, `{} apply --etcd DIR`",
            (node.install)("--etcd DIR"),
            node.program
        ))
        .help(format!("or by hand, in that folder: `{typed}`"))
}

/// Tells whether the program of the process was replaced since it was started. One that is started by a script of the
/// operator's is another than that of the unit, and always was.
pub(crate) fn was_replaced(facts: &Facts) -> bool {
    let program = facts.process.as_ref().map(|process| &process.program);
    program.is_some_and(|it| it.as_ref().is_ok_and(|runs| runs.ends_with(DELETED)))
}

/// Warns that the process runs another program than the one that is on the disk.
fn replaced(node: &Node<'_>, process: &Running, file: &Path) -> Option<Diagnostic> {
    let runs = process.program.as_ref().ok()?;
    let message = match runs.strip_suffix(DELETED) {
        Some(_) => {
            format!("{} was replaced since etcd was started: the former one runs", file.display())
        }
        None if Path::new(runs) != file => {
            format!("etcd runs from {}, and a start would take {}", visible(runs), file.display())
        }
        None => return None,
    };
    Some(Diagnostic::warning(message).help(format!(
        "restart it, one member at a time, while the others are up: `systemctl restart {}`",
        node.unit
    )))
}

/// What a process may have at most where nothing raised it (`INR_OPEN_MAX` in the kernel's `include/uapi/linux/fs.h`).
/// A container may give less than the 65536 of the compiled unit, and enough.
const FEWEST: u64 = 4096;

pub(super) fn limits(node: &Node<'_>) -> Check {
    const NAME: &str = "limits";
    let Some(process) = &node.facts.process else {
        return if node.facts.service.active.is_empty() {
            Check::unseen(NAME, "systemd does not tell which process is etcd's")
        } else {
            Check::new(NAME, "etcd does not run")
        };
    };
    let Some(files) = open_files(&process.limits) else {
        return Check::new(NAME, "any number of open files");
    };
    let few = (files <= FEWEST).then(|| {
        Diagnostic::warning(format!("etcd may have {files} files open, and each connection is one"))
            .note("the compiled unit has LimitNOFILE=65536, etcd's own 40000")
            .help(format!(
                "`systemctl cat {}`: take LimitNOFILE= out of the drop-in that has it, then restart",
                node.unit
            ))
    });
    Check::new(NAME, format!("{files} open files")).with(few)
}
