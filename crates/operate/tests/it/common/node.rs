//! A machine with files, of which a build knows.

use super::flowers::{CERTIFICATES, CLUSTER, ISSUED};
use super::{DAY, World};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::trust::Trust;
use bouquet_operate::{Exit, Outcome};
use data_encoding::BASE64;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer,
    KeyIdMethod, KeyPair, SerialNumber,
};
use std::path::Path;
use time::OffsetDateTime;

/// A certificate that someone issued on some day after the build's.
pub struct Issued {
    pub pem: String,
    pub key: String,
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
    let key = KeyPair::generate().unwrap();
    let issued = params.self_signed(&key).unwrap();
    let (pem, key) = (pem("CERTIFICATE", issued.der()), pem("PRIVATE KEY", &key.serialize_der()));
    Issued { pem, key, fingerprint: bouquet_x509::fingerprint(issued.der()) }
}

/// A list of revoked certificates, in DER; nobody looks who signed it.
pub fn list() -> Vec<u8> {
    let at = |day: i64| OffsetDateTime::from_unix_timestamp(ISSUED + day * DAY).unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let list = CertificateRevocationListParams {
        this_update: at(0),
        next_update: at(30),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let issuer = Issuer::new(params, KeyPair::generate().unwrap());
    list.signed_by(&issuer).unwrap().der().to_vec()
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64.encode(der))
}

/// A machine of orange, and a build that knows its files, but for what a test lays over them.
pub struct Node {
    pub world: World,
    pub cluster: Cluster,
    pub certificates: Vec<Certificate>,
}

pub const DIR: &str = "/opt/etcd/certs";

pub const UNIT: &str = "/etc/systemd/system/etcd.service";

impl Node {
    /// Orange as the guide installs it: with its unit, all of whose files are etcd's.
    pub fn installed() -> Self {
        let mut node = Self::orange();
        let unit = node.ask(&["command", "orange", "-o", "systemd"]).stdout;
        let passwd = "root:x:0:0::/root:/bin/sh\netcd:x:998:997::/nonexistent:/sbin/nologin\n";
        node.world = node.world.with_file("/etc/passwd", passwd.as_bytes());
        node.world = node.world.with_file("/etc/group", b"etcd:x:997:\nssl-cert:x:110:etcd\n");
        let files: Vec<_> = node.world.files.keys().filter(|path| path.starts_with(DIR)).collect();
        let files: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        for file in files {
            node = node.with_status(&file, 998, 997, 0o600);
        }
        node.with_status(DIR, 998, 997, 0o700).with_unit(&unit)
    }

    /// Its unit, with other text.
    pub fn with_unit(mut self, text: &str) -> Self {
        self.world = self.world.with_file(UNIT, text.as_bytes());
        self
    }

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
            if !ca {
                world = world.with_file(&format!("{DIR}/{file}.key"), issued.key.as_bytes());
            }
        }
        Self { world, cluster: CLUSTER.clone(), certificates }
    }

    /// As it is where members trust a second CA among each other, and no other there.
    pub fn with_peer_trust(mut self) -> Self {
        let tls = self.cluster.tls.as_mut().unwrap();
        tls.peers = Trust { issue: 2, trust: vec![2].into() };
        let issued = issue("the CA of peers", 0, 3_650, true);
        let (fingerprint, common_name) = (issued.fingerprint, "the CA of peers".into());
        let ca = Certificate { fingerprint, common_name, ..CERTIFICATES[0].clone() };
        self.certificates.insert(1, ca);
        self.with("peer-ca.crt", issued.pem)
    }

    pub fn without(mut self, file: &str) -> Self {
        self.world.files.remove(Path::new(&format!("{DIR}/{file}"))).unwrap();
        self
    }

    /// What a file of the machine holds.
    pub fn file(&self, file: &str) -> Vec<u8> {
        self.world.files[Path::new(&format!("{DIR}/{file}"))].clone()
    }

    pub fn with(mut self, file: &str, content: impl AsRef<[u8]>) -> Self {
        self.world = self.world.with_file(&format!("{DIR}/{file}"), content.as_ref());
        self
    }

    /// The owner, group and mode of a file or folder.
    pub fn with_status(mut self, path: &str, uid: u32, gid: u32, mode: u32) -> Self {
        self.world = self.world.with_status(path, uid, gid, mode);
        self
    }

    /// A certificate and its key.
    pub fn with_pair(self, file: &str, pair: &Issued) -> Self {
        self.with(&format!("{file}.crt"), &pair.pem).with(&format!("{file}.key"), &pair.key)
    }

    /// As it is where a certificate and its key have other names.
    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        for ending in ["crt", "key"] {
            let content = self.file(&format!("{from}.{ending}"));
            self =
                self.without(&format!("{from}.{ending}")).with(&format!("{to}.{ending}"), content);
        }
        self
    }

    pub fn ask(&self, line: &[&str]) -> Outcome {
        self.world.ask(&self.cluster, &self.certificates, line)
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
