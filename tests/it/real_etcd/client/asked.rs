//! Ways to ask members of a cluster that a build has made.

use crate::support::build::Output;
use bouquet_etcd::messages::maintenance::StatusResponse;
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint, Error};
use bouquet_model::url::Url;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};
use tokio::runtime::{Builder, Runtime};

/// Ten times what an answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Asked {
    runtime: Runtime,
    out: PathBuf,
    urls: Vec<Url>,
    /// Those of the client root.
    pub(super) root: Credentials,
    /// The CA's certificate.
    pub(super) ca: Vec<u8>,
}

impl Asked {
    pub(super) fn of(output: &Output) -> Self {
        let out = output.path("");
        let urls = output.cluster.endpoints().into_iter().cloned().collect();
        let ca = fs::read(out.join("clients/root/ca.crt")).expect("a CA");
        let root = credentials(&out.join("clients/root"), "client").expect("credentials");
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { runtime, out, urls, root, ca }
    }

    /// Those in a folder of `out/`, of that file's name.
    pub(super) fn credentials(&self, folder: &str, name: &str) -> Credentials {
        credentials(&self.out.join(folder), name).expect("credentials")
    }

    /// A CA of another cluster.
    pub(super) fn other_ca(&self) -> String {
        let other = Output::of(
            "[cluster]\ntoken = \"other\"\netcd = \"3.6\"\n[etcd]\ndata-dir = \"/data/etcd\"\n\
             [[member]]\nname = \"other\"\nip = \"10.0.0.9\"\n",
        );
        other.read("members/other/certs/ca.crt")
    }

    pub(super) fn run<T>(&self, asking: impl AsyncFnOnce(Deadline) -> T) -> T {
        self.runtime.block_on(async { asking(Deadline::within(PATIENCE)).await })
    }

    /// Asks a member, by its place in the spec.
    pub(super) fn with<T>(
        &self,
        member: usize,
        asking: impl AsyncFnOnce(&mut Client, Deadline) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.by(member, &self.root, asking)
    }

    pub(super) fn status(&self, member: usize) -> (usize, StatusResponse) {
        (member, self.status_by(member, &self.root).expect("a status"))
    }

    pub(super) fn status_by(
        &self,
        member: usize,
        credentials: &Credentials,
    ) -> Result<StatusResponse, Error> {
        self.by(member, credentials, async |client: &mut Client, deadline| {
            client.status(deadline).await
        })
    }

    fn by<T>(
        &self,
        member: usize,
        credentials: &Credentials,
        asking: impl AsyncFnOnce(&mut Client, Deadline) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.run(async |deadline| {
            let endpoint = Endpoint { url: &self.urls[member], credentials };
            asking(&mut Client::connect(endpoint, deadline).await?, deadline).await
        })
    }
}

fn credentials(folder: &Path, name: &str) -> io::Result<Credentials> {
    let read = |file: &str| fs::read(folder.join(file));
    let (ca, chain, key) =
        (read("ca.crt")?, read(&format!("{name}.crt"))?, read(&format!("{name}.key"))?);
    Credentials::from_pem(&ca, Some((&chain, &key))).map_err(io::Error::other)
}
