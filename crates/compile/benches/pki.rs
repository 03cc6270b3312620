//! What certificates cost: issuing them, and finding that they can be kept.
//!
//! One thread: `taskset -c 0 cargo bench --bench pki`.

use bouquet_compile::pki::{CaFound, Found, Leaf, Pki, Request, certify};
use bouquet_compile::secret::Secret;
use bouquet_model::certificate::{Kind, Wanted};
use bouquet_model::cluster::{KeyKind, Layout, Tls};
use core::time::Duration;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const NOW: i64 = 1_795_305_600;
const DAY: Duration = Duration::from_secs(86_400);
const CLIENTS: u32 = 1_000;

fn pki(c: &mut Criterion) {
    for key in KeyKind::ALL {
        let (tls, wanted) = (tls(*key), wanted(*key));
        let first = build(&tls, &wanted, CaFound::default(), Vec::new());
        let mut group = c.benchmark_group(format!("{key}, {CLIENTS} clients"));
        group.sample_size(10).throughput(Throughput::Elements(CLIENTS.into()));
        group.bench_function("issue", |b| {
            b.iter(|| build(&tls, &wanted, CaFound::default(), Vec::new()));
        });
        group.bench_function("keep", |b| {
            b.iter_batched(
                || found(&first),
                |(ca, found)| build(&tls, &wanted, ca, found),
                BatchSize::PerIteration,
            );
        });
        group.finish();
    }
}

fn build(tls: &Tls, wanted: &[Wanted], ca: CaFound, found: Vec<Vec<Found>>) -> Pki {
    let ca_common_name = "etcd-cluster-1 etcd CA 01234567";
    certify(Request { wanted, found, ca, ca_common_name, tls, now: NOW, out: "out" })
        .expect("a sound request")
}

fn found(pki: &Pki) -> (CaFound, Vec<Vec<Found>>) {
    let certificate = Some(pki.ca.certificate.clone().into_bytes());
    let key = pki.ca.minted.as_ref().map(|key| Secret::from(key.expose().to_vec()));
    let leaf = |leaf: &Leaf| Found {
        certificate: Some(leaf.certificate.clone().into_bytes()),
        key: Some(Secret::from(leaf.key.expose().to_vec())),
    };
    let found = pki.leaves.iter().map(|l| vec![leaf(l)]).collect();
    (CaFound { certificate, key, expected: true }, found)
}

fn tls(key: KeyKind) -> Tls {
    Tls {
        layout: Layout::Separate,
        certs_dir: "/opt/etcd/certs".into(),
        key,
        valid_for: 365 * DAY,
        ca_valid_for: 3650 * DAY,
        renew_before: 121 * DAY,
        common_name: None,
        extra_sans: Vec::new().into(),
    }
}

fn wanted(key: KeyKind) -> Vec<Wanted> {
    let client = |i: u32| Wanted {
        kind: Kind::Client,
        owner: Some(format!("client-{i}")),
        common_name: format!("client-{i}"),
        sans: Vec::new(),
        key,
        valid_for: 365 * DAY,
        renew_before: 121 * DAY,
        places: vec![format!("clients/client-{i}/client")],
    };
    (0..CLIENTS).map(client).collect()
}

criterion_group!(benches, pki);
criterion_main!(benches);
