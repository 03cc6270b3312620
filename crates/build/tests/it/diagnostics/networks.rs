//! Clients and members on networks of their own, and the loopback of a node.

use super::support::{Spec, findings, finds, silent, spec};
use bouquet_build::prove;
use bouquet_model::Cluster;

/// Members on 10.0.0.0/24, clients on 10.1.0.0/24.
fn two() -> Spec {
    spec().each_member(|lines| {
        let ip = lines.rsplit("ip = ").next().expect("its address").replace("10.0.", "10.1.");
        format!("{lines}\nclient-ip = {ip}")
    })
}

fn cluster(spec: &Spec) -> Cluster {
    prove(spec.text().as_bytes()).0.expect("a cluster").cluster
}

/// Each kind of URL of the first member.
fn urls(spec: &Spec) -> [String; 4] {
    let cluster = cluster(spec);
    let member = &cluster.members[0];
    [
        &member.initial_advertise_peer_urls,
        &member.listen_peer_urls,
        &member.advertise_client_urls,
        &member.listen_client_urls,
    ]
    .map(|urls| urls.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

#[test]
fn members_and_clients_may_be_on_two_networks() {
    silent(&two());
    assert_eq!(
        urls(&two()),
        [
            "https://10.0.0.1:2380",
            "https://10.0.0.1:2380",
            "https://10.1.0.1:2379",
            "https://10.1.0.1:2379 https://127.0.0.1:2379",
        ]
    );
    let sans = bouquet_model::certificate::wanted(&cluster(&two()));
    for address in ["10.0.0.1", "10.1.0.1"] {
        let ip = bouquet_model::cluster::San::Ip(address.parse().expect("an address"));
        let count = sans.iter().filter(|wanted| wanted.sans.contains(&ip)).count();
        assert_eq!(count, 2, "{address} is on the server's and the peer's certificate");
    }
}

#[test]
fn who_listens_everywhere_does_so_for_clients_too() {
    let spec = spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\nclient-ip = \"10.1.0.1\"\nlisten-ip = \"0.0.0.0\"",
    );
    silent(&spec);
    assert_eq!(urls(&spec)[2..], ["https://10.1.0.1:2379", "https://0.0.0.0:2379"]);
}

#[test]
fn a_member_has_a_name_on_each_network() {
    let spec = spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = \"pink.example\"\nadvertise = \"hostname\"\n\
         client-ip = \"10.1.0.1\"\nclient-hostname = \"pink.clients.example\"",
    );
    silent(&spec);
    assert_eq!(
        urls(&spec),
        [
            "https://pink.example:2380",
            "https://10.0.0.1:2380",
            "https://pink.clients.example:2379",
            "https://10.1.0.1:2379 https://127.0.0.1:2379",
        ]
    );
}

#[test]
fn an_address_for_clients_belongs_to_one_member() {
    finds!(
        spec()
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nclient-ip = \"10.1.0.1\"")
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\nclient-ip = «\"10.1.0.1\"»")
    );
}

#[test]
fn an_address_for_clients_is_no_other_members() {
    finds!(
        spec()
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nclient-ip = \"10.0.0.2\"")
            .member(1, "name = \"orange\"\nip = «\"10.0.0.2\"»")
    );
}

/// Whatever the ports, and where the other has an address for clients too.
#[test]
fn an_address_for_clients_is_no_other_members_at_any_port() {
    finds!(
        spec()
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nclient-ip = «\"10.0.0.2\"»")
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\nclient-ip = \"10.1.0.2\"")
    );
    let twice =
        spec().member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nclient-ip = \"10.1.0.1\"").member(
            1,
            "name = \"orange\"\nip = \"10.0.0.2\"\nclient-ip = «\"10.1.0.1\"»\nclient-port = 2479",
        );
    assert!(findings(&twice).contains("is the address of `pink`"));
}

#[test]
fn one_name_for_two_networks_is_worth_a_warning() {
    finds!(spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = \"pink.example\"\nadvertise = \"hostname\"\n\
         client-ip = ‹\"10.1.0.1\"›"
    ));
}

#[test]
fn no_client_reaches_a_member_on_its_loopback() {
    finds!(spec().member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nclient-ip = «\"127.0.0.1\"»"));
}

