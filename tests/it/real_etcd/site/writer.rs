//! A client that writes one key after another, and remembers which of them were acknowledged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

/// A client on its machine: it finds the members by the file that it was given last.
#[derive(Debug, Clone)]
pub(in crate::real_etcd) struct Client {
    pub(in crate::real_etcd) etcdctl: PathBuf,
    /// Its folder there.
    pub(in crate::real_etcd) folder: PathBuf,
}

impl Client {
    /// Its folder.
    pub(in crate::real_etcd) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same client with the files of another folder.
    pub(in crate::real_etcd) fn at(&self, folder: &Path) -> Self {
        Self { etcdctl: self.etcdctl.clone(), folder: folder.to_owned() }
    }

    /// Tells whether members answer it.
    pub(in crate::real_etcd) fn is_let_in(&self) -> bool {
        self.ask().args(["get", "nothing"]).output().expect("etcdctl runs").status.success()
    }

    /// Those in its file, which may be half written right now.
    fn endpoints(&self) -> String {
        for _ in 0..100 {
            let env = fs::read_to_string(self.folder.join("etcdctl.env")).expect("a file");
            let mut whole = env.split_inclusive('\n').filter(|line| line.ends_with('\n'));
            let found = whole.find_map(|line| line.strip_prefix("ETCDCTL_ENDPOINTS="));
            if let Some(endpoints) = found {
                return endpoints.trim_end().to_owned();
            }
            sleep(Duration::from_millis(10));
        }
        panic!("a client has no endpoints");
    }

    /// etcdctl with this client's files.
    pub(in crate::real_etcd) fn ask(&self) -> Command {
        let endpoints = self.endpoints();
        let mut command = Command::new(&self.etcdctl);
        command.env_clear().env("ETCDCTL_API", "3");
        command.args(["--dial-timeout=2s", "--command-timeout=4s"]);
        command.arg("--endpoints").arg(endpoints);
        for (flag, file) in
            [("--cacert", "ca.crt"), ("--cert", "client.crt"), ("--key", "client.key")]
        {
            let file = self.folder.join(file);
            // Without TLS it has none.
            if file.exists() {
                command.arg(flag).arg(file);
            }
        }
        command
    }
}

/// A thread that writes until it is ended.
pub(in crate::real_etcd) struct Writer {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Vec<u32>>>,
}

impl Writer {
    pub(in crate::real_etcd) fn start(client: Client) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let (key, value) = (format!("written/{number}"), number.to_string());
                let output = client.ask().args(["put", &key, &value]).output();
                if output.expect("etcdctl runs").status.success() {
                    acknowledged.push(number);
                }
            }
            acknowledged
        });
        Self { stop, thread: Some(thread) }
    }

    /// Ends it, and returns the numbers of what was acknowledged.
    pub(in crate::real_etcd) fn end(mut self) -> Vec<u32> {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self.thread.take().expect("it runs");
        thread.join().expect("no panic")
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

/// Which numbers are there, by a client's word.
pub(in crate::real_etcd) fn there(client: &Client) -> Vec<u32> {
    let output = client.ask().args(["get", "written/", "--prefix", "--keys-only"]).output();
    let output = output.expect("etcdctl runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = |line: &str| line.strip_prefix("written/")?.parse().ok();
    text.lines().filter_map(number).collect()
}

/// The folder of a client on the one machine that clients have.
pub(in crate::real_etcd) fn folder(machines: &Path, certs_dir: &str) -> PathBuf {
    machines.join("HOST").join(certs_dir.trim_start_matches('/'))
}
