//! A program that carries its etcd cluster: nobody tells it an endpoint, and it trusts no other
//! cluster.
//!
//! `cargo run -p embed` connects as the client `root`, makes sure that this is the cluster it was
//! built for, then puts a key and gets it back.

use anyhow::{Context as _, Result, ensure};
use etcd_client::{Certificate, Client, ConnectOptions, Identity, TlsOptions};
use std::path::Path;
use std::time::Duration;

bouquet_model::include_cluster!();

/// Where the build put the client's key. A program that is installed elsewhere takes the folder
/// along, to `cluster::clients::ROOT.certs_dir`.
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/out/clients/root");

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "this is all that the program is for")]
async fn main() -> Result<()> {
    let mut etcd = connect().await.context("cannot connect to the cluster")?;
    let members = etcd.member_list().await?;
    let id = members.header().context("etcd says which cluster it is")?.cluster_id();
    ensure!(cluster::CLUSTER_ID.is_some_and(|known| known.0 == id), "{id:x} is another cluster");
    println!("{} {id:x} has {} members", cluster::TOKEN, members.members().len());

    etcd.put("bouquet", "of flowers", None).await?;
    let answer = etcd.get("bouquet", None).await?;
    let pair = answer.kvs().first().context("the key is not there")?;
    println!("{} = {}", pair.key_str()?, pair.value_str()?);
    Ok(())
}

/// Connects to whichever endpoints answer.
async fn connect() -> Result<Client> {
    let tls = TlsOptions::new()
        .ca_certificate(Certificate::from_pem(cluster::CA_PEM))
        .identity(Identity::from_pem(read("client.crt")?, read("client.key")?));
    let timeout = Duration::from_secs(5);
    let options =
        ConnectOptions::new().with_tls(tls).with_connect_timeout(timeout).with_timeout(timeout);
    Ok(Client::connect(cluster::ENDPOINTS, Some(options)).await?)
}

#[expect(clippy::disallowed_methods, reason = "the one place where this program reads files")]
fn read(file: &str) -> Result<Vec<u8>> {
    let path = Path::new(CLIENT).join(file);
    std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}
