//! The edge: waits until a member serves.

use bouquet_etcd::messages::kv::RangeRequest;
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint, Error};
use bouquet_model::url::Url;
use std::time::Duration;

/// How long one attempt may take, and the time until the next.
const ATTEMPT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(25);

/// Waits until a member answers what takes a quorum, as `etcdctl endpoint health` asks it.
pub(super) async fn serves(url: Url, credentials: Option<Credentials>) {
    while ask(Endpoint { url: &url, credentials: credentials.as_ref() }).await.is_err() {
        tokio::time::sleep(PAUSE).await;
    }
}

async fn ask(endpoint: Endpoint<'_>) -> Result<(), Error> {
    let deadline = Deadline::within(ATTEMPT);
    let mut client = Client::connect(endpoint, deadline).await?;
    let request = RangeRequest { key: "health".into(), ..RangeRequest::default() };
    client.range(&request, deadline).await?;
    Ok(())
}
