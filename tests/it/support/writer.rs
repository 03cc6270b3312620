//! Someone who never stops writing.

use bouquet_rig::PATIENCE;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

/// What became of the writes so far.
#[derive(Debug, Default, Clone)]
pub(crate) struct Record {
    pub(crate) writes: u32,
    /// How often one was tried again: a member that is told to end takes with it what it has not
    /// answered yet, and the leader what others passed on to it. No certificate changes that.
    pub(crate) retries: u32,
    /// What was said of those that failed, whatever was tried.
    pub(crate) failures: Vec<String>,
    /// The longest time from one acknowledged write to the next.
    pub(crate) longest_gap: Duration,
}

/// How many writes tell that it goes on: each is a connection of its own.
const MORE: usize = 20;

/// A thread that writes again and again, until this is dropped.
#[derive(Debug)]
pub(crate) struct Writer {
    stop: Arc<AtomicBool>,
    record: Arc<Mutex<Record>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts it, with what one write is and how often one that failed is tried again.
    pub(crate) fn start(
        put: impl Fn() -> Result<(), String> + Send + 'static,
        tries_again: u32,
    ) -> Self {
        let (stop, record) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let (stopped, shared): (_, Arc<Mutex<Record>>) = (Arc::clone(&stop), Arc::clone(&record));
        let thread = std::thread::spawn(move || {
            let mut last = Instant::now();
            while !stopped.load(Ordering::Relaxed) {
                let attempt = || put().err();
                let mut failure = attempt();
                let mut retries = 0;
                while failure.is_some() && retries < tries_again {
                    failure = attempt();
                    retries += 1;
                }
                let mut record = shared.lock().expect("no panic");
                record.writes += 1;
                record.retries += retries;
                if failure.is_none() {
                    record.longest_gap = record.longest_gap.max(last.elapsed());
                    last = Instant::now();
                }
                record.failures.extend(failure);
            }
        });
        Self { stop, record, thread: Some(thread) }
    }

    /// Waits until [`MORE`] writes have succeeded.
    ///
    /// # Panics
    /// If they do not, with what is said of those that fail.
    #[track_caller]
    pub(crate) fn goes_on(&self) {
        let succeeded = |record: &Record| record.writes as usize - record.failures.len();
        let (before, deadline) = (succeeded(&self.peek()), Instant::now() + PATIENCE);
        loop {
            let record = self.peek();
            if succeeded(&record) >= before + MORE {
                return;
            }
            assert!(Instant::now() < deadline, "nobody can write: {:?}", record.failures);
            sleep(Duration::from_millis(100));
        }
    }

    /// What was written since the last call of [`Self::take`].
    fn peek(&self) -> Record {
        self.record.lock().expect("no panic").clone()
    }

    /// What was written since the last call.
    pub(crate) fn take(&self) -> Record {
        std::mem::take(&mut *self.record.lock().expect("no panic"))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
