//! A machine with files, of which a build knows.

#![expect(clippy::unwrap_used, reason = "a helper of a test panics as a test does")]

use super::flowers::{CERTIFICATES, CLUSTER, ISSUED};
use super::{DAY, World};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_operate::{Exit, Outcome};
use data_encoding::BASE64;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// A certificate that somebody issued on some day after the build's.
pub struct Issued {
    pub pem: String,
    pub fingerprint: [u8; 32],
}

pub fn issue(common_name: &str, day: i64, days: i64, ca: bool) -> Issued {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let at = |day: i64| OffsetDateTime::from_unix_timestamp(ISSUED - 300 + day * DAY).unwrap();
    (params.not_before, params.not_after) = (at(day), at(day + days));
    if ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let issued = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let body = BASE64.encode(issued.der());
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    Issued { pem, fingerprint: Sha256::digest(issued.der()).into() }
}

/// A machine of orange, and a build that knows its files, but for what a test lays over them.
pub struct Node {
    pub world: World,
    pub certificates: Vec<Certificate>,
}

pub const DIR: &str = "/opt/etcd/certs";

impl Node {
    pub fn orange() -> Self {
        let (mut world, mut certificates) = (World::new(), CERTIFICATES.to_vec());
        for certificate in &mut certificates {
            let file = match (certificate.kind, certificate.owner.as_deref()) {
                (Kind::Ca, _) => "ca",
                (Kind::Server, Some("orange")) => "server",
                (Kind::Peer, Some("orange")) => "peer",
                _ => continue,
            };
            let ca = certificate.kind == Kind::Ca;
            let issued = issue(&certificate.common_name, 0, 365, ca);
            certificate.fingerprint = issued.fingerprint;
            world = world.with_file(&format!("{DIR}/{file}.crt"), issued.pem.as_bytes());
        }
        Self { world: world.with_file("/opt/etcd/certs/server.key", b"secret"), certificates }
    }

    pub fn with(mut self, file: &str, content: impl AsRef<[u8]>) -> Self {
        self.world = self.world.with_file(&format!("{DIR}/{file}"), content.as_ref());
        self
    }

    pub fn ask(&self, line: &[&str]) -> Outcome {
        self.world.ask(&CLUSTER, &self.certificates, line)
    }

    /// The state and its text, and the exit code that goes with it.
    pub fn check(&self) -> (String, Exit) {
        let outcome = self.ask(&["certs", "--check", "--within", "30d", "--dir", DIR]);
        let line = outcome.stdout.lines().next().unwrap();
        (line.split(" | ").next().unwrap().to_owned(), outcome.exit)
    }

    pub fn says(&self, text: &str, exit: Exit) {
        let (line, code) = self.check();
        assert!(line.contains(text), "{line}");
        assert_eq!(code, exit, "{line}");
    }
}
