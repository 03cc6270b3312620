use super::*;
use crate::issuing::Issuing;
use crate::pki::existing::{
    Existing, ExistingCa, ExistingRequest, Origin, Pair, Passphrase, Place,
};
use crate::pki::history::Serials;
use crate::pki::{Inputs, Pki, Typed, ca, certify};
use bouquet_model::certificate::{Kind, Subject, Wanted};
use bouquet_model::cluster::{KeyKind, Layout, Renew, San, Tls};
use bouquet_model::node_path::NodePath;
use bouquet_model::trust::Trust;
use bouquet_x509::Secret;
use core::time::Duration;

/// 2026-11-22.
const NOW: i64 = 1_795_305_600;
const DAY: Duration = Duration::from_secs(86_400);

fn tls() -> Tls {
    let only = || Trust { issue: 1, trust: vec![1].into() };
    Tls {
        layout: Layout::Separate,
        certs_dir: NodePath::from_static("/opt/etcd/certs"),
        file_names: Vec::new().into(),
        key: KeyKind::EcdsaP256,
        valid_for: 365 * DAY,
        ca_valid_for: 3650 * DAY,
        renew_before: 121 * DAY,
        renew: Renew::NewKey,
        generation: 1,
        clients: only(),
        peers: only(),
        client_auth: true,
        crl: false,
        common_name: None,
        extra_sans: Vec::new().into(),
    }
}

fn wanted(kind: Kind, owner: &str, place: &str) -> Wanted {
    Wanted {
        kind,
        owner: Some(owner.to_owned()),
        subject: Subject::CommonName(owner.to_owned()),
        sans: Vec::new(),
        key: KeyKind::EcdsaP256,
        valid_for: 365 * DAY,
        renew_before: 121 * DAY,
        issuer: 1,
        generation: 1,
        renew: Renew::NewKey,
        places: vec![place.to_owned()],
    }
}

/// Returns the certificates that a member and a client need, of which nothing is there.
fn slots() -> Vec<Slot> {
    [
        wanted(Kind::Server, "orange", "members/orange/certs/server"),
        wanted(Kind::Peer, "orange", "members/orange/certs/peer"),
        wanted(Kind::Client, "root", "clients/root/client"),
    ]
    .map(|wanted| Slot { wanted, existing: Existing::default() })
    .into()
}

/// Issues everything for the first time.
fn first(tls: &Tls, issuing: &Issuing) -> Pki {
    let typed = Typed { lock: "cluster.lock".as_ref(), out: "out".as_ref() };
    let context = Context { tls, issuing, now: NOW, locked: false, out: "out", typed };
    let ca = ExistingCa::none(1, "our CA");
    certify(Inputs::first(context, slots(), vec![ca])).expect("a first build")
}

/// Returns the certificates of that build, and its CA, which has its key here or elsewhere.
fn existing(pki: &Pki, key_is_here: bool) -> (Vec<Slot>, ExistingCa) {
    let slot = |leaf: &crate::pki::Leaf| {
        let certificate = Some(leaf.certificate.clone().into_bytes());
        let pair = Pair { certificate, key: Some(leaf.key.clone()) };
        let places = vec![Place { path: leaf.wanted.places[0].clone(), pair }];
        let request = ExistingRequest::default();
        Slot { wanted: leaf.wanted.clone(), existing: Existing { places, request } }
    };
    let ca = &pki.authorities[0];
    let certificate = Some(ca.certificate.clone().into_bytes());
    let key = ca.new_key.clone().filter(|_| key_is_here);
    let external = Origin::Files { certificate: "corp.crt".to_owned(), key: None };
    let origin = if key_is_here { Origin::Minted } else { external };
    let none = ExistingCa::none(1, "");
    let ca = ExistingCa { pair: Pair { certificate, key }, origin, ..none };
    (pki.leaves().into_iter().map(slot).collect(), ca)
}

/// Returns the lines of a plan, first those of its CA.
fn lines(slots: &[Slot], ca: ExistingCa, passphrase: &Passphrase) -> String {
    let (tls, issuing) = (tls(), Issuing::default());
    let typed = Typed { lock: "cluster.lock".as_ref(), out: "out".as_ref() };
    let context =
        Context { tls: &tls, issuing: &issuing, now: NOW, locked: false, out: "out", typed };
    let cas = ca::plan(vec![ca], slots, &[], passphrase, &context).expect("a plan");
    let line = format!("{}\n", cas[0]);
    let cas = ca::carry_out(cas, slots, &context).expect("a CA");
    let history = History { issued: &bouquet_lock::Issued::default(), revoked: &Serials::new() };
    line + &plan(slots, &cas, history, &context).expect("a plan").to_string()
}

#[test]
fn a_first_plan_makes_everything() {
    let said = lines(&slots(), ExistingCa::none(1, "our CA"), &Passphrase::None);
    let expected = "\
mint CA 1
issue   members/orange/certs/server by CA 1: certificate is missing
issue   members/orange/certs/peer by CA 1: certificate is missing
issue   clients/root/client by CA 1: certificate is missing
";
    assert_eq!(said, expected);
}

#[test]
fn what_is_good_is_kept_and_the_rest_has_a_reason() {
    let (mut slots, ca) = existing(&first(&tls(), &Issuing::default()), true);
    slots[1].wanted.sans.push(San::Dns("new.example".into()));
    slots[2].existing.places[0].pair.key = None;
    let passphrase = Passphrase::Given(Secret::from(b"hush".to_vec()));
    let expected = "\
encrypt the key of CA 1
keep    members/orange/certs/server
issue   members/orange/certs/peer by CA 1: SANs changed: + new.example
issue   clients/root/client by CA 1: private key is missing
";
    assert_eq!(lines(&slots, ca, &passphrase), expected);
}

#[test]
fn of_an_external_ca_it_is_requested_until_it_is_answered() {
    let (mut slots, ca) = existing(&first(&tls(), &Issuing::default()), false);
    slots[1].existing.places.clear();
    let answer = slots[2].existing.places.remove(0).pair;
    slots[2].existing.request.pair = answer;
    let expected = "\
take CA 1
keep    members/orange/certs/server
request members/orange/certs/peer of CA 1: certificate is missing
install clients/root/client of CA 1: certificate is missing
";
    assert_eq!(lines(&slots, ca, &Passphrase::None), expected);
}
