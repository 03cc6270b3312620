//! What the system has between etcd and the others: proxies, packet filters, `SELinux`.

use super::check::{Check, Node};
use crate::node::machine::facts::Firewall;
use crate::node::machine::read::filter::{iptables_drops, names, nft_drops};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::url::Host;
use std::collections::BTreeSet;

pub(super) fn proxies(node: &Node<'_>) -> Check {
    const NAME: &str = "proxies";
    let of_process = node.facts.process.as_ref().and_then(|it| it.proxies.as_ref().ok());
    if let Some(names) = of_process.filter(|names| !names.is_empty()) {
        return Check::new(NAME, names.join(", ")).with([Diagnostic::error(format!(
            "etcd runs with {}: what it sends to its peers goes to that proxy",
            names.join(", ")
        ))
        .note("the compiled unit leaves such variables out, by UnsetEnvironment=")
        .help(format!(
            "`systemctl cat {}`: take it out of the drop-in that sets it, or install the compiled unit; then restart",
            node.unit
        ))]);
    }
    let of_systemd = &node.facts.proxies;
    if of_systemd.is_empty() {
        return Check::new(NAME, "none");
    }
    let names = of_systemd.join(", ");
    if node.options.count > 0 && node.options.problems.is_empty() {
        return Check::new(NAME, format!("{names}, which the unit leaves out"));
    }
    Check::new(NAME, names.clone()).with([Diagnostic::warning(format!(
        "systemd hands {names} to every service, and this unit may not leave them out"
    ))
    .note("`systemctl show-environment` has them; peers are then asked by way of a proxy")
    .help(format!("install the compiled unit: {}", (node.install)("")))])
}

pub(super) fn firewall(node: &Node<'_>) -> Check {
    const NAME: &str = "firewall";
    let (drops, rules, tool) = match &node.facts.firewall {
        Err(why) => return Check::unseen(NAME, why),
        Ok(Firewall::Unknown) => return Check::new(NAME, "neither nft nor iptables is here"),
        Ok(Firewall::Nft(rules)) => (nft_drops(rules), rules, "nft"),
        Ok(Firewall::Iptables(rules)) => (iptables_drops(rules), rules, "iptables"),
    };
    if !drops {
        return Check::new(NAME, "takes what no rule names");
    }
    let member = node.member;
    let urls = member.listen_peer_urls.iter().chain(member.listen_client_urls.iter());
    // Nobody comes to the loopback from elsewhere.
    let urls = urls.filter(|url| !matches!(&url.host, Host::Ip(ip) if ip.is_loopback()));
    let ports: BTreeSet<u16> = urls.map(|url| url.port).collect();
    let closed: Vec<String> =
        ports.iter().filter(|port| !names(rules, **port)).map(ToString::to_string).collect();
    if closed.is_empty() {
        return Check::new(NAME, "has rules for the ports");
    }
    let closed = closed.join(", ");
    let allow = match tool {
        "nft" => format!(
            "such as `nft add rule inet filter input tcp dport {{ {closed} }} accept`, with your table and chain"
        ),
        _ => format!(
            "such as `iptables -I INPUT -p tcp -m multiport --dports {} -j ACCEPT`",
            closed.replace(' ', "")
        ),
    };
    Check::new(NAME, format!("drops what no rule names, and none names {closed}")).with([
        Diagnostic::warning(format!(
            "the packet filter drops what comes in, and no rule names {closed}"
        ))
        .note("it may be that a rule for the members' addresses takes it: then this is no fault")
        .help(format!("let the members in, and the clients: {allow}; and keep it over a reboot")),
    ])
}

pub(super) fn selinux(node: &Node<'_>) -> Check {
    const NAME: &str = "selinux";
    if !node.facts.is_enforcing {
        return Check::new(NAME, "not enforcing");
    }
    let service = &node.facts.service;
    let is_failing = !service.fragment.is_empty() && service.active != "active";
    let refused = is_failing.then(|| {
        Diagnostic::warning("SELinux is enforcing, and etcd does not run: a policy may forbid what it needs")
            .help("see what it refused: `ausearch -m avc -ts recent -c etcd`")
            .help("where folders were copied or moved, their labels are put right by `restorecon -Rv` on each")
    });
    Check::new(NAME, "enforcing").with(refused)
}
