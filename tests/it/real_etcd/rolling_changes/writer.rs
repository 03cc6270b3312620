//! Someone who never stops writing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What became of the writes so far.
#[derive(Debug, Default, Clone)]
pub(super) struct Record {
    pub(super) writes: u32,
    /// How often one was tried again: a member that is told to end takes with it what it has not
    /// answered yet, and the leader what others passed on to it. No certificate changes that.
    pub(super) retries: u32,
    /// What etcdctl said of those that failed, whatever was tried.
    pub(super) failures: Vec<String>,
    /// The longest time from one acknowledged write to the next.
    pub(super) longest_gap: Duration,
}

/// As a program would that wants its write done.
const RETRIES: u32 = 2;

/// A thread that runs etcdctl again and again, with the files of one client, until this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    stop: Arc<AtomicBool>,
    record: Arc<Mutex<Record>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(etcdctl: PathBuf, endpoints: String, client: PathBuf) -> Self {
        let (stop, record) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let (stopped, shared): (_, Arc<Mutex<Record>>) = (Arc::clone(&stop), Arc::clone(&record));
        let thread = std::thread::spawn(move || {
            let mut last = Instant::now();
            while !stopped.load(Ordering::Relaxed) {
                let attempt = || put(&etcdctl, &endpoints, &client).err();
                let mut failure = attempt();
                let mut retries = 0;
                while failure.is_some() && retries < RETRIES {
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

    /// What was written since the last call.
    pub(super) fn take(&self) -> Record {
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

/// etcdctl with the files of a client.
pub(super) fn etcdctl(program: &Path, endpoints: &str, client: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("ETCDCTL_API", "3")
        .env("ETCDCTL_ENDPOINTS", endpoints)
        .env("ETCDCTL_CACERT", client.join("ca.crt"))
        .env("ETCDCTL_CERT", client.join("client.crt"))
        .env("ETCDCTL_KEY", client.join("client.key"))
        .stdin(Stdio::null());
    command
}

/// One write.
pub(super) fn put(program: &Path, endpoints: &str, client: &Path) -> Result<(), String> {
    let mut command = etcdctl(program, endpoints, client);
    let output = command
        .args(["--command-timeout=2s", "put", "bouquet", "of-flowers"])
        .output()
        .expect("etcdctl runs");
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
