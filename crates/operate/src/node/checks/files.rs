//! The member's files on the node, and whose they are.

use super::check::{Check, Judged, Node};
use crate::node::machine::unit_place;
use bouquet_model::diagnostic::Diagnostic;

pub(super) fn unit(node: &Node<'_>) -> Check {
    const NAME: &str = "unit";
    if node.facts.service.mask.is_some() {
        return Check::new(NAME, "masked, as `service` tells");
    }
    let Judged { count, problems } = node.options;
    if *count == 0 {
        let place = unit_place(node.cluster(), node.member);
        return Check::new(NAME, "not there").with([Diagnostic::error(format!(
            "there is no unit of `{}`: {} is missing",
            node.name(),
            place.display()
        ))
        .help(install(node))]);
    }
    let seen = if problems.is_empty() { "as compiled" } else { "other than compiled" };
    Check::new(NAME, seen).with(problems.iter().cloned())
}

pub(super) fn certificates(node: &Node<'_>) -> Check {
    const NAME: &str = "certificates";
    if node.cluster().tls.is_none() {
        return Check::new(NAME, "none: TLS is off");
    }
    match node.certificates {
        Err(why) => Check::unseen(NAME, why),
        Ok(Judged { count, problems }) => {
            let seen = if problems.is_empty() {
                format!("{count} files, as compiled")
            } else {
                "other than compiled".to_owned()
            };
            Check::new(NAME, seen).with(problems.iter().cloned())
        }
    }
}

pub(super) fn account(node: &Node<'_>) -> Check {
    const NAME: &str = "account";
    let account = node.cluster().systemd.account();
    let user = account.user;
    match &node.facts.account {
        Err(why) => Check::unseen(NAME, why),
        Ok(Some(uid)) => Check::new(NAME, format!("{user} is {uid}")),
        Ok(None) => Check::new(NAME, "not there").with([
            Diagnostic::error(format!("there is no account `{user}`, which the unit runs etcd under"))
                .note("/etc/passwd has none; one of a directory on the network does not count: etcd would wait for it")
                .help(install(node))
                .help(format!("or make it alone: `{}`", account.made())),
        ]),
    }
}

fn install(node: &Node<'_>) -> String {
    format!("as root, with out/members/{} beside the program: {}", node.name(), (node.install)(""))
}
