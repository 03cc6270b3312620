//! Where members are, and what they are called there.

use super::{BOTH, Spec, becomes, is_forced_to_be, on};

#[test]
fn members_are_found_elsewhere() {
    on(
        &BOTH,
        &[
            another_address_of_the_first,
            a_client_port,
            all_client_ports,
            another_name,
            an_exchange,
            an_exchange_in_plain_text,
        ],
    );
}

fn another_address_of_the_first(release: &str) {
    let spec = Spec::of(release);
    let moved = spec.clone().members(&[("camellia", 11), ("orange", 2), ("pink", 3)]);
    becomes(&spec, &moved, &["clients", "readdress", "record"]);
}

/// One member answers at another port.
fn a_client_port(release: &str) {
    let spec = Spec::of(release);
    let moved = spec.clone().of_one("pink", "client-port = 4001\n");
    becomes(&spec, &moved, &["clients", "look", "restart", "record"]);
}

/// None of the endpoints stays that clients have: they dial former and new ones meanwhile.
fn all_client_ports(release: &str) {
    let spec = Spec::of(release);
    let moved = Spec { member: "client-port = 4001\n", ..spec.clone() };
    let steps = ["clients", "look", "restart", "restart", "restart", "clients", "record"];
    becomes(&spec, &moved, &steps);
}

/// One address under another name, on the same machine. Here a member's folder has its name.
fn another_name(release: &str) {
    let spec = Spec::of(release);
    let renamed = spec.clone().members(&[("camellia", 1), ("pink", 3), ("tulip", 2)]);
    let steps = ["copy", "look", "restart", "record"];
    is_forced_to_be(
        &spec,
        &renamed,
        &["rename orange tulip", "tulip.data-dir = /data/etcd/tulip"],
        &steps,
    );
}

/// Two members exchange their addresses.
fn an_exchange(release: &str) {
    exchange(&Spec::of(release));
}

/// Without TLS the guard has its mark elsewhere.
fn an_exchange_in_plain_text(release: &str) {
    exchange(&Spec::of(release).with("[tls]\nenabled = false\n"));
}

fn exchange(spec: &Spec) {
    let exchanged = spec.clone().members(&[("camellia", 1), ("orange", 3), ("pink", 2)]);
    let steps = ["snapshot", "remove", "retire", "readdress", "add", "start", "promote", "record"];
    let accept = [
        "swap orange pink",
        "orange.data-dir = /data/etcd/orange",
        "pink.data-dir = /data/etcd/pink",
    ];
    let site = is_forced_to_be(spec, &exchanged, &accept, &steps);
    let kept = std::fs::read_dir(site.on_machine("pink", "/data/etcd/pink")).expect("a folder");
    assert_eq!(kept.count(), 2, "what the former member left is moved aside");
}
