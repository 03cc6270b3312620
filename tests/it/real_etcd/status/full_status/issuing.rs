//! Certificates that no build would issue.

use crate::real_etcd::status::fleet::Fleet;
use bouquet_model::certificate::{Kind, Subject};
use bouquet_model::cluster::{KeyKind, San};
use bouquet_x509::{Issuer, Leaf, NewKey, ParsedCertificate, Secret, Validity, pem, self_signed};
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) const DAY: i64 = 86_400;

pub(super) fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    since_1970.as_secs().try_into().expect("a time")
}

pub(super) fn key() -> NewKey {
    NewKey::generate(KeyKind::EcdsaP256).expect("a key")
}

/// The CA of the cluster.
pub(super) fn ca(fleet: &Fleet) -> Issuer {
    let read = |file: &str| fs::read(fleet.path(&format!("0/out/pki/{file}"))).expect("a file");
    let der = pem::certificates(&read("ca.crt")).expect("PEM").remove(0);
    let key = NewKey::read(&Secret::from(read("ca.key")), KeyKind::EcdsaP256).expect("a key");
    let parsed = ParsedCertificate::parse(&der).expect("a certificate");
    Issuer::new(&parsed, key.pair().expect("a pair")).expect("an issuer")
}

/// One that this cluster does not know, with its certificate in PEM.
pub(super) fn other_ca() -> (Issuer, String) {
    let (key, validity) = (key(), Validity { not_before: now() - DAY, not_after: now() + 9 * DAY });
    let der = self_signed("another CA", &key, None, validity).expect("a certificate");
    let parsed = ParsedCertificate::parse(&der).expect("a certificate");
    let issuer = Issuer::new(&parsed, key.pair().expect("a pair")).expect("an issuer");
    (issuer, pem::certificate(&der))
}

/// Puts another pair on a member's machine: etcd reads it at the next handshake.
pub(super) fn replace(fleet: &Fleet, name: &str, file: &str, issuer: &Issuer, validity: Validity) {
    let member = fleet.cluster.members.iter().find(|member| member.name.as_str() == name);
    let ip = member.expect("a member").listen_ip;
    let (key, subject) = (key(), Subject::CommonName(name.to_owned()));
    let sans = [San::Dns("localhost".into()), San::Ip(ip), San::Ip([127, 0, 0, 1].into())];
    let kind = if file == "peer" { Kind::Peer } else { Kind::Server };
    let leaf = Leaf { kind, subject: &subject, sans: &sans };
    let made = issuer.issue(&leaf, &key, validity).expect("a certificate");
    let folder = fleet.path(&format!("machines/{name}/certs"));
    fs::write(folder.join(format!("{file}.crt")), pem::certificate(&made.der)).expect("a file");
    fs::write(folder.join(format!("{file}.key")), key.secret.expose()).expect("a file");
}
