//! What certificates cost: issuing them, and finding that they can be kept.
//!
//! One thread: `taskset -c 0 cargo bench --bench pki`.

use bouquet_build::issuing::Issuing;
use bouquet_build::pki::{
    Context, Existing, ExistingCa, Inputs, Leaf, Pair, Pki, Place, Slot, Typed, certify,
};
use bouquet_model::certificate::{Kind, Subject, Wanted};
use bouquet_model::cluster::{KeyKind, Layout, Renew, Tls};
use bouquet_model::node_path::NodePath;
use bouquet_model::trust::Trust;
use bouquet_x509::Secret;
use core::time::Duration;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const NOW: i64 = 1_795_305_600;
const DAY: Duration = Duration::from_secs(86_400);
const CLIENTS: u32 = 1_000;

fn pki(c: &mut Criterion) {
    for key in KeyKind::ALL {
        let (tls, wanted) = (tls(*key), wanted(*key));
        let first = build(&tls, ExistingCa::none(1, "CA"), slots(&wanted));
        let mut group = c.benchmark_group(format!("{key}, {CLIENTS} clients"));
        group.sample_size(10).throughput(Throughput::Elements(CLIENTS.into()));
        group.bench_function("issue", |b| {
            b.iter(|| build(&tls, ExistingCa::none(1, "CA"), slots(&wanted)));
        });
        group.bench_function("keep", |b| {
            b.iter_batched(
                || existing(&first),
                |(ca, slots)| build(&tls, ca, slots),
                BatchSize::PerIteration,
            );
        });
        group.finish();
    }
}

fn build(tls: &Tls, ca: ExistingCa, slots: Vec<Slot>) -> Pki {
    let issuing = Issuing::default();
    let context = Context {
        tls,
        issuing: &issuing,
        now: NOW,
        locked: false,
        out: "out",
        typed: Typed { lock: "cluster.lock".as_ref(), out: "out".as_ref() },
    };
    certify(Inputs::first(context, slots, vec![ca])).expect("nothing stands in the way")
}

/// Nothing is there.
fn slots(wanted: &[Wanted]) -> Vec<Slot> {
    let slot = |wanted: &Wanted| Slot { wanted: wanted.clone(), existing: Existing::default() };
    wanted.iter().map(slot).collect()
}

fn existing(pki: &Pki) -> (ExistingCa, Vec<Slot>) {
    let key = pki.authorities[0].new_key.as_ref().map(|key| Secret::from(key.expose().to_vec()));
    let certificate = Some(pki.authorities[0].certificate.clone().into_bytes());
    let slot = |leaf: &Leaf| {
        let place = |path: &String| Place {
            path: path.clone(),
            pair: Pair {
                certificate: Some(leaf.certificate.clone().into_bytes()),
                key: Some(Secret::from(leaf.key.expose().to_vec())),
            },
        };
        let places = leaf.wanted.places.iter().map(place).collect();
        Slot { wanted: leaf.wanted.clone(), existing: Existing { places, ..Existing::default() } }
    };
    let slots = pki.leaves().into_iter().map(slot).collect();
    (ExistingCa { pair: Pair { certificate, key }, ..ExistingCa::none(1, "CA") }, slots)
}

fn tls(key: KeyKind) -> Tls {
    Tls {
        layout: Layout::Separate,
        certs_dir: NodePath::from_static("/opt/etcd/certs"),
        file_names: Vec::new().into(),
        key,
        valid_for: 365 * DAY,
        ca_valid_for: 3650 * DAY,
        renew_before: 121 * DAY,
        renew: Renew::NewKey,
        generation: 1,
        clients: Trust { issue: 1, trust: vec![1].into() },
        peers: Trust { issue: 1, trust: vec![1].into() },
        client_auth: true,
        crl: false,
        common_name: None,
        extra_sans: Vec::new().into(),
    }
}

fn wanted(key: KeyKind) -> Vec<Wanted> {
    let client = |i: u32| Wanted {
        kind: Kind::Client,
        owner: Some(format!("client-{i}")),
        subject: Subject::CommonName(format!("client-{i}")),
        sans: Vec::new(),
        key,
        valid_for: 365 * DAY,
        renew_before: 121 * DAY,
        issuer: 1,
        generation: 1,
        renew: Renew::NewKey,
        places: vec![format!("clients/client-{i}/client")],
    };
    (0..CLIENTS).map(client).collect()
}

criterion_group!(benches, pki);
criterion_main!(benches);
