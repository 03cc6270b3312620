//! A cluster of three members that are all well, and ways to have one of them be otherwise.

use crate::compiled::Compiled;
use crate::live::beside::Beside;
use crate::live::evidence::{Evidence, evidence};
use crate::live::judge::judge;
use crate::live::metrics::Metrics;
use crate::live::observed::{Doubt, Observed, Seen, Target};
use crate::live::report::{Report, Row};
use bouquet_etcd::messages::ResponseHeader;
use bouquet_etcd::messages::cluster::{Member as Listed, MemberListResponse};
use bouquet_etcd::messages::maintenance::{HashKvResponse, StatusResponse};
use bouquet_etcd::{Error, Reach};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::time::DAY;
use bouquet_model::version::EtcdVersion;
use bouquet_x509::ParsedCertificate;
use flowers::{CERTIFICATES, CLUSTER, ISSUED};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SerialNumber};
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;

#[path = "../../../tests/it/common/flowers.rs"]
#[expect(unreachable_pub, reason = "shared with the tests of the command line")]
pub(crate) mod flowers;

pub(crate) const PINK: u64 = 0x91bc_3c39_8fb3_c146;
pub(crate) const ORANGE: u64 = 0xfd42_2379_fda5_0e48;
pub(crate) const DAFFODIL: u64 = 0x8e9e_05c5_2164_694d;

/// The day on which it is looked: 300 days before certificates end.
pub(crate) const NOW: i64 = ISSUED + 65 * DAY;

/// A CA of the test's own.
pub(crate) struct Authority {
    /// Its certificate.
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
    facts: Certificate,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = params(name, 0, (0, 3650));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let der = params.self_signed(&key).unwrap();
        let facts = ParsedCertificate::parse(der.der()).unwrap().facts(Kind::Ca, None);
        Self { der: der.der().to_vec(), issuer: Issuer::new(params, key), facts }
    }

    /// Issues a certificate that is valid from one day to another, counted from the build.
    pub(crate) fn issue(&self, name: &str, serial: u64, days: (i64, i64)) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        let issued = params(name, serial, days).signed_by(&key, &self.issuer).unwrap();
        issued.der().to_vec()
    }
}

fn params(name: &str, serial: u64, (from, to): (i64, i64)) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(serial + 1));
    let at = |day: i64| OffsetDateTime::from_unix_timestamp(ISSUED + day * DAY).unwrap();
    (params.not_before, params.not_after) = (at(from), at(to));
    params
}

/// What is compiled, and what is seen.
pub(crate) struct Scene {
    pub(crate) cluster: Cluster,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) ca: Authority,
    pub(crate) observed: Observed,
    pub(crate) beside: Beside,
}

impl Scene {
    /// Returns a scene in which pink leads, and all is as compiled.
    pub(crate) fn healthy() -> Self {
        let ca = Authority::new("etcd-cluster-1 etcd CA");
        let mut certificates = vec![ca.facts.clone()];
        let seen = CLUSTER.members.iter().zip(1..).map(|(member, number)| {
            let name = member.name.to_string();
            let mut served = |kind: Kind, serial: u64| {
                let der = ca.issue(&name, serial, (0, 365));
                certificates.push(ParsedCertificate::parse(&der).unwrap().facts(kind, Some(&name)));
                Some(Ok(vec![der]))
            };
            let (client, peer) = (served(Kind::Server, number), served(Kind::Peer, number + 10));
            seen(member, client, peer)
        });
        let seen = seen.collect();
        let clients = CERTIFICATES.iter().filter(|certificate| certificate.kind == Kind::Client);
        certificates.extend(clients.cloned());
        let cas = vec![ca.der.clone()];
        let observed = Observed { now: NOW, deadline: Duration::from_secs(2), cas, seen };
        let beside = Beside::new("bouquet");
        Self { cluster: CLUSTER.clone(), certificates, ca, observed, beside }
    }

    pub(crate) fn member(&mut self, name: &str) -> &mut Seen {
        self.observed.seen.iter_mut().find(|seen| seen.target.name == name).expect("a member")
    }

    /// Makes a member answer at no port.
    pub(crate) fn gone(mut self, name: &str, reach: Reach) -> Self {
        let error = Error::Unreachable(reach);
        let seen = self.member(name);
        seen.status = Err(error.clone());
        seen.list = Err(error.clone());
        seen.metrics = Err(error.clone());
        seen.client_certificate = Some(Err(error.clone()));
        seen.peer_certificate = Some(Err(error));
        seen.clock = None;
        self
    }

    /// Returns what a member says of itself, to be changed.
    pub(crate) fn status(&mut self, name: &str) -> &mut StatusResponse {
        self.member(name).status.as_mut().expect("it answers")
    }

    pub(crate) fn every_status(&mut self, change: impl Fn(&mut StatusResponse)) {
        self.observed.seen.iter_mut().filter_map(|seen| seen.status.as_mut().ok()).for_each(change);
    }

    /// Changes the list of members as all have it who answer.
    pub(crate) fn lists(&mut self, change: impl Fn(&mut Vec<Listed>)) {
        for list in self.observed.seen.iter_mut().filter_map(|seen| seen.list.as_mut().ok()) {
            change(&mut list.members);
        }
    }

