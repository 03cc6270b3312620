//! Addresses: which are none, which nobody reaches, and which two members share.

use super::support::{Spec, findings, finds, silent, six, spec};
use bouquet_build::prove;

fn first(ip: &str) -> Spec {
    spec().member(0, &format!("name = \"pink\"\nip = {ip}"))
}

#[test]
fn address_with_a_number_too_large_is_refused() {
    finds!(first("«\"10.0.0.300\"»"));
}

#[test]
fn two_bad_addresses_give_two_reports() {
    finds!(first("«\"10.0.0.300\"»").member(1, "name = \"orange\"\nip = «\"10.0.0\"»"));
}

#[test]
fn host_name_in_the_place_of_an_address_belongs_elsewhere() {
    finds!(first("«\"pink.example\"»"));
}

#[test]
fn address_in_brackets_is_told_who_adds_them() {
    finds!(first("«\"[fd00::12]\"»"));
}

#[test]
fn address_with_a_port_is_told_where_ports_go() {
    finds!(first("«\"10.0.0.1:2380\"»"));
}

#[test]
fn url_in_the_place_of_an_address_is_refused() {
    finds!(first("«\"https://10.0.0.1:2380/\"»"));
}

#[test]
fn network_in_the_place_of_an_address_is_refused() {
    finds!(first("«\"10.0.0.1/24\"»"));
}

#[test]
fn address_with_a_zone_is_refused() {
    finds!(first("«\"fe80::1%eth0\"»"));
}

#[test]
fn link_local_address_cannot_be_certified() {
    finds!(first("«\"fe80::1\"»"));
}

#[test]
fn ipv4_address_in_ipv6_form_is_refused() {
    finds!(first("«\"::ffff:10.0.0.1\"»"));
}

#[test]
fn every_address_cannot_be_advertised() {
    finds!(first("«\"0.0.0.0\"»"));
}

#[test]
fn every_ipv6_address_cannot_be_advertised() {
    finds!(first("«\"::\"»"));
}

#[test]
fn multicast_address_is_refused() {
    finds!(first("«\"224.0.0.1\"»"));
}

#[test]
fn broadcast_address_is_refused() {
    finds!(first("«\"255.255.255.255\"»"));
}

#[test]
fn listening_on_a_multicast_address_is_refused() {
    finds!(first("\"10.0.0.1\"\nlisten-ip = «\"224.0.0.1\"»"));
}

#[test]
fn listening_on_the_loopback_alone_leaves_the_others_out() {
    finds!(first("\"10.0.0.1\"\nlisten-ip = ‹\"127.0.0.1\"›"));
}

#[test]
fn loopback_address_among_others_is_reported_with_the_other() {
    finds!(first("«\"127.0.0.1\"»"));
}

#[test]
fn loopback_address_of_the_other_family_is_told_once() {
    finds!(first("«\"::1\"»"));
}

#[test]
fn advertising_a_host_name_that_is_not_there_is_refused() {
    finds!(first("\"10.0.0.1\"\nadvertise = «\"hostname\"»"));
}

#[test]
fn advertising_anything_else_is_corrected() {
    finds!(first("\"10.0.0.1\"\nadvertise = «\"host\"»"));
}

#[test]
fn duplicate_address_is_reported_with_both_spans() {
    finds!(spec().member(2, "name = \"camellia\"\nip = «\"10.0.0.1\"»"));
}

#[test]
fn ipv6_address_spelled_in_two_ways_is_still_one() {
    finds!(six().member(2, "name = \"camellia\"\nip = «\"fd00:0:0::0:1\"»"));
}

#[test]
fn members_on_one_machine_go_down_together() {
    finds!(spec().member(
        2,
        "name = \"camellia\"\nip = ‹\"10.0.0.1\"›\npeer-port = 12380\nclient-port = 12379"
    ));
}

/// Three members on one loopback, on addresses and ports of their own.
fn on_the_loopback() -> Spec {
    spec().members(&[
        "name = \"pink\"\nip = \"127.0.0.1\"\netcd = { data-dir = \"/a\" }",
        "name = \"orange\"\nip = ‹\"127.0.0.2\"›\nclient-port = 1\netcd = { data-dir = \"/b\" }",
        "name = \"camellia\"\nip = \"127.0.0.3\"\nclient-port = 2\netcd = { data-dir = \"/c\" }",
    ])
}

#[test]
fn certificates_of_members_on_one_machine_would_overwrite_each_other() {
    finds!(on_the_loopback().tls("layout = \"combined\""));
}

#[test]
fn certificate_that_members_on_one_machine_share_is_accepted() {
    let bare = |text: &str| text.replace(['‹', '›'], "");
    silent(&on_the_loopback().tls("layout = \"shared\"").each_member(bare));
}

#[test]
fn one_port_for_peers_and_clients_is_refused() {
    finds!(first("\"10.0.0.1\"\npeer-port = 2379\nclient-port = «2379»"));
}

#[test]
fn port_of_another_member_on_the_same_machine_is_refused() {
    finds!(spec().member(
        2,
        "name = \"camellia\"\nip = \"10.0.0.1\"\npeer-port = «2379»\nclient-port = 12379"
    ));
}

#[test]
fn same_url_behind_translation_is_reported_with_both_spans() {
    finds!(
        first("\"203.0.113.1\"\nlisten-ip = \"10.0.0.1\"")
            .member(1, "name = \"orange\"\nip = «\"203.0.113.1\"»\nlisten-ip = \"10.0.0.2\"")
    );
}

