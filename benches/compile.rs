//! The compile step: whole and by stage, for three members and a growing number of clients.
//!
//! `cargo bench --bench compile`. What other tools take for the same job is measured by
//! `cargo xtask bench-peers`, and both are in docs/performance.md.

#![expect(clippy::disallowed_methods, reason = "a benchmark is an edge: it has a clock and files")]

use bouquet_build::issuing::Issuing;
use bouquet_build::pki::{Context, Existing, ExistingCa, Inputs, Pki, Slot, Typed, certify};
use bouquet_build::{Asked, Job, build};
use bouquet_build::{constants, prove, render};
use bouquet_model::Cluster;
use bouquet_model::certificate::wanted;
use bouquet_outdir::{Hold, Out};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const CLIENTS: [usize; 4] = [3, 100, 1_000, 10_000];

/// 2026-01-01, in seconds since 1970.
const NOW: i64 = 1_767_225_600;

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for clients in CLIENTS {
        group.bench_function(BenchmarkId::new("new", clients), |bencher| {
            bencher.iter_batched(
                || folder(clients),
                |folder| {
                    compile(folder.path());
                    folder
                },
                BatchSize::PerIteration,
            );
        });
        let done = folder(clients);
        compile(done.path());
        group.bench_function(BenchmarkId::new("unchanged", clients), |bencher| {
            bencher.iter(|| compile(done.path()));
        });
    }
}

fn stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stage");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    for clients in CLIENTS {
        let spec = spec(clients);
        let cluster = prove(spec.as_bytes()).0.expect("the spec is a cluster").cluster;
        group.bench_function(BenchmarkId::new("parse and prove", clients), |bencher| {
            bencher.iter(|| prove(black_box(spec.as_bytes())));
        });
        group.bench_function(BenchmarkId::new("issue", clients), |bencher| {
            bencher.iter(|| issue(&cluster));
        });
        let pki = issue(&cluster);
        let (facts, pem) = (pki.facts(), pki.bundle(&[1]));
        group.bench_function(BenchmarkId::new("constants", clients), |bencher| {
            bencher.iter(|| constants::module(&cluster, &facts, Some(&pem)));
        });
        let text = constants::module(&cluster, &facts, Some(&pem));
        group.bench_function(BenchmarkId::new("render", clients), |bencher| {
            let pki = || issue(&cluster);
            let render = |pki| render::render(&cluster, Some(pki), &text);
            bencher.iter_batched(pki, render, BatchSize::PerIteration);
        });
        group.bench_function(BenchmarkId::new("commit", clients), |bencher| {
            let ready = || {
                let folder = tempfile::tempdir().expect("a temporary folder");
                (folder, render::render(&cluster, Some(issue(&cluster)), &text))
            };
            let commit = |(folder, output): (TempDir, _)| {
                let hold = Hold::take(folder.path(), |_| ()).expect("it is locked");
                let out = Out::open(&folder.path().join("out"), &[], hold).expect("out/ opens");
                out.commit(&output, SystemTime::now()).expect("out/ is written");
                folder
            };
            bencher.iter_batched(ready, commit, BatchSize::PerIteration);
        });
    }
}

fn issue(cluster: &Cluster) -> Pki {
    let slot = |wanted| Slot { wanted, existing: Existing::default() };
    let issuing = Issuing::default();
    let context = Context {
        tls: cluster.tls.as_ref().expect("TLS is on"),
        issuing: &issuing,
        now: NOW,
        locked: false,
        out: "out",
        typed: Typed { lock: "cluster.lock".as_ref(), out: "out".as_ref() },
    };
    let slots = wanted(cluster).into_iter().map(slot).collect();
    let ca = ExistingCa::none(1, "benchmark CA");
    certify(Inputs::first(context, slots, vec![ca])).expect("nothing stands in the way")
}

fn compile(folder: &Path) {
    let built = build(Job {
        spec: &folder.join("cluster.toml"),
        out: &folder.join("out"),
        constants: &folder.join("cluster.rs"),
        program: Cluster::PROGRAM,
        started: SystemTime::now(),
        asked: Asked::default(),
    });
    assert!(built.report.is_some(), "{:?}", built.found);
}

fn folder(clients: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("cluster.toml"), spec(clients)).expect("the spec is written");
    folder
}

fn spec(clients: usize) -> String {
    let mut spec = String::from("[cluster]\ntoken = \"benchmark\"\netcd = \"3.5\"\n");
    for (name, ip) in [("orange", 101), ("pink", 102), ("daffodil", 103)] {
        let _ = write!(
            spec,
            "[[member]]\nname = \"{name}\"\nip = \"192.168.65.{ip}\"\nhostname = \"{name}.zyxasr.io\"\n"
        );
    }
    for client in 0..clients {
        let _ = write!(spec, "[[client]]\nname = \"client-{client:05}\"\n");
    }
    spec
}

criterion_group!(benches, whole, stages);
criterion_main!(benches);