    /// Makes nobody know a leader.
    pub(crate) fn without_leader(mut self) -> Self {
        self.every_status(|status| status.leader = 0);
        self
    }

    /// Puts a member in doubt, with the hash of its keys.
    pub(crate) fn doubt(&mut self, name: &str, hash: Result<(u32, i64), Error>, is_certain: bool) {
        let hash = hash.map(|(hash, compact_revision)| HashKvResponse {
            hash,
            compact_revision,
            ..HashKvResponse::default()
        });
        self.member(name).doubt = Some(Doubt { hash, is_certain });
    }

    /// Adds a further member, which is not compiled.
    pub(crate) fn with_other(mut self, name: &str, id: u64, is_learner: bool) -> Self {
        let mut other = self.observed.seen[0].clone();
        let url = |port: u16| format!("https://192.168.65.109:{port}");
        other.target.name = name.to_owned();
        let status = other.status.as_mut().expect("it answers");
        status.header.as_mut().expect("a header").member_id = id;
        status.is_learner = is_learner;
        (other.client_certificate, other.peer_certificate) = (None, None);
        for seen in &mut self.observed.seen {
            seen.metrics.as_mut().expect("metrics").peers.insert(id, true);
        }
        let peers = [PINK, ORANGE, DAFFODIL].map(|peer| (peer, true)).into();
        other.metrics = Ok(Metrics { peers, quota: None, started: None });
        self.observed.seen.push(other);
        let entry = Listed {
            id,
            name: name.to_owned(),
            peer_urls: vec![url(2380)],
            client_urls: vec![url(2379)],
            is_learner,
        };
        self.lists(|members| members.push(entry.clone()));
        self
    }

    pub(crate) fn compiled_version(&mut self, version: &str) {
        self.cluster.version = EtcdVersion::parse(version).unwrap();
    }

    /// Makes all members tell of an alarm of this one, as etcd writes it.
    pub(crate) fn alarm(&mut self, alarm: &str, member_id: u64) {
        let text = format!("memberID:{member_id} alarm:{alarm} ");
        self.every_status(|status| status.errors.push(text.clone()));
    }

    pub(crate) fn report(&self) -> Report {
        let compiled = Compiled { cluster: &self.cluster, certificates: &self.certificates };
        judge(&compiled, &self.observed, &self.beside)
    }

    pub(crate) fn evidence(&self) -> Evidence {
        self.evidence_of(Some(self.cluster.version))
    }

    pub(crate) fn evidence_of(&self, version: Option<EtcdVersion>) -> Evidence {
        let compiled = Compiled { cluster: &self.cluster, certificates: &self.certificates };
        evidence(&compiled, version, &self.observed)
    }

    pub(crate) fn row(&self, name: &str) -> Row {
        let mut rows = self.report().rows.into_iter();
        rows.find(|row| row.name == name).expect("a row")
    }

    /// Returns the exit code, and the messages of all findings.
    pub(crate) fn told(&self) -> (u8, Vec<String>) {
        let report = self.report();
        let words = report.findings.iter();
        let words = words.map(|it| format!("{}: {}", it.severity.word(), it.message)).collect();
        (report.exit.code(), words)
    }

    /// Asserts that there is one finding, and that it has these words.
    pub(crate) fn tells(&self, code: u8, words: &str) {
        let (exit, told) = self.told();
        assert_eq!((exit, told.len()), (code, 1), "{told:#?}");
        assert!(told[0].contains(words), "{words}: {told:#?}");
    }
}

fn seen(
    member: &bouquet_model::Member,
    client_certificate: Option<Result<Vec<Vec<u8>>, Error>>,
    peer_certificate: Option<Result<Vec<Vec<u8>>, Error>>,
) -> Seen {
    let id = member.id.expect("an ID").0;
    let cluster_id = CLUSTER.id.expect("an ID").0;
    let header = ResponseHeader { cluster_id, member_id: id, revision: 1200, raft_term: 4 };
    let others = [PINK, ORANGE, DAFFODIL].into_iter().filter(|other| *other != id);
    let peers: BTreeMap<u64, bool> = others.map(|other| (other, true)).collect();
    let listed = |member: &bouquet_model::Member| Listed {
        id: member.id.expect("an ID").0,
        name: member.name.to_string(),
        peer_urls: member.initial_advertise_peer_urls.iter().map(ToString::to_string).collect(),
        client_urls: member.advertise_client_urls.iter().map(ToString::to_string).collect(),
        is_learner: false,
    };
    let status = StatusResponse {
        header: Some(header),
        version: "3.5.33".to_owned(),
        db_size: 1 << 30,
        leader: PINK,
        raft_index: 81_204,
        raft_term: 4,
        raft_applied_index: 81_204,
        ..StatusResponse::default()
    };
    Seen {
        target: Target {
            name: member.name.to_string(),
            client_urls: member.advertise_client_urls.to_vec(),
            peer_urls: member.initial_advertise_peer_urls.to_vec(),
        },
        status: Ok(status),
        took: Duration::from_millis(7),
        list: Ok(MemberListResponse {
            header: Some(header),
            members: CLUSTER.members.iter().map(listed).collect(),
        }),
        client_certificate,
        peer_certificate,
        metrics: Ok(Metrics { peers, quota: Some(2 << 30), started: None }),
        doubt: None,
        clock: Some(0),
    }
}
