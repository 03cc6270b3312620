//! etcd's service: whether it runs, and why it does not.

use super::check::{Check, Node};
use crate::node::log::{Words, explain};
use crate::node::machine::{Mask, other_options, unit_place, unit_text};
use crate::unit;
use bouquet_model::diagnostic::{Diagnostic, visible};
use std::path::Path;

pub(super) fn service(node: &Node<'_>) -> Check {
    const NAME: &str = "service";
    let (service, unit) = (&node.facts.service, node.unit);
    if service.active.is_empty() {
        return Check::unseen(NAME, "systemd does not answer, or not to this account");
    }
    if let Some(mask) = service.mask {
        let seen = format!("{}, masked", service.active);
        return Check::new(NAME, seen).with([masked(node, mask)]);
    }
    let place = unit_place(node.cluster(), node.member);
    let is_others = !service.fragment.is_empty() && Path::new(&service.fragment) != place;
    if is_others {
        let seen = format!("{}, {}", service.active, service.fragment);
        return Check::new(NAME, seen).with(of_the_distribution(node));
    }
    if service.fragment.is_empty() {
        return Check::new(NAME, "no unit");
    }
    let mut findings = Vec::new();
    if service.is_stale {
        findings.push(
            Diagnostic::warning(format!("{unit}.service was changed since systemd read it"))
                .help("`systemctl daemon-reload`; it counts from the next start on"),
        );
    }
    if !service.is_enabled {
        findings.push(
            Diagnostic::warning("etcd does not start with the machine")
                .help(format!("`systemctl enable {unit}`")),
        );
    }
    findings.extend(options(node));
    let (seen, problem) = state(node);
    Check::new(NAME, seen).with(findings).with(problem)
}

fn masked(node: &Node<'_>, mask: Mask) -> Diagnostic {
    let unit = node.unit;
    let problem = if node.facts.service.is_up() {
        Diagnostic::warning(format!(
            "etcd runs, and {unit}.service is masked: it is not started again"
        ))
    } else {
        Diagnostic::error(format!("{unit}.service is masked: nothing starts it"))
    };
    problem.note("it was masked so that it does not start").help(format!(
        "where it is to run: `{}`, then {}",
        mask.undo(unit),
        (node.install)("")
    ))
}

/// Tells how it is, and what is wrong with that.
fn state<'a>(node: &Node<'a>) -> (&'a str, Option<Diagnostic>) {
    let service = &node.facts.service;
    if node.facts.process.as_ref().is_some_and(|process| process.is_stopped) {
        let id = service.process.as_ref().map_or(0, |process| process.id);
        let problem =
            Diagnostic::error(format!("etcd is stopped: a signal, SIGSTOP, halted process {id}"))
                .note("it answers nobody, and to systemd it looks as if it ran")
                .help(format!(
                    "`kill -CONT {id}` has it go on; it takes up what it missed from the others"
                ));
        return ("is stopped", Some(problem));
    }
    match (service.active.as_str(), &service.process) {
        ("active", _) => ("runs, and is ready", None),
        ("activating" | "reloading", Some(_)) => {
            let problem = Diagnostic::warning("etcd runs, and is not ready")
                .note("it is once more than half of the voters can be reached")
                .help("start the others; which of them answer, `peers` tells");
            ("runs, and is not ready", Some(told(node, problem)))
        }
        ("activating", None) => {
            let message = "etcd does not stay up: it ends, and is started again";
            ("ends again and again", Some(told(node, Diagnostic::error(message))))
        }
        (state, _) => {
            let problem = Diagnostic::error(format!("etcd does not run: its unit is {state}"));
            let help = format!(
                "`systemctl start {}`, once everything else that is found here is fixed",
                node.unit
            );
            (state, Some(told(node, problem).help(help)))
        }
    }
}

/// Warns that etcd runs with other options than its unit has: it reads them only at its start.
fn options(node: &Node<'_>) -> Option<Diagnostic> {
    let process = node.facts.service.process.as_ref()?;
    // What is wrong with the unit itself is told by its own check.
    node.options.problems.is_empty().then_some(())?;
    let wants = unit::arguments(&unit_text(node.cluster(), node.member));
    let names = other_options(&process.arguments, &wants);
    (!names.is_empty()).then(|| {
        Diagnostic::warning(format!(
            "etcd runs with another {} than its unit has",
            names.join(", ")
        ))
        .note("options are read at the start alone")
        .help(format!(
            "restart it, one member at a time, while the others are up: `systemctl restart {}`",
            node.unit
        ))
    })
}

/// Reports a unit of that name that a package brought, such as Debian's, which starts etcd by itself with default
/// settings.
fn of_the_distribution(node: &Node<'_>) -> Option<Diagnostic> {
    let (service, unit) = (&node.facts.service, node.unit);
    let what = match (service.is_up(), service.is_enabled) {
        (true, _) => "runs",
        (false, true) => "starts with the machine",
        (false, false) => return None,
    };
    Some(
        Diagnostic::error(format!("an etcd of the distribution {what} here: {}", service.fragment))
            .note("it takes the ports, and its data, as in /var/lib/etcd/default, is none of this cluster's")
            .help(format!(
                "end it, then install: `systemctl disable --now {unit}`, {}",
                (node.install)("")
            )),
    )
}

/// Adds to the problem what the end of the unit's journal means.
fn told(node: &Node<'_>, problem: Diagnostic) -> Diagnostic {
    let words = Words::of(node.cluster(), Some(node.member), node.program);
    let lines = node.facts.journal.iter().map(String::as_str);
    let known = explain(lines, &words);
    let last =
        known.known.iter().filter(|known| !known.is_harmless()).max_by_key(|known| known.last);
    let problem = match last {
        None => problem,
        Some(known) => problem
            .note(format!("its journal says: {}", visible(&known.excerpt)))
            .note(words.plain(known.complaint.why))
            .help(words.plain(known.complaint.remedy)),
    };
    problem.help(format!(
        "all that its journal says, explained: `journalctl -u {} | {} doctor --log -`",
        node.unit, node.program
    ))
}
