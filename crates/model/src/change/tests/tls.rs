//! TLS and its CAs.

use super::{
    Change, Class, Running, RunningMember, accepts, changes, client, clients, lines, member,
    running, trust,
};
use crate::certificate::Kind;
use crate::trust::Trust;

const PLAIN: &[(&str, &str)] = &[
    ("initial-advertise-peer-urls", "http://10.0.0.1:2380"),
    ("listen-peer-urls", "http://10.0.0.1:2380"),
    ("advertise-client-urls", "http://10.0.0.1:2379"),
    ("listen-client-urls", "http://10.0.0.1:2379,http://127.0.0.1:2379"),
];

const TLS: &[(&str, &str)] = &[
    ("initial-advertise-peer-urls", "https://10.0.0.1:2380"),
    ("listen-peer-urls", "https://10.0.0.1:2380"),
    ("advertise-client-urls", "https://10.0.0.1:2379"),
    ("listen-client-urls", "https://10.0.0.1:2379,https://127.0.0.1:2379"),
    ("client-cert-auth", "true"),
    ("trusted-ca-file", "/certs/ca.crt"),
    ("cert-file", "/certs/server.crt"),
    ("key-file", "/certs/server.key"),
    ("peer-client-cert-auth", "true"),
    ("peer-trusted-ca-file", "/certs/ca.crt"),
    ("peer-cert-file", "/certs/peer.crt"),
    ("peer-key-file", "/certs/peer.key"),
];

fn with(options: &[(&str, &str)], change: impl FnOnce(&mut RunningMember)) -> Running {
    let mut member = member(options);
    change(&mut member);
    running([("a", member)])
}

fn encrypted(clients: Trust, peers: Trust) -> Running {
    with(TLS, |member| {
        member.clients = Some(clients);
        member.peers = Some(peers);
    })
}

fn of_trust(from: Trust, to: Trust) -> Vec<Change> {
    changes(&encrypted(from.clone(), from), &encrypted(to.clone(), to))
}

#[test]
fn tls_is_one_change_of_each_side() {
    let plain = with(PLAIN, |_| ());
    let tls = encrypted(trust(1, &[1]), trust(1, &[1]));
    let all = changes(&plain, &tls);
    assert_eq!(
        lines(&all),
        [
            "free: a: initial-advertise-peer-urls http://10.0.0.1:2380 → https://10.0.0.1:2380",
            "refused: a: client URLs http → https",
            "ask etcd first: a: peer URLs http → https",
        ]
        .into_iter()
        .filter(|line| !line.starts_with("free"))
        .collect::<Vec<_>>()
    );
    assert_eq!(accepts(&all), ["client-urls = https"]);
    assert_eq!(accepts(&changes(&tls, &plain)), ["client-urls = http", "peer-urls = http"]);
}

#[test]
fn clients_with_a_listener_of_their_own_are_not_cut_off() {
    let plain = with(PLAIN, |_| ());
    let mut both = encrypted(trust(1, &[1]), trust(1, &[1]));
    let member = both.members.get_mut("a").unwrap();
    let urls = "https://10.0.0.1:2389,http://10.0.0.1:2379";
    member.options.insert("listen-client-urls".into(), urls.into());
    assert_eq!(accepts(&changes(&plain, &both)), [""; 0]);
    // A listener of the machine's own is none to others, and a new one of the former kind is unknown to them.
    for other in ["http://127.0.0.1:2379", "http://10.0.0.1:2390"] {
        let member = both.members.get_mut("a").unwrap();
        let urls = format!("https://10.0.0.1:2389,{other}");
        member.options.insert("listen-client-urls".into(), urls);
        assert_eq!(accepts(&changes(&plain, &both)), ["client-urls = https"], "{other}");
    }
}

#[test]
fn a_folder_that_moves_is_one_change() {
    let moved: Vec<_> =
        TLS.iter().map(|(name, value)| (*name, value.replace("/certs/", "/srv/certs/"))).collect();
    let moved: Vec<_> = moved.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let all = changes(&with(TLS, |_| ()), &with(&moved, |_| ()));
    assert_eq!(lines(&all), ["restart: a: certs-dir /certs → /srv/certs"]);
}

