//! A program that carries the definition of its etcd cluster: nobody tells it an endpoint.
//!
//! `cargo run -p embed` connects as the client `root`, says which members there are and whether
//! they are the ones it was built for, then puts a key and gets it back.

use anyhow::{Context as _, Result, ensure};
use bouquet_model::Cluster;
use etcd_client::{Certificate, Client, ConnectOptions, Identity, TlsOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

mod cluster {
    //! What `build.rs` made of `cluster.toml`.
    #![expect(unreachable_pub, reason = "generated for any package, private to this one")]
    #![expect(dead_code, reason = "what there is of certificates is of no use here")]
    include!(concat!(env!("OUT_DIR"), "/cluster.rs"));
}

/// Where the build put the client's certificate. A program that is installed elsewhere takes the
/// folder along.
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/out/clients/root");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut client = connect(&cluster::CLUSTER).await.context("cannot connect to the cluster")?;
    let mut say = std::io::stdout().lock();
    for member in known_members(&mut client, &cluster::CLUSTER).await? {
        writeln!(say, "{member}")?;
    }
    client.put("bouquet", "of flowers", None).await?;
    let answer = client.get("bouquet", None).await?;
    let pair = answer.kvs().first().context("the key is not there")?;
    writeln!(say, "{} = {}", pair.key_str()?, pair.value_str()?)?;
    Ok(())
}

/// Connects to whichever endpoints answer.
async fn connect(cluster: &Cluster) -> Result<Client> {
    let endpoints: Vec<String> = cluster.endpoints().iter().map(ToString::to_string).collect();
    let tls = TlsOptions::new()
        .ca_certificate(Certificate::from_pem(read("ca.crt")?))
        .identity(Identity::from_pem(read("client.crt")?, read("client.key")?));
    let options = ConnectOptions::new()
        .with_tls(tls)
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(Duration::from_secs(5));
    Ok(Client::connect(endpoints, Some(options)).await?)
}

/// The names and IDs of the members that run, if they are those of the definition.
async fn known_members(client: &mut Client, cluster: &Cluster) -> Result<Vec<String>> {
    let list = client.member_list().await?;
    let mut lines = Vec::new();
    for member in cluster.members.iter() {
        let live = list.members().iter().find(|live| live.name() == member.name.as_str());
        let live = live.with_context(|| format!("{} does not run", member.name))?;
        let id = member.id.context("a member of a new cluster has an ID")?;
        ensure!(live.id() == id.0, "{} runs as {:x}, not as {id}", member.name, live.id());
        lines.push(format!("{} {id}", member.name));
    }
    Ok(lines)
}

#[expect(clippy::disallowed_methods, reason = "the one place where this program reads files")]
fn read(file: &str) -> Result<Vec<u8>> {
    let path = Path::new(CLIENT).join(file);
    std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}