#[test]
fn same_host_name_advertised_with_other_ports_is_one_machine() {
    finds!(
        first("\"10.0.0.1\"\nhostname = \"a.example\"\nadvertise = \"hostname\"").member(
            1,
            "name = \"orange\"\nip = ‹\"10.0.0.1\"›\nhostname = «\"a.example\"»\nadvertise = \"hostname\"\npeer-port = 1\nclient-port = 2"
        )
    );
}

#[test]
fn machines_behind_one_address_are_accepted_with_ports_of_their_own() {
    silent(
        &first("\"203.0.113.1\"\nlisten-ip = \"10.0.0.1\"\netcd = { data-dir = \"/data\" }")
            .member(
                1,
                "name = \"orange\"\nip = \"203.0.113.1\"\nlisten-ip = \"10.0.0.2\"\n\
             peer-port = 12380\nclient-port = 12379\netcd = { data-dir = \"/data\" }",
            ),
    );
}

#[test]
fn sites_with_the_same_private_addresses_are_accepted() {
    silent(
        &first("\"203.0.113.1\"\nlisten-ip = \"10.0.0.1\"")
            .member(1, "name = \"orange\"\nip = \"203.0.113.2\"\nlisten-ip = \"10.0.0.1\""),
    );
}

#[test]
fn listening_on_another_members_address_is_refused() {
    finds!(
        first("\"10.0.0.1\"\nlisten-ip = \"10.0.0.2\"")
            .member(1, "name = \"orange\"\nip = «\"10.0.0.2\"»")
    );
}

#[test]
fn ipv6_members_are_accepted() {
    silent(&six().member(1, "name = \"orange\"\nip = \"2001:db8::2\"\nlisten-ip = \"::\""));
}

#[test]
fn subject_alternative_name_that_is_none_is_refused() {
    finds!(spec().tls("extra-sans = [«\"https://etcd.example\"», «\"*.*.example\"», «\"\"»]"));
}

/// The first of three members on three machines, by that name.
fn named(name: &str, advertise: &str) -> Spec {
    let own = format!("name = \"pink\"\nip = \"10.0.0.1\"\nhostname = {name}\n");
    spec().member(0, &(own + &format!("advertise = \"{advertise}\"")))
}

#[test]
fn name_of_the_loopback_cannot_be_advertised_to_other_machines() {
    finds!(named("«\"localhost\"»", "hostname"));
}

#[test]
fn every_name_of_the_loopback_is_refused_as_that_in_any_case() {
    for name in ["pink.localhost", "LOCALHOST.localdomain", "localhost6", "ip6-loopback"] {
        let said = findings(&named(&format!("«\"{name}\"»"), "hostname"));
        assert!(said.contains("leads every machine to itself"), "{said}");
    }
    silent(&named("\"localhost.zyxasr.io\"", "hostname"));
}

#[test]
fn name_of_the_loopback_for_several_members_is_told_once_for_each() {
    let of = |name, number| {
        format!(
            "name = \"{name}\"\nip = \"10.0.0.{number}\"\nhostname = «\"localhost\"»\nadvertise = \"hostname\""
        )
    };
    let said =
        super::support::findings(&spec().member(0, &of("pink", 1)).member(1, &of("orange", 2)));
    assert!(said.contains("cluster.toml: 2 errors"), "{said}");
}

#[test]
fn name_of_the_loopback_that_is_not_advertised_is_worth_a_warning() {
    finds!(named("‹\"localhost\"›", "ip"));
}

#[test]
fn name_of_the_loopback_is_fine_where_the_loopback_is() {
    let member = |name: &str, host: &str, port: u16| {
        format!(
            "name = \"{name}\"\nip = \"127.0.0.1\"\nhostname = \"{host}\"\n\
             advertise = \"hostname\"\npeer-port = {port}\nclient-port = {}",
            port + 1
        )
    };
    let members = [("pink", "localhost", 2380), ("orange", "orange.localhost", 2480)];
    let members = members.map(|(name, host, port)| member(name, host, port));
    let two = spec().members(&members.each_ref().map(String::as_str));
    let alone = spec().members(&[LOCALHOST]);
    for one in [two, alone] {
        assert!(!messages(&one).contains("itself"), "{}", messages(&one));
    }
}

#[test]
fn name_of_the_loopback_is_no_way_to_a_member_that_does_not_listen_there() {
    let second = "name = \"orange\"\nip = \"10.0.0.1\"\npeer-port = 2480\nclient-port = 2479";
    let said = messages(&spec().members(&[LOCALHOST, second]));
    assert!(said.contains("`orange` cannot reach `pink` there"), "{said}");
    let everywhere = format!("{LOCALHOST}\nlisten-ip = \"0.0.0.0\"");
    let second = "name = \"orange\"\nip = \"10.0.0.1\"\npeer-port = 2480\nclient-port = 2479\n\
                  listen-ip = \"10.0.0.1\"";
    let said = messages(&spec().members(&[&everywhere, second]));
    assert!(!said.contains("itself"), "{said}");
}

/// A member that advertises `localhost`.
const LOCALHOST: &str =
    "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = \"localhost\"\nadvertise = \"hostname\"";

/// What is found in a spec that is not marked, a line each.
fn messages(spec: &Spec) -> String {
    let (_, found) = prove(spec.text().as_bytes());
    found.iter().map(|one| one.message.clone() + "\n").collect()
}