#[test]
fn another_layout_is_a_restart_with_other_files() {
    let combined: Vec<_> =
        TLS.iter().map(|(name, value)| (*name, value.replace("/peer.", "/server."))).collect();
    let combined: Vec<_> = combined.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let serials = |kinds: &'static [Kind]| {
        move |member: &mut RunningMember| {
            member.clients = Some(trust(1, &[1]));
            member.certificates = kinds.iter().map(|kind| (*kind, kind.to_string())).collect();
        }
    };
    let all = changes(
        &with(TLS, serials(&[Kind::Server, Kind::Peer])),
        &with(&combined, serials(&[Kind::ServerAndPeer])),
    );
    assert_eq!(
        lines(&all),
        [
            "restart: a: peer-cert-file /certs/peer.crt → /certs/server.crt",
            "restart: a: peer-key-file /certs/peer.key → /certs/server.key",
            "copy: a: server+peer certificate",
        ]
    );
}

#[test]
fn a_renewed_certificate_and_a_new_list_are_copied() {
    let serial = |serial: &'static str, crl| {
        with(TLS, move |member| {
            member.certificates = [(Kind::Peer, serial.to_owned())].into();
            member.crl = crl;
        })
    };
    let all = changes(&serial("01", Some(1)), &serial("02", Some(2)));
    assert_eq!(lines(&all), ["copy: a: peer certificate", "copy: a: list of revoked certificates"]);
}

#[test]
fn a_list_that_is_switched_on_is_a_restart() {
    let on = [
        TLS,
        &[("client-crl-file", "/certs/revoked.crl"), ("peer-crl-file", "/certs/revoked.crl")],
    ];
    let all = changes(&with(TLS, |_| ()), &with(&on.concat(), |member| member.crl = Some(1)));
    assert_eq!(
        lines(&all),
        [
            "restart: a: client-crl-file nothing → /certs/revoked.crl",
            "restart: a: peer-crl-file nothing → /certs/revoked.crl",
        ]
    );
}

#[test]
fn cas_change_phase_by_phase() {
    for (from, to, class) in [
        (trust(1, &[1]), trust(1, &[1, 2]), Class::AskEtcd),
        (trust(1, &[1, 2]), trust(2, &[1, 2]), Class::Copy),
        (trust(2, &[1, 2]), trust(2, &[2]), Class::AskEtcd),
        // Back again.
        (trust(1, &[1, 2]), trust(1, &[1]), Class::AskEtcd),
        (trust(2, &[1, 2]), trust(1, &[1, 2]), Class::Copy),
        // A second phase before the first is recorded.
        (trust(1, &[1]), trust(2, &[1, 2]), Class::Refused),
        (trust(1, &[1]), trust(2, &[2]), Class::Refused),
        (trust(1, &[1, 2]), trust(2, &[2]), Class::Refused),
    ] {
        let all = of_trust(from.clone(), to.clone());
        assert_eq!(all.len(), 1, "{from} {to}");
        assert_eq!(all[0].class, class, "{from} → {to}");
    }
    assert_eq!(
        accepts(&of_trust(trust(1, &[1]), trust(2, &[1, 2]))),
        ["trust = [1, 2], issue = 2"]
    );
}

#[test]
fn a_ca_stays_as_long_as_one_client_shows_a_certificate_of_it() {
    let mut before = encrypted(trust(2, &[1, 2]), trust(2, &[1, 2]));
    let mut after = encrypted(trust(2, &[2]), trust(2, &[2]));
    let late =
        |of: Trust| clients(&[("root", super::RunningClient { trust: Some(of), ..client() })]);
    before.clients = late(trust(1, &[1, 2])).clients;
    after.clients = late(trust(2, &[2])).clients;
    let all = changes(&before, &after);
    assert_eq!(accepts(&all), ["trust = [2], issue = 2"]);
    assert!(lines(&all).contains(
        &"refused: client root: CAs 1, 2 (certificates by CA 1) → 2 (certificates by CA 2)".into()
    ));
}

#[test]
fn sides_with_cas_of_their_own_are_told_apart() {
    let all = changes(
        &encrypted(trust(1, &[1]), trust(1, &[1])),
        &encrypted(trust(1, &[1]), trust(3, &[3])),
    );
    assert_eq!(
        lines(&all),
        ["refused: a: CAs of peers 1 (certificates by CA 1) → 3 (certificates by CA 3)"]
    );
    assert_eq!(accepts(&all), ["peer-trust = [3], peer-issue = 3"]);
}
