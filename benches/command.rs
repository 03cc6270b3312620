//! The compiled binary as a process: `bouquet command orange`.

use criterion::{Criterion, criterion_group, criterion_main};
use std::process::{Command, Stdio};

fn command(criterion: &mut Criterion) {
    criterion.bench_function("bouquet command orange", |bencher| {
        bencher.iter(|| {
            let mut bouquet = Command::new(env!("CARGO_BIN_EXE_bouquet"));
            let status = bouquet.args(["command", "orange"]).stdout(Stdio::null()).status();
            assert!(status.is_ok_and(|status| status.success()));
        });
    });
}

criterion_group!(benches, command);
criterion_main!(benches);
