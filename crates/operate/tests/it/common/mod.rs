//! A cluster as the compiler writes it, and ways to ask it something.

#![allow(missing_docs, unreachable_pub, reason = "a module of tests")]

pub mod checked;
pub mod flowers;
pub mod node;
pub mod recorded;

use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;
use bouquet_model::url::Scheme;
use bouquet_operate::{Environment, Outcome, Status, run};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

pub const DAY: i64 = 86_400;

/// 2026-08-01, a day after the certificates were issued.
pub const NOW: i64 = flowers::ISSUED + DAY;

/// A stand-in for the CA's certificate: nothing here looks into it.
pub const CA_PEM: &[u8] =
    b"-----BEGIN CERTIFICATE-----\ndGhlIENBIG9mIHRoZSBmbG93ZXJz\n-----END CERTIFICATE-----\n";

/// One of another cluster.
pub const OTHER_CA_PEM: &[u8] =
    b"-----BEGIN CERTIFICATE-----\ndGhlIENBIG9mIG90aGVycw==\n-----END CERTIFICATE-----\n";

/// A world that a test makes up.
pub struct World {
    pub now: i64,
    pub variables: BTreeMap<&'static str, OsString>,
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Files that may not be read.
    pub denied: BTreeSet<PathBuf>,
    /// The owner, group and mode of a file or folder; else it is a user's own, and nobody else's.
    pub status: BTreeMap<PathBuf, (u32, u32, u32)>,
    pub executable: Option<PathBuf>,
    /// What git has of `cluster.lock`, by revision.
    pub commits: BTreeMap<&'static str, Vec<u8>>,
    /// The first word of a command line.
    pub called: &'static str,
}

impl World {
    pub fn new() -> Self {
        Self {
            now: NOW,
            variables: BTreeMap::new(),
            files: BTreeMap::new(),
            denied: BTreeSet::new(),
            status: BTreeMap::new(),
            executable: None,
            commits: BTreeMap::new(),
            called: "bouquet",
        }
    }

    /// One in which the build has written `out/` beside.
    pub fn built() -> Self {
        Self::new().with_out("/home/me/flowers/out")
    }

    pub fn with_out(self, out: &str) -> Self {
        self.with_file(
            &format!("{out}/manifest"),
            format!("# {}\n", bouquet_model::artifact::GENERATED).as_bytes(),
        )
        .with_file(&format!("{out}/pki/ca.crt"), CA_PEM)
        .with_client(&format!("{out}/clients/root"))
        .with_client(&format!("{out}/clients/kube-apiserver"))
    }

    pub fn with_client(self, folder: &str) -> Self {
        self.with_file(&format!("{folder}/ca.crt"), CA_PEM)
            .with_file(&format!("{folder}/client.crt"), b"")
    }

    pub fn at(now: i64) -> Self {
        Self { now, ..Self::new() }
    }

    pub fn with_file(mut self, path: &str, content: &[u8]) -> Self {
        self.files.insert(path.into(), content.into());
        self
    }

    pub fn with_status(mut self, path: &str, uid: u32, gid: u32, mode: u32) -> Self {
        self.status.insert(path.into(), (uid, gid, mode));
        self
    }

    pub fn denying(mut self, path: &str) -> Self {
        self.denied.insert(path.into());
        self
    }

    pub fn with_variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    pub fn called(self, called: &'static str) -> Self {
        Self { called, ..self }
    }

    pub fn with_executable(mut self, path: &str) -> Self {
        self.executable = Some(path.into());
        self
    }

    /// Asks a cluster, from `/home/me/flowers`.
    pub fn ask(&self, cluster: &Cluster, certificates: &[Certificate], line: &[&str]) -> Outcome {
        let read = |path: &Path| {
            if self.denied.contains(path) {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        let list = |folder: &Path| {
            if self.denied.contains(folder) {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            let below = self.files.keys().filter(|path| path.parent() == Some(folder));
            let below: Vec<PathBuf> = below.cloned().collect();
            if below.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(below) }
        };
        let stat = |path: &Path| {
            let is_folder = self.files.keys().any(|file| file.parent() == Some(path));
            if !is_folder && !self.files.contains_key(path) {
                return Err(io::ErrorKind::NotFound.into());
            }
            let usual = (1000, 1000, if is_folder { 0o700 } else { 0o600 });
            let (uid, gid, mode) = self.status.get(path).copied().unwrap_or(usual);
            Ok(Status { is_folder, uid, gid, mode })
        };
        // In a world that is made up there are no links.
        let without_links = |path: &Path| {
            let mut there = PathBuf::new();
            for part in path.components() {
                match part {
                    Component::ParentDir => drop(there.pop()),
                    part => there.push(part),
                }
            }
            let is_there = self.files.keys().any(|file| file.starts_with(&there));
            if is_there { Ok(there) } else { Err(io::ErrorKind::NotFound.into()) }
        };
        let committed = |folder: &Path, revision: &str| {
            assert_eq!(folder, Path::new("/home/me/flowers"));
            let unknown = || io::Error::other(format!("fatal: invalid object name '{revision}'"));
            self.commits.get(revision).cloned().ok_or_else(unknown)
        };
        let environment = Environment {
            now: self.now,
            current_dir: "/home/me/flowers".into(),
            executable: self.executable.clone(),
            variable: &|name| self.variables.get(name).cloned(),
            read: &read,
            list: &list,
            stat: &stat,
            real: &without_links,
            committed: &committed,
        };
        let words = std::iter::once(self.called).chain(line.iter().copied());
        let mut outcome = run(cluster, certificates, words.map(OsString::from), &environment);
        outcome.stdout = plain(&outcome.stdout);
        outcome.stderr = plain(&outcome.stderr);
        outcome
    }

    /// Asks the cluster of flowers.
    pub fn flowers(&self, line: &[&str]) -> Outcome {
        self.ask(&flowers::CLUSTER, flowers::CERTIFICATES, line)
    }
}

/// The flowers without TLS.
pub fn plain_cluster() -> Cluster {
    let mut cluster = Cluster { tls: None, ..flowers::CLUSTER.clone() };
    for member in cluster.members.to_mut() {
        for urls in [
            &mut member.initial_advertise_peer_urls,
            &mut member.listen_peer_urls,
            &mut member.advertise_client_urls,
            &mut member.listen_client_urls,
        ] {
            urls.to_mut().iter_mut().for_each(|url| url.scheme = Scheme::Http);
        }
    }
    cluster
}

/// Without colours.
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
