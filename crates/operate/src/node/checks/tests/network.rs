//! Addresses, names, ports, peers.

use super::scene::{NAME, PID, but, ip, unreached, well};
use crate::live::tests::scene::flowers::CERTIFICATES;
use crate::node::machine::facts::{Facts, Holder, Listening};
use bouquet_etcd::Reach;
use bouquet_model::cluster::{Member, San};
use bouquet_model::name::HostName;
use bouquet_model::url::{Host, Url, v4};

#[test]
fn an_address_that_is_not_here_is_told_and_whose_node_this_is() {
    let found = but(|facts| facts.here = [v4(127, 0, 0, 1)].into()).found("addresses");
    assert!(found.starts_with("error: 192.168.65.101 is no address of this node\n"), "{found}");
    assert!(found.contains("`listen-ip`"), "{found}");
    let found = but(|facts| facts.here = [v4(127, 0, 0, 1), ip(102)].into()).found("addresses");
    assert!(found.contains("note: 192.168.65.102 is here, the address of `pink`\n"), "{found}");
    assert!(found.contains("help: put that member's folder here"), "{found}");
}

/// It listens before it is ready, as while it waits for the others.
#[test]
fn ports_are_etcds_as_soon_as_it_listens() {
    let seen = |change: fn(&mut Facts)| but(change).seen("ports");
    assert_eq!(seen(|_| {}), "2379, 2380 are etcd's");
    assert_eq!(
        seen(|facts| facts.service.active = "activating".to_owned()),
        "2379, 2380 are etcd's"
    );
    let begins = |facts: &mut Facts| {
        facts.service.active = "activating".to_owned();
        let sockets = facts.sockets.as_mut().expect("sockets");
        sockets.retain(|it| it.address.port() == 2380);
    };
    assert_eq!(seen(begins), "2380 is etcd's, 2379 is free");
    let down = |facts: &mut Facts| {
        facts.service.active = "failed".to_owned();
        (facts.service.process, facts.process) = (None, None);
        facts.sockets = Ok(Vec::new());
    };
    assert_eq!(seen(down), "2379, 2380 are free");
}

fn named(address: Result<&str, &str>) -> super::scene::Scene {
    let mut scene = well();
    let name = |member: &Member| {
        let host = Host::Name(HostName::from_static("orange.zyxasr.io"));
        let url = Url { host, ..member.initial_advertise_peer_urls[0].clone() };
        Member { initial_advertise_peer_urls: vec![url].into(), ..member.clone() }
    };
    let members = scene.cluster.members.iter();
    let members = members.map(|it| if it.name.as_str() == NAME { name(it) } else { it.clone() });
    scene.cluster.members = members.collect::<Vec<_>>().into();
    let found = address.map(|ip| vec![ip.parse().expect("an address")]).map_err(str::to_owned);
    scene.facts.names.insert("orange.zyxasr.io".to_owned(), found);
    scene
}

#[test]
fn a_name_that_leads_elsewhere_or_nowhere_is_told() {
    assert_eq!(named(Ok("192.168.65.101")).found("names"), "");
    let found = named(Ok("127.0.1.1")).found("names");
    assert!(
        found.starts_with(
            "error: orange.zyxasr.io is 127.0.1.1 here, and 192.168.65.101 in cluster.toml\n"
        ),
        "{found}"
    );
    assert!(
        found.contains(
            "write `192.168.65.101 orange.zyxasr.io` in the place of `127.0.1.1 orange.zyxasr.io`"
        ),
        "{found}"
    );
    let found = named(Ok("10.0.0.1")).found("names");
    assert!(found.starts_with("warning: orange.zyxasr.io is 10.0.0.1 here, "), "{found}");
    let found = named(Err("no such host")).found("names");
    assert!(
        found.starts_with("error: orange.zyxasr.io has no address here: no such host\n"),
        "{found}"
    );
}

