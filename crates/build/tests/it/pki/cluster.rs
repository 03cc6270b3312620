//! Wanted certificates and requests to test with.

use bouquet_build::issuing::Issuing;
use bouquet_build::pki::{
    self, Context, Existing, ExistingCa, ExistingRequest, Inputs, Leaf, Pki, Place, Slot, Typed,
    certify,
};
use bouquet_lock::{Issued, Lock};
use bouquet_model::certificate::{Kind, Subject, Wanted};
use bouquet_model::cluster::{KeyKind, Layout, Renew, San, Tls};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use bouquet_model::trust::Trust;
use bouquet_x509::Secret;
use core::time::Duration;
use std::sync::LazyLock;

/// 2026-11-22.
pub(crate) const NOW: i64 = 1_795_305_600;
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// A duration of that many days.
pub(crate) const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 86_400)
}

/// The design's defaults.
pub(crate) fn tls(key: KeyKind) -> Tls {
    Tls {
        layout: Layout::Separate,
        certs_dir: NodePath::from_static("/opt/etcd/certs"),
        file_names: Vec::new().into(),
        key,
        valid_for: days(365),
        ca_valid_for: days(3650),
        renew_before: days(121),
        renew: Renew::NewKey,
        generation: 1,
        clients: only(1),
        peers: only(1),
        client_auth: true,
        crl: false,
        common_name: None,
        extra_sans: Vec::new().into(),
    }
}

/// One CA that issues and is trusted.
pub(crate) fn only(number: u32) -> Trust {
    Trust { issue: number, trust: vec![number].into() }
}

/// The first CA, made by the build.
pub(crate) fn ca(certificate: Option<Vec<u8>>, key: Option<Vec<u8>>, expected: bool) -> ExistingCa {
    let none = ExistingCa::none(1, "etcd-cluster-1 etcd CA 01234567");
    ExistingCa { pair: files(&(certificate, key)), expected, ..none }
}

/// A first build, of which nothing is there.
pub(crate) fn inputs<'a>(wanted: &[Wanted], tls: &'a Tls, now: i64) -> Inputs<'a> {
    let typed = Typed { lock: "cluster.lock".as_ref(), out: "out".as_ref() };
    let context = Context { tls, issuing: &ISSUING, now, locked: false, out: "out", typed };
    Inputs::first(context, slots(wanted, &[]), vec![ExistingCa::none(1, "x")])
}

/// What is wanted, with the pairs of each one's places.
pub(crate) fn slots(wanted: &[Wanted], pairs: &[Vec<Pair>]) -> Vec<Slot> {
    let slot = |(i, wanted): (usize, &Wanted)| {
        let pairs = pairs.get(i).map(Vec::as_slice).unwrap_or_default();
        let places = wanted.places.iter().zip(pairs);
        let places = places.map(|(path, pair)| Place { path: path.clone(), pair: files(pair) });
        let request = ExistingRequest::default();
        Slot { wanted: wanted.clone(), existing: Existing { places: places.collect(), request } }
    };
    wanted.iter().enumerate().map(slot).collect()
}

/// Files as a build reads them.
pub(crate) fn files((certificate, key): &Pair) -> pki::Pair {
    pki::Pair { certificate: certificate.clone(), key: key.clone().map(Secret::from) }
}

/// Nothing beyond the defaults.
static ISSUING: LazyLock<Issuing> = LazyLock::new(Issuing::default);

/// A DNS name.
pub(crate) fn dns(name: &'static str) -> San {
    San::Dns(name.into())
}

/// An address.
pub(crate) fn ip(ip: &str) -> San {
    San::Ip(ip.parse().expect("an address"))
}