#[test]
fn an_address_for_clients_is_one() {
    for wrong in ["0.0.0.0", "10.1.0", "224.0.0.1", "pink.example"] {
        let member = format!("name = \"pink\"\nip = \"10.0.0.1\"\nclient-ip = «\"{wrong}\"»");
        assert!(findings(&spec().member(0, &member)).contains("error"));
    }
}

#[test]
fn the_loopback_is_left_out_or_has_a_port_of_its_own() {
    let with = |loopback: &str| {
        spec().member(0, &format!("name = \"pink\"\nip = \"10.0.0.1\"\nloopback = {loopback}"))
    };
    for (loopback, listened) in [
        ("true", "https://10.0.0.1:2379 https://127.0.0.1:2379"),
        ("false", "https://10.0.0.1:2379"),
        ("12379", "https://10.0.0.1:2379 https://127.0.0.1:12379"),
    ] {
        silent(&with(loopback));
        assert_eq!(urls(&with(loopback))[3], listened);
    }
}

#[test]
fn a_loopback_that_cannot_be_left_out_is_told() {
    finds!(spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\nlisten-ip = \"0.0.0.0\"\nloopback = ‹false›"
    ));
}

#[test]
fn a_loopback_port_that_metrics_have_is_refused() {
    finds!(spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\nloopback = 2381\n\
         etcd = { listen-metrics-urls = [«\"http://127.0.0.1:2381\"»] }"
    ));
}

#[test]
fn a_loopback_port_in_quotes_is_corrected() {
    finds!(spec().member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nloopback = «\"2381\"»"));
}

#[test]
fn a_name_for_clients_is_its_members_alone() {
    let with = |first: &str, second: &str| {
        let member = |name: &str, number: usize, host: &str| {
            format!(
                "name = \"{name}\"\nip = \"10.0.0.{number}\"\nclient-ip = \"10.1.0.{number}\"\nclient-hostname = {host}"
            )
        };
        spec().member(0, &member("pink", 1, first)).member(1, &member("orange", 2, second))
    };
    silent(&with("\"a.example\"", "\"b.example\""));
    let twice = findings(&with("\"a.example\"", "«\"a.example\"»"));
    assert!(twice.contains("the host name `a.example` is there twice"), "{twice}");
    let itself = findings(&with("\"a.example\"", "«\"localhost\"»"));
    assert!(itself.contains("leads every client to itself"), "{itself}");
}

/// As in containers: no address is known, and none is in a certificate.
#[test]
fn a_member_may_be_known_by_its_name_alone() {
    let named = spec().each_member(|lines| {
        let name = lines.split('"').nth(1).expect("its name");
        format!("name = \"{name}\"\nhostname = \"{name}.etcd.svc\"\nadvertise = \"hostname\"")
    });
    silent(&named);
    assert_eq!(
        urls(&named),
        [
            "https://pink.etcd.svc:2380",
            "https://0.0.0.0:2380",
            "https://pink.etcd.svc:2379",
            "https://0.0.0.0:2379",
        ]
    );
    let wanted = bouquet_model::certificate::wanted(&cluster(&named));
    let sans: Vec<String> = wanted[0].sans.iter().map(ToString::to_string).collect();
    assert_eq!(sans, ["localhost", "pink.etcd.svc", "127.0.0.1", "::1"]);
}

#[test]
fn one_of_several_may_be_known_by_its_name_alone() {
    let member = "name = \"pink\"\nhostname = \"pink.example\"\nadvertise = \"hostname\"\nlisten-ip = \"::\"";
    let spec = spec().member(0, member);
    silent(&spec);
    assert_eq!(urls(&spec)[1], "https://[::]:2380");
}

#[test]
fn a_member_has_an_address_or_is_known_by_its_name() {
    let orange = "name = \"orange\"\nhostname = \"orange.example\"\nadvertise = \"ip\"";
    let spec = spec().member(0, "name = \"pink\"").member(1, orange);
    let (cluster, found) = prove(spec.text().as_bytes());
    assert!(cluster.is_none());
    let messages: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(messages, ["`[[member]]` lacks `ip`"; 2]);
}

#[test]
fn two_members_are_not_known_by_one_name() {
    let named = |name: &str, host: &str| {
        format!("name = \"{name}\"\nhostname = {host}\nadvertise = \"hostname\"")
    };
    let spec = spec()
        .member(0, &named("pink", "\"a.example\""))
        .member(1, &named("orange", "«\"a.example\"»"));
    assert!(findings(&spec).contains("the host name `a.example` is there twice"));
}
