//! Ways to ask members of a cluster that a build has made, by the client and by etcdctl.

use crate::support::build::Output;
use crate::support::live::Live;
use bouquet_etcd::messages::kv::{PutRequest, RangeRequest};
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint, Error};
use bouquet_model::url::Url;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// Ten times what an answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks the members of a cluster.
pub(super) struct Asked {
    runtime: Runtime,
    pub(super) urls: Vec<Url>,
    /// Those of the client root; none without TLS.
    pub(super) root: Option<Credentials>,
}

impl Asked {
    pub(super) fn of(output: &Output) -> Self {
        let urls = output.cluster.endpoints().into_iter().cloned().collect();
        let root = output.cluster.tls.as_ref();
        let root = root.map(|_| credentials(&output.path("clients/root"), "client"));
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { runtime, urls, root }
    }

    /// Asks for something, by whatever way.
    pub(super) fn run<T>(&self, asking: impl AsyncFnOnce(Deadline) -> T) -> T {
        self.within(PATIENCE, asking)
    }

    /// The same within some time.
    pub(super) fn within<T>(&self, time: Duration, asking: impl AsyncFnOnce(Deadline) -> T) -> T {
        self.runtime.block_on(async { asking(Deadline::within(time)).await })
    }

    /// Asks a member, by its place in the spec.
    pub(super) fn with<T>(
        &self,
        member: usize,
        asking: impl AsyncFnOnce(&mut Client, Deadline) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.at(&self.urls[member], self.root.as_ref(), asking)
    }

    /// Asks who is at a URL.
    pub(super) fn at<T>(
        &self,
        url: &Url,
        credentials: Option<&Credentials>,
        asking: impl AsyncFnOnce(&mut Client, Deadline) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.run(async |deadline| {
            let endpoint = Endpoint { url, credentials };
            asking(&mut Client::connect(endpoint, deadline).await?, deadline).await
        })
    }

    /// Asks the first member whether it lets someone in.
    pub(super) fn lets_in(&self, credentials: Option<&Credentials>) -> Result<(), Error> {
        let asking = async |client: &mut Client, deadline| client.status(deadline).await;
        self.at(&self.urls[0], credentials, asking).map(drop)
    }

    /// Writes a key through the first member.
    pub(super) fn put(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        self.with(0, async |client: &mut Client, deadline| put(client, key, value, deadline).await)
    }
}

/// Credentials from the files of a folder.
pub(super) fn credentials(folder: &Path, name: &str) -> Credentials {
    let read = |file: &str| fs::read(folder.join(file)).expect(file);
    let (chain, key) = (read(&format!("{name}.crt")), read(&format!("{name}.key")));
    Credentials::from_pem(&read("ca.crt"), Some((&chain, &key))).expect("credentials")
}

/// Writes a key.
pub(super) async fn put(
    client: &mut Client,
    key: &str,
    value: &[u8],
    deadline: Deadline,
) -> Result<(), Error> {
    let request = PutRequest { key: key.to_owned().into(), value: value.to_vec().into(), lease: 0 };
    client.put(&request, deadline).await.map(drop)
}

/// Asks for a key.
pub(super) fn key(key: &str) -> RangeRequest {
    RangeRequest { key: key.to_owned().into(), ..RangeRequest::default() }
}

/// Does something again for as long as etcd cannot do it yet.
pub(super) fn at_last<T>(mut trying: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    let end = Instant::now() + PATIENCE;
    loop {
        match trying() {
            Err(Error::NotNow(_)) if Instant::now() < end => sleep(Duration::from_millis(200)),
            other => return other,
        }
    }
}

/// What etcdctl shows as JSON.
pub(super) fn shown(live: &Live<'_>, words: &str) -> Value {
    let said = live.client(&format!("export ETCDCTL_API=3; etcdctl {words} -w json"));
    assert!(said.ok, "{words}: {}", said.stderr);
    serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{words}: {}", said.stdout))
}

/// A number, which some releases show as a text; 0 where there is none.
pub(super) fn number(value: &Value) -> u64 {
    let text = || value.as_str().and_then(|text| text.parse().ok());
    value.as_u64().or_else(text).unwrap_or_default()
}

/// Fails unless the text is what etcd refuses something with.
#[track_caller]
pub(super) fn is_refused<T>(said: Result<T, Error>, words: &str) {
    match said {
        Err(Error::Refused(text)) if text.contains(words) => {}
        Err(other) => panic!("{other:?} where `{words}` is to be refused"),
        Ok(_) => panic!("`{words}` is not refused"),
    }
}
