//! The edge: the other members, and their clocks.

#![expect(clippy::disallowed_methods, reason = "the edge that reads the certificates of a node")]

use crate::doctor::facts::{Peers, Seen};
use crate::doctor::read::clock::milliseconds;
use crate::install::{self, Answer, Bundle, credentials};
use bouquet_etcd::{Credentials, Deadline, Endpoint, peer};
use bouquet_model::{Cluster, Member};
use bouquet_outdir::inspect::read_linked;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// More than a certificate or key has, in bytes.
const LARGEST: u64 = 1 << 20;

/// How long a member has to tell its time.
const ANSWER: Duration = Duration::from_secs(2);

/// Asks the others with the certificate that this node has.
pub(super) fn ask(cluster: &Cluster, member: &Member, clock: fn() -> SystemTime) -> Seen<Peers> {
    let bundle = bundle(cluster)?;
    let credentials = cluster.tls.as_ref().map(|tls| credentials(tls, &bundle)).transpose();
    let credentials = credentials.map_err(|problem| problem.message)?;
    let others = install::others(cluster, member.name.as_str());
    let own = &member.initial_advertise_peer_urls;
    let answers = install::ask(others, own, credentials.as_ref());
    let answers = answers.map_err(|problem| problem.message)?;
    let clocks = clocks(&answers, credentials.as_ref(), clock);
    Ok(Peers { answers, clocks })
}

/// The certificates that are on this node.
fn bundle(cluster: &Cluster) -> Seen<Bundle> {
    let mut files = BTreeMap::new();
    let folder = cluster.tls.as_ref().map(|tls| PathBuf::from(tls.certs_dir.as_str()));
    let failed = |path: &Path, error: &io::Error| match error.kind() {
        io::ErrorKind::PermissionDenied => {
            format!("{} is for etcd and root alone: do this as root", path.display())
        }
        _ => format!("{} cannot be read: {error}", path.display()),
    };
    if let Some(folder) = &folder {
        let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
        for entry in entries.flatten() {
            let content = read_linked(&entry.path(), LARGEST)
                .map_err(|error| failed(&entry.path(), &error))?;
            files.insert(Path::new("certs").join(entry.file_name()), Secret::from(content));
        }
    }
    Ok(Bundle { from: folder.unwrap_or_default(), files })
}

/// The clocks of those that answer, less this node's, in milliseconds. One that does not tell is left out.
fn clocks(
    answers: &[Answer],
    credentials: Option<&Credentials>,
    clock: fn() -> SystemTime,
) -> Vec<(String, i64)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return Vec::new() };
    let heard = answers.iter().filter(|answer| answer.members.is_ok());
    let offset = |answer: &Answer| {
        let endpoint = Endpoint { url: &answer.url, credentials };
        let before = since_1970(clock());
        let told = runtime.block_on(peer::time(endpoint, Deadline::within(ANSWER))).ok()?;
        // It said so at some time in between.
        let here = before.midpoint(since_1970(clock()));
        Some((answer.name.clone(), milliseconds(&told)?.saturating_sub(here)))
    };
    heard.filter_map(offset).collect()
}

fn since_1970(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
