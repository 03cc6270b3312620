//! A cluster as a build leaves it: its lock, and the files of keys.

use crate::secrets::file::Files;
use crate::secrets::place::{Part, Place};
use bouquet_lock::{Authority, Entry, Lock};
use bouquet_model::certificate::{Kind, Subject};
use bouquet_model::cluster::{KeyKind, San};
use bouquet_model::revocation::RevocationReason;
use bouquet_x509::crl::{self, Revoked};
use bouquet_x509::{Issuer, Leaf, NewKey, ParsedCertificate, Secret, Validity, pem, self_signed};
use std::collections::BTreeMap;

pub(super) const DAY: i64 = 86_400;

/// 2026-09-21.
pub(super) const BUILT: i64 = 1_790_000_000;

pub(super) struct Cluster {
    pub(super) lock: Lock,
    pub(super) files: Files,
    issuer: Issuer,
}

impl Cluster {
    /// Returns Orange and pink, with a client.
    pub(super) fn flowers() -> Self {
        let mut cluster = Self::of("flowers CA");
        for name in ["orange", "pink"] {
            cluster.issue(Place::Server(name.into()), BUILT);
            cluster.issue(Place::Peer(name.into()), BUILT);
            cluster.revoke(Place::List(name.into()), &[7]);
        }
        cluster.issue(Place::Client("root".into()), BUILT);
        cluster
    }

    /// Makes a CA, and nothing that it issued.
    pub(super) fn of(name: &str) -> Self {
        let key = new_key();
        let validity = Validity { not_before: BUILT, not_after: BUILT + 3650 * DAY };
        let der = self_signed(name, &key, None, validity).unwrap();
        let certificate = pem::certificate(&der);
        let parsed = ParsedCertificate::parse(&der).unwrap();
        let issuer = Issuer::new(&parsed, key.pair().unwrap()).unwrap();
        let mut lock = Lock::default();
        lock.identity.token = "flowers".to_owned();
        lock.identity.members = [("orange".to_owned(), None), ("pink".to_owned(), None)].into();
        lock.identity.authorities = [(1, Authority::of(&certificate).unwrap())].into();
        let mut cluster = Self { lock, files: Files::new(), issuer };
        cluster.put(Place::Ca(1), pair(&certificate, key.secret));
        cluster
    }

    /// Has the CA's certificate renewed, in the lock alone; returns it.
    pub(super) fn renew_ca(&mut self) -> String {
        let key = Secret::from(self.part("pki/ca.key"));
        let key = NewKey::read(&key, KeyKind::EcdsaP256).unwrap();
        let validity = Validity { not_before: BUILT + 9, not_after: BUILT + 9 * DAY };
        let der = self_signed("flowers CA", &key, None, validity).unwrap();
        let certificate = pem::certificate(&der);
        let authority = Authority::of(&certificate).unwrap();
        self.lock.identity.authorities.insert(1, authority);
        certificate
    }

    /// Issues what belongs there, enters it in the lock, and puts it there.
    pub(super) fn issue(&mut self, place: Place, begins: i64) {
        let (kind, owner) = purpose(&place);
        let (pair, der) = self.signed(kind, &owner, begins);
        let facts = ParsedCertificate::parse(&der).unwrap().facts(kind, Some(&owner));
        self.lock.issued.enter(&facts.serial.clone(), Entry::of(&facts, 1, 1));
        self.put(place, pair);
    }

    /// Issues a pair that the lock does not know.
    pub(super) fn signed(
        &self,
        kind: Kind,
        name: &str,
        begins: i64,
    ) -> (BTreeMap<Part, Secret>, Vec<u8>) {
        let key = new_key();
        let subject = Subject::CommonName(name.to_owned());
        let sans = [San::Dns("localhost".into())];
        let leaf = Leaf { kind, subject: &subject, sans: &sans };
        let validity = Validity { not_before: begins, not_after: begins + 365 * DAY };
        let der = self.issuer.issue(&leaf, &key, validity).unwrap().der;
        (pair(&pem::certificate(&der), key.secret), der)
    }

    /// Adds a key, and a request with it.
    pub(super) fn request(&mut self, name: &str) {
        let key = new_key();
        let subject = Subject::CommonName("pink".to_owned());
        let leaf = Leaf { kind: Kind::Server, subject: &subject, sans: &[] };
        let text = format!("# generation 1\n{}", bouquet_x509::request(&leaf, &key).unwrap());
        let request = Secret::from(text.into_bytes());
        let parts = [(Part::Request, request), (Part::Key, key.secret)].into();
        self.put(Place::Request(name.to_owned()), parts);
    }

    /// Signs a list of these serial numbers.
    pub(super) fn revoke(&mut self, place: Place, serials: &[u8]) {
        let revoked = |serial: &u8| Revoked {
            serial: vec![*serial],
            date: BUILT,
            reason: RevocationReason::Unspecified,
        };
        let entries: Vec<_> = serials.iter().map(revoked).collect();
        let list = crl::issue(&entries, &self.issuer, BUILT, BUILT + DAY).unwrap();
        self.put(place, [(Part::List, Secret::from(list))].into());
    }

    pub(super) fn put(&mut self, place: Place, parts: BTreeMap<Part, Secret>) {
        self.files.insert(place, parts);
    }

    pub(super) fn part(&self, path: &str) -> Vec<u8> {
        let (place, part) = Place::of(path).unwrap();
        self.files[&place][&part].expose().to_vec()
    }

    pub(super) fn set(&mut self, path: &str, content: &[u8]) {
        let (place, part) = Place::of(path).unwrap();
        self.files.entry(place).or_default().insert(part, Secret::from(content.to_vec()));
    }

    pub(super) fn remove(&mut self, path: &str) {
        let (place, part) = Place::of(path).unwrap();
        self.files.get_mut(&place).unwrap().remove(&part);
    }
}

fn purpose(place: &Place) -> (Kind, String) {
    match place {
        Place::Server(name) => (Kind::Server, name.clone()),
        Place::Peer(name) => (Kind::Peer, name.clone()),
        Place::Client(name) => (Kind::Client, name.clone()),
        other => panic!("{other:?} is no leaf's"),
    }
}

fn pair(certificate: &str, key: Secret) -> BTreeMap<Part, Secret> {
    let certificate = Secret::from(certificate.to_owned().into_bytes());
    [(Part::Certificate, certificate), (Part::Key, key)].into()
}

fn new_key() -> NewKey {
    NewKey::generate(KeyKind::EcdsaP256).unwrap()
}