#[test]
fn a_port_that_another_process_has_is_told_with_its_name() {
    let held = |holder: Option<Holder>| {
        but(|facts| {
            let address = "0.0.0.0:2379".parse().expect("an address");
            facts.sockets = Ok(vec![Listening { address, holder }]);
            // One that is about to start.
            facts.service.active = "active".to_owned();
            (facts.service.process, facts.process) = (None, None);
        })
    };
    let found = held(Some(Holder { id: 12, name: "nginx".to_owned() })).found("ports");
    for address in ["127.0.0.1:2379", "192.168.65.101:2379"] {
        assert!(
            found.contains(&format!("error: {address} is taken, by nginx, process 12\n")),
            "{found}"
        );
    }
    let found = held(Some(Holder { id: PID, name: "etcd".to_owned() })).found("ports");
    assert!(found.contains("help: another etcd: "), "{found}");
    let mut hidden = held(None);
    let found = hidden.found("ports");
    assert!(found.contains("is taken, and only root can see by whom\n"), "{found}");
    // Where systemd does not answer either, it may be etcd's own.
    hidden.facts.service.active.clear();
    assert_eq!(hidden.found("ports"), "");
    assert_eq!(hidden.seen("ports"), "they are taken, and only root can see by whom");
}

#[test]
fn an_etcd_that_listens_elsewhere_is_told() {
    let found = but(|facts| facts.sockets.as_mut().expect("sockets").clear()).found("ports");
    assert!(
        found.starts_with("warning: etcd runs, and does not listen on 127.0.0.1:2379, 192.168.65.101:2379, 192.168.65.101:2380\n"),
        "{found}"
    );
}

#[test]
fn each_way_in_which_a_peer_is_not_reached_says_what_it_means() {
    let text = || "x".to_owned();
    for (reach, message, help) in [
        (
            Reach::NoListener,
            "warning: `pink`, at https://192.168.65.102:2380, is down: nobody listens there",
            "on its node: `bouquet doctor`",
        ),
        (
            Reach::Silent,
            "error: `pink`, at https://192.168.65.102:2380, does not answer",
            "nc -vz -w 3 192.168.65.102 2380",
        ),
        (
            Reach::NoRoute(text()),
            "error: there is no way to `pink`, at https://192.168.65.102:2380: x",
            "ip route get 192.168.65.102",
        ),
        (
            Reach::NoAddress(text()),
            "error: the name of `pink` has no address here: x",
            "getent hosts",
        ),
        (Reach::Local(text()), "error: this node can open no connection to `pink`: x", "ulimit -n"),
        (
            Reach::NotTls,
            "error: `pink`, at https://192.168.65.102:2380, speaks no TLS",
            "bouquet doctor",
        ),
        (
            Reach::Untrusted(text()),
            "error: `pink`, at https://192.168.65.102:2380, shows a certificate that is not trusted here: x",
            "bouquet check-node",
        ),
        (
            Reach::Rejected(text()),
            "error: `pink`, at https://192.168.65.102:2380, does not trust this node's certificate: x",
            "bouquet doctor --log -",
        ),
        (
            Reach::Other(text()),
            "error: `pink`, at https://192.168.65.102:2380, does not answer as a member does: x",
            "bouquet doctor",
        ),
    ] {
        let found = unreached(reach).found("peers");
        assert!(found.starts_with(&format!("{message}\n")), "{found}");
        assert!(found.contains(help), "{found}");
    }
    assert_eq!(unreached(Reach::Silent).seen("peers"), "1 of 2 answer");
}

#[test]
fn a_connection_that_leaves_from_an_address_that_the_certificate_has_not_is_told() {
    let scene = |source: u8| {
        but(|facts| {
            let all = [("daffodil", ip(101)), ("pink", ip(source))];
            facts.sources = all.map(|(name, ip)| (name.to_owned(), ip)).to_vec();
        })
    };
    assert_eq!(scene(101).found("addresses"), "");
    let found = scene(50).found("addresses");
    assert!(
        found.starts_with(
            "warning: connections to `pink` leave from 192.168.65.50, which this member's certificate does not have\n"
        ),
        "{found}"
    );
    assert!(found.contains("help: add it to `extra-sans` of `orange`"), "{found}");
    // One of the names that it is called by leads there.
    let mut elsewhere = scene(50);
    let its = CERTIFICATES.iter().filter(|it| it.owner.as_deref() == Some(NAME));
    let names = its.flat_map(|it| it.sans.iter()).filter_map(|san| match san {
        San::Dns(name) => Some(name.to_string()),
        San::Ip(_) => None,
    });
    elsewhere.facts.names = names.map(|name| (name, Ok(vec![ip(50)]))).collect();
    assert!(!elsewhere.facts.names.is_empty());
    let all = elsewhere.checks();
    let found = all.iter().flat_map(|check| &check.findings);
    assert!(!found.into_iter().any(|finding| finding.message.contains("leave from")));
}