/// What three members and two clients need.
pub(crate) fn wanted(layout: Layout, key: KeyKind) -> Vec<Wanted> {
    let members = ["camellia", "orange", "pink"];
    let file = |member: &str, file: &str| format!("members/{member}/certs/{file}");
    let sans = |member: &str| {
        let number = member.len();
        let mut sans = vec![dns("localhost"), ip("127.0.0.1"), ip("::1")];
        sans.push(San::Dns(format!("{member}.zyxasr.io").into()));
        sans.push(ip(&format!("192.168.65.{number}")));
        sans.push(ip(&format!("fd00::{number}")));
        sans
    };
    let one = |kind, owner: Option<&str>, name: &str, sans, places| Wanted {
        kind,
        owner: owner.map(str::to_owned),
        subject: Subject::CommonName(name.to_owned()),
        sans,
        key,
        valid_for: days(365),
        renew_before: days(121),
        issuer: 1,
        generation: 1,
        renew: Renew::NewKey,
        places,
    };
    let of = |kind, member: &str, name: &str| {
        one(kind, Some(member), member, sans(member), vec![file(member, name)])
    };
    let mut all: Vec<Wanted> = match layout {
        Layout::Separate => members
            .iter()
            .flat_map(|m| [of(Kind::Server, m, "server"), of(Kind::Peer, m, "peer")])
            .collect(),
        Layout::Combined => members.iter().map(|m| of(Kind::ServerAndPeer, m, "server")).collect(),
        Layout::Shared => {
            let mut names: Vec<San> = members.iter().flat_map(|m| sans(m)).collect();
            names.sort();
            names.dedup();
            let places = members.iter().map(|m| file(m, "server")).collect();
            vec![one(Kind::ServerAndPeer, None, "*.zyxasr.io", names, places)]
        }
    };
    for name in ["root", "kube-apiserver"] {
        let place = vec![format!("clients/{name}/client")];
        all.push(one(Kind::Client, Some(name), name, Vec::new(), place));
    }
    all
}

/// `out/` as a build would find it: the CA, and the pairs of each wanted certificate's places.
#[derive(Default, Clone)]
pub(crate) struct Out {
    pub(crate) ca_certificate: Option<Vec<u8>>,
    pub(crate) ca_key: Option<Vec<u8>>,
    pub(crate) pairs: Vec<Vec<Pair>>,
    pub(crate) issued: Issued,
}

/// A certificate and a key, as files.
pub(crate) type Pair = (Option<Vec<u8>>, Option<Vec<u8>>);

impl Out {
    /// A build at that time.
    pub(crate) fn build(
        &self,
        wanted: &[Wanted],
        key: KeyKind,
        now: i64,
    ) -> Result<Pki, Vec<Diagnostic>> {
        let tls = tls(key);
        certify(Inputs {
            authorities: vec![ca(self.ca_certificate.clone(), self.ca_key.clone(), false)],
            slots: slots(wanted, &self.pairs),
            lock: Lock { issued: self.issued.clone(), ..Lock::default() },
            lock_is_newer: false,
            ..inputs(wanted, &tls, now)
        })
    }

    /// Takes over what a build made.
    pub(crate) fn write(&mut self, wanted: &[Wanted], pki: &Pki) {
        let ca = &pki.authorities[0];
        self.ca_certificate = Some(ca.certificate.clone().into_bytes());
        if let Some(key) = &ca.new_key {
            self.ca_key = Some(key.expose().to_vec());
        }
        self.issued = pki.issued.clone();
        self.pairs.resize_with(wanted.len(), Vec::new);
        for (pairs, leaf) in self.pairs.iter_mut().zip(pki.leaves()) {
            pairs.resize_with(leaf.wanted.places.len(), Default::default);
            for (there, place) in pairs.iter_mut().zip(&leaf.wanted.places) {
                if leaf.stale.contains(place) {
                    *there = pair(leaf);
                }
            }
        }
    }

    /// A first build at [`NOW`].
    pub(crate) fn first(wanted: &[Wanted], key: KeyKind) -> (Self, Pki) {
        let mut out = Self::default();
        let pki = out.build(wanted, key, NOW).expect("a first build");
        out.write(wanted, &pki);
        (out, pki)
    }
}

/// The files of a leaf.
pub(crate) fn pair(leaf: &Leaf) -> Pair {
    (Some(leaf.certificate.clone().into_bytes()), Some(leaf.key.expose().to_vec()))
}
