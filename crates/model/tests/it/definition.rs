//! What changes a definition, and what does not.

use crate::artifacts::CLUSTER;
use bouquet_model::cluster::Setting;
use bouquet_model::definition;
use bouquet_model::option::{EtcdOption, OPTIONS, OnChange, Origin};
use bouquet_model::prelude::*;
use proptest::prelude::*;

/// A change, and what it is of.
type Change = (&'static str, fn(&mut Cluster));

/// Changes of what members, or clients, are defined as.
const COUNT: &[Change] = &[
    ("certs-dir", |it| tls(it).certs_dir = NodePath::from_static("/srv/certs")),
    ("layout", |it| tls(it).layout = Layout::Combined),
    ("crl", |it| tls(it).crl = true),
    ("TLS off", |it| it.tls = None),
    ("CAs of its own for peers", |it| tls(it).peers.trust = Borrowed(&[2])),
    ("listener", |it| members(it)[0].listen_client_urls.to_mut()[0].port = 4001),
    ("endpoint", |it| members(it)[0].advertise_client_urls.to_mut()[0].port = 4001),
    ("name", |it| members(it)[0].name = MemberName::from_static("rose")),
];

/// Changes that nobody has to be told of.
const COUNT_NOT: &[Change] = &[
    ("token", |it| it.token = Borrowed("others")),
    ("version", |it| it.version = EtcdVersion::new(Minor::V3_5, Some(30))),
    ("ID", |it| it.id = Some(ClusterId(1))),
    ("revision", |it| it.revision = Some(Borrowed("0123456789ab"))),
    ("formats", |it| it.formats = Borrowed(&["yaml"])),
    ("validity", |it| tls(it).valid_for *= 2),
    ("a key of another kind", |it| tls(it).key = KeyKind::Ed25519),
    ("generation of all", |it| tls(it).generation = 2),
    ("another CA that issues", |it| tls(it).clients.issue = 2),
    ("further names", |it| {
        tls(it).extra_sans = Borrowed(&[San::Dns(Borrowed("etcd"))]);
    }),
    ("generation of a member", |it| members(it)[0].generation = 2),
    ("generation of a client", |it| it.clients.to_mut()[0].generation = 2),
    ("state", |it| members(it)[0].state = State::Existing),
    ("ID of a member", |it| members(it)[0].id = Some(MemberId(1))),
    ("peer URL", |it| members(it)[0].initial_advertise_peer_urls.to_mut()[0].port = 4001),
];

/// Changes of clients alone.
const OF_CLIENTS: &[Change] = &[
    ("name", |it| it.clients.to_mut()[0].name = ClientName::from_static("tulip")),
    ("common name", |it| it.clients.to_mut()[0].common_name = false),
    ("certs-dir", |it| it.clients.to_mut()[0].certs_dir = NodePath::from_static("/srv/certs")),
    ("one less", |it| drop(it.clients.to_mut().pop())),
];

#[test]
fn what_a_member_runs_with_changes_its_definition_and_nothing_else_does() {
    for (what, change) in COUNT {
        assert_ne!(of_members(&changed(*change)), of_members(&CLUSTER), "{what}");
    }
    for (what, change) in COUNT_NOT.iter().chain(OF_CLIENTS) {
        assert_eq!(of_members(&changed(*change)), of_members(&CLUSTER), "{what}");
    }
}

#[test]
fn what_clients_find_changes_the_clusters_definition() {
    let before = definition::of_cluster(&CLUSTER);
    let digest: fn(&mut Cluster) = |it| members(it)[0].digest = Digest([1; 32]);
    let endpoint = COUNT.iter().filter(|(what, _)| *what == "endpoint");
    for (what, change) in OF_CLIENTS.iter().chain(endpoint).chain([&("digest", digest)]) {
        assert_ne!(definition::of_cluster(&changed(*change)), before, "{what}");
    }
    for (what, change) in COUNT_NOT {
        assert_eq!(definition::of_cluster(&changed(*change)), before, "{what}");
    }
}

#[test]
fn every_option_counts_but_those_of_the_first_start() {
    let with = |options| changed(|it| members(it)[0].options = options);
    let none = of_members(&with(Borrowed(&[])));
    let written = OPTIONS.iter().filter(|option| option.origin() == Origin::User);
    for option in written {
        let one = |value| with(vec![Setting { name: option.name(), value }].into());
        let (one, other) = (of_members(&one(Value::Int(1))), of_members(&one(Value::Int(2))));
        assert!(one != none && one != other, "{}", option.name());
    }
    let at_bootstrap = OPTIONS.iter().filter(|option| option.on_change() == OnChange::Bootstrap);
    for name in at_bootstrap.map(EtcdOption::name) {
        let is_there = |line: &str| line.split('=').next() == Some(name);
        assert!(!none.iter().any(|text| text.lines().any(is_there)), "{name}");
    }
}

#[test]
fn the_order_of_tables_changes_no_definition() {
    let both = changed(|it| {
        let mut second = it.members[0].clone();
        second.name = MemberName::from_static("orange");
        second.digest = Digest([2; 32]);
        second.advertise_client_urls.to_mut()[0].host = Host::v4(10, 0, 0, 2);
        second.initial_advertise_peer_urls.to_mut()[0].host = Host::v4(10, 0, 0, 2);
        members(it).push(second);
    });
    let mut turned = both.clone();
    members(&mut turned).reverse();
    turned.clients.to_mut().reverse();
    assert_ne!(both, turned);
    assert_eq!(definition::of_cluster(&both), definition::of_cluster(&turned));
    let mut texts = of_members(&turned);
    texts.reverse();
    assert_eq!(of_members(&both), texts);
}

/// Texts with all that could end a line, or look like another option.
fn value() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["\n", "\\", "n", "=", "cors", "é"]), 0..6)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_value_passes_for_another_option(one in [value(), value()], other in [value(), value()]) {
        let with = |values: &[String; 2]| {
            let setting = |(name, value): (&'static str, &String)| {
                Setting { name, value: Value::Text(value.clone().into()) }
            };
            let options = ["log-level", "cors"].into_iter().zip(values).map(setting);
            changed(|it| members(it)[0].options = options.collect())
        };
        prop_assert_eq!(of_members(&with(&one)) == of_members(&with(&other)), one == other);
        let lines = of_members(&with(&one))[0].lines().count();
        prop_assert_eq!(lines, of_members(&CLUSTER)[0].lines().count() + 1);
    }
}

fn of_members(cluster: &Cluster) -> Vec<String> {
    cluster.members.iter().map(|member| definition::of_member(cluster, member)).collect()
}

fn changed(change: impl FnOnce(&mut Cluster)) -> Cluster {
    let mut cluster = CLUSTER.clone();
    change(&mut cluster);
    cluster
}

fn members(cluster: &mut Cluster) -> &mut Vec<Member> {
    cluster.members.to_mut()
}

fn tls(cluster: &mut Cluster) -> &mut Tls {
    cluster.tls.as_mut().expect("it has TLS")
}
