//! Proxies, packet filters, `SELinux`.

use super::scene::but;
use crate::node::machine::facts::Firewall;
use bouquet_model::diagnostic::Diagnostic;

#[test]
fn a_proxy_is_told_where_it_reaches_etcd_and_its_value_never_is() {
    let names = || vec!["https_proxy".to_owned()];
    let found = but(|facts| facts.process.as_mut().expect("it runs").proxies = Ok(names()));
    let found = found.found("proxies");
    assert!(found.starts_with("error: etcd runs with https_proxy: "), "{found}");
    let of_systemd = || but(|facts| facts.proxies = names());
    assert_eq!(of_systemd().found("proxies"), "");
    assert_eq!(of_systemd().seen("proxies"), "https_proxy, which the unit leaves out");
    let mut edited = of_systemd();
    edited.options.problems.push(Diagnostic::warning("edited").help("x"));
    let check = edited.checks().into_iter().find(|check| check.name == "proxies").expect("it");
    assert_eq!(
        check.findings[0].message,
        "systemd hands https_proxy to every service, and this unit may not leave them out"
    );
}

#[test]
fn a_filter_that_drops_is_told_where_no_rule_names_a_port() {
    let nft = |ports: &str| {
        let rules = format!(
            "table inet filter {{\n chain input {{\n type filter hook input priority 0; policy drop;\n\
             tcp dport {{ {ports} }} accept\n }}\n}}\n"
        );
        but(|facts| facts.firewall = Ok(Firewall::Nft(rules)))
    };
    assert_eq!(nft("22, 2379-2380").found("firewall"), "");
    let found = nft("22, 2379").found("firewall");
    assert!(
        found.starts_with(
            "warning: the packet filter drops what comes in, and no rule names 2380\n"
        ),
        "{found}"
    );
    let rules = "-P INPUT DROP\n".to_owned();
    let found = but(|facts| facts.firewall = Ok(Firewall::Iptables(rules))).found("firewall");
    assert!(found.contains("--dports 2379,2380 "), "{found}");
    let rules = "-P INPUT ACCEPT\n".to_owned();
    assert_eq!(but(|facts| facts.firewall = Ok(Firewall::Iptables(rules))).found("firewall"), "");
}

#[test]
fn selinux_is_a_fact_and_a_suspect_where_etcd_does_not_run() {
    assert_eq!(but(|facts| facts.is_enforcing = true).found("selinux"), "");
    let failing = but(|facts| {
        facts.is_enforcing = true;
        facts.service.active = "failed".to_owned();
    });
    let check = failing.checks().into_iter().find(|check| check.name == "selinux").expect("it");
    assert!(check.findings[0].help[0].contains("ausearch"), "{:?}", check.findings);
}
