//! Certificates as they are served.

use crate::real_etcd::status::fleet::{Fleet, THREE};
use crate::support::side_by_side::with_each;
use bouquet_model::certificate::{Kind, Subject};
use bouquet_model::cluster::{KeyKind, San};
use bouquet_x509::{Issuer, Leaf, NewKey, ParsedCertificate, Secret, Validity, pem, self_signed};
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;

fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    since_1970.as_secs().try_into().expect("a time")
}

fn key() -> NewKey {
    NewKey::generate(KeyKind::EcdsaP256).expect("a key")
}

/// The CA of the cluster.
fn ca(fleet: &Fleet) -> Issuer {
    let read = |file: &str| fs::read(fleet.path(&format!("0/out/pki/{file}"))).expect("a file");
    let der = pem::certificates(&read("ca.crt")).expect("PEM").remove(0);
    let key = NewKey::read(&Secret::from(read("ca.key")), KeyKind::EcdsaP256).expect("a key");
    let parsed = ParsedCertificate::parse(&der).expect("a certificate");
    Issuer::new(&parsed, key.pair().expect("a pair")).expect("an issuer")
}

/// One that this cluster does not know.
fn other_ca() -> Issuer {
    let (key, validity) = (key(), Validity { not_before: now() - DAY, not_after: now() + 9 * DAY });
    let der = self_signed("another CA", &key, None, validity).expect("a certificate");
    let parsed = ParsedCertificate::parse(&der).expect("a certificate");
    Issuer::new(&parsed, key.pair().expect("a pair")).expect("an issuer")
}

/// Puts another pair on a member's machine: etcd reads it at the next handshake.
fn replace(fleet: &Fleet, name: &str, file: &str, issuer: &Issuer, validity: Validity) {
    let member = fleet.cluster.members.iter().find(|member| member.name.as_str() == name);
    let ip = member.expect("a member").listen_ip;
    let (key, subject) = (key(), Subject::CommonName(name.to_owned()));
    let sans = [San::Dns("localhost".into()), San::Ip(ip), San::Ip([127, 0, 0, 1].into())];
    let kind = if file == "peer" { Kind::Peer } else { Kind::Server };
    let leaf = Leaf { kind, subject: &subject, sans: &sans };
    let issued = issuer.issue(&leaf, &key, validity).expect("a certificate");
    let folder = fleet.path(&format!("machines/{name}/certs"));
    fs::write(folder.join(format!("{file}.crt")), pem::certificate(&issued.der)).expect("a file");
    fs::write(folder.join(format!("{file}.key")), key.secret.expose()).expect("a file");
}

#[test]
fn one_that_expired_and_one_of_another_ca_hide_nobody() {
    with_each(&super::BOTH, |release| {
        let fleet = Fleet::run(release, &[THREE]);
        let past = Validity { not_before: now() - 9 * DAY, not_after: now() - 2 * DAY };
        replace(&fleet, "orange", "server", &ca(&fleet), past);
        let told = fleet.finds(0, 1, "orange's client certificate expired 2 days ago");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["untrusted", "up", "up"]);
        assert_eq!(told.member("orange")["client_certificate"]["validity"], "expired");
        assert_eq!(told.member("orange")["peer_certificate"]["validity"], "valid");
        let valid = Validity { not_before: now() - DAY, not_after: now() + 9 * DAY };
        replace(&fleet, "orange", "server", &other_ca(), valid);
        let told = fleet.finds(0, 1, "orange's client certificate is of another CA");
        assert_eq!(told.member("orange")["client_certificate"]["difference"], "foreign");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["untrusted", "up", "up"]);
        // The peers' is shown to anyone who asks; connections that are there go on.
        fleet.install("orange", 0);
        replace(&fleet, "orange", "peer", &ca(&fleet), past);
        let told = fleet.finds(0, 1, "orange's peer certificate expired 2 days ago");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["up", "up", "up"]);
        fleet.install("orange", 0);
        fleet.waits(0, |told| told.code == 0);
    });
}

/// The second build reissued all; it is installed on one of them.
#[test]
fn what_was_renewed_and_is_not_installed_is_told_on_both_ports() {
    with_each(&super::BOTH, |release| {
        let head = |generation: u8| {
            format!(
                "[cluster]\ntoken = \"status\"\netcd = \"{release}\"\n[etcd]\ndata-dir = \"HERE/data\"\n\
                 [tls]\ncerts-dir = \"HERE/certs\"\ngeneration = {generation}\n{THREE}"
            )
        };
        let fleet = Fleet::run(release, &[&head(1), &head(2)]);
        let told = fleet.waits(1, |told| told.code == 2);
        assert_eq!(told.messages().len(), 6, "{:?}", told.messages());
        fleet.install("pink", 1);
        let told = fleet.waits(1, |told| told.messages().len() == 4);
        assert_eq!(told.code, 2);
        for port in ["client", "peer"] {
            let words = format!(
                "orange's {port} certificate was renewed, and the new one is not yet installed"
            );
            assert!(told.messages().contains(&words), "{:?}", told.messages());
        }
        assert!(told.member("pink")["client_certificate"]["difference"].is_null());
        // The program of the first build is out of date.
        fleet.finds(0, 2, "pink's client certificate is newer than this program");
    });
}

/// A client that nobody trusts any more sees certificates all the same.
#[test]
fn a_client_of_another_cluster_is_rejected_and_told_so() {
    with_each(&super::BOTH, |release| {
        let fleet = Fleet::run(release, &[THREE]);
        let folder = fleet.path("0/out/clients/root");
        let (key, subject) = (key(), Subject::CommonName("root".to_owned()));
        let leaf = Leaf { kind: Kind::Client, subject: &subject, sans: &[] };
        let valid = Validity { not_before: now() - DAY, not_after: now() + DAY };
        let issued = other_ca().issue(&leaf, &key, valid).expect("a certificate");
        fs::write(folder.join("client.crt"), pem::certificate(&issued.der)).expect("a file");
        fs::write(folder.join("client.key"), key.secret.expose()).expect("a file");
        let told = fleet.says(0, &["status", "--json"]);
        assert_eq!(told.code, 3, "{told:?}");
        assert_eq!(told.states(&["orange", "pink", "daffodil"]), ["rejected"; 3]);
        assert!(
            told.messages().iter().any(|it| it.starts_with("orange does not trust this client"))
        );
        assert_eq!(told.member("pink")["peer_certificate"]["validity"], "valid");
    });
}
