//! Someone who writes, and knows what was acknowledged.

use super::super::super::journey::{Journey, ROOT};
use crate::support::writer::{Record, Writer};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How many numbers were written, by whomever.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A writer of one number after the other.
pub(in super::super) struct Load {
    writer: Writer,
    acknowledged: Arc<Mutex<BTreeSet<usize>>>,
}

impl Load {
    /// Starts it on all members, and tries nothing again.
    pub(in super::super) fn begin(journey: &Journey) -> Self {
        Self::by(journey, ROOT)
    }

    /// The same by the files of a client in that folder.
    pub(in super::super) fn by(journey: &Journey, client: &str) -> Self {
        let put = journey.puts("2s", client);
        let acknowledged = Arc::<Mutex<BTreeSet<usize>>>::default();
        let known = Arc::clone(&acknowledged);
        let put = move || {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            put(number)?;
            known.lock().expect("no panic").insert(number);
            Ok(())
        };
        let load = Self { writer: Writer::start(put, 0), acknowledged };
        load.writer.goes_on();
        load
    }

    /// It still writes.
    #[track_caller]
    pub(super) fn goes_on(&self) {
        self.writer.goes_on();
    }

    /// It writes no more; what was acknowledged.
    pub(super) fn ends(self) -> BTreeSet<usize> {
        drop(self.writer);
        self.acknowledged.lock().expect("no panic").clone()
    }

    /// It still writes, all that was acknowledged is there, and none had to wait for longer than that. What was measured
    /// since the last time is printed.
    #[track_caller]
    pub(in super::super) fn is_whole(&self, journey: &Journey, what: &str, longest: Duration) {
        self.writer.goes_on();
        let Record { writes, failures, longest_gap, .. } = self.writer.take();
        let acknowledged = self.acknowledged.lock().expect("no panic").clone();
        let there = there(journey);
        let lost: Vec<&usize> = acknowledged.difference(&there).collect();
        println!(
            "{what}: {writes} writes, {} failed, {} lost, longest gap {} ms",
            failures.len(),
            lost.len(),
            longest_gap.as_millis()
        );
        assert!(lost.is_empty(), "{what}: {lost:?} of {}", acknowledged.len());
        assert!(longest_gap < longest, "{what}: {failures:?}");
    }
}

/// The numbers that are there.
#[track_caller]
pub(super) fn there(journey: &Journey) -> BTreeSet<usize> {
    there_on(journey, "orange")
}

/// The numbers that a member has.
#[track_caller]
pub(super) fn there_on(journey: &Journey, member: &str) -> BTreeSet<usize> {
    let said = journey.etcdctl(&[member], "get written/ --prefix --keys-only");
    assert!(said.ok, "{}", said.stderr);
    let number = |line: &str| line.strip_prefix("written/")?.parse().ok();
    said.stdout.lines().filter_map(number).collect()
}
