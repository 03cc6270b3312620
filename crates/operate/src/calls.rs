//! The edge: the calls that change a cluster.

use crate::live::Asking;
use bouquet_etcd::messages::kv::CompactionRequest;
use bouquet_etcd::messages::maintenance::DowngradeAction;
use bouquet_etcd::{Client, Deadline, Error};
use bouquet_model::cluster::MemberId;
use bouquet_model::url::Url;
use std::future::Future;
use std::io;
use std::time::Duration;

/// A call that changes the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    /// A learner with these peer URLs is told to the list.
    Add(Vec<String>),
    Promote(MemberId),
    Remove(MemberId),
    /// The list is told other peer URLs of a member.
    Update(MemberId, Vec<String>),
    /// Leadership goes to a voter.
    Lead(MemberId),
    /// The history up to now is dropped.
    Compact,
    Defragment,
    /// All alarms are switched off.
    Disarm,
    /// Members are to get that minor, `3.5`.
    Announce(String),
}

/// How long a call may take; `move-leader` to one that is dead keeps all writes away for as long.
const SHORT: Duration = Duration::from_secs(2);
const USUAL: Duration = Duration::from_secs(10);
/// How long a call may take that writes a database again, or rids it of its history.
const LONG: Duration = Duration::from_secs(300);

impl Call {
    const fn within(&self) -> Duration {
        match self {
            Self::Lead(_) => SHORT,
            Self::Compact | Self::Defragment => LONG,
            _ => USUAL,
        }
    }
}

/// Calls a member.
///
/// # Errors
/// As [`Error`] has them: after [`Error::Unknown`] it may have been done.
pub(crate) fn call(asking: &Asking, urls: &[Url], call: &Call) -> Result<(), Error> {
    on_runtime(async {
        let mut client = reach(asking, urls).await?;
        one(&mut client, call, Deadline::within(call.within())).await
    })
}

/// Connects to the first of them that can be reached: one that says nothing is not waited for for long.
///
/// # Errors
/// As of the last one.
pub(crate) async fn reach(asking: &Asking, urls: &[Url]) -> Result<Client, Error> {
    let mut last = Error::NotNow("no member that could be asked is up".to_owned());
    for url in urls {
        match asking.connect(url, Deadline::within(SHORT)).await {
            Ok(client) => return Ok(client),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn one(client: &mut Client, call: &Call, deadline: Deadline) -> Result<(), Error> {
    match call {
        Call::Add(urls) => client.member_add(urls.clone(), true, deadline).await.map(drop),
        Call::Promote(id) => client.member_promote(id.0, deadline).await.map(drop),
        Call::Remove(id) => client.member_remove(id.0, deadline).await.map(drop),
        Call::Update(id, urls) => {
            client.member_update(id.0, urls.clone(), deadline).await.map(drop)
        }
        Call::Lead(id) => client.move_leader(id.0, deadline).await,
        Call::Defragment => client.defragment(deadline).await,
        Call::Compact => {
            let revision = client.status(deadline).await?.header.map_or(0, |it| it.revision);
            let request = CompactionRequest { revision, physical: true };
            match client.compact(&request, deadline).await {
                // Nothing was written since the last time.
                Err(Error::Refused(text)) if text.contains("has been compacted") => Ok(()),
                answer => answer.map(drop),
            }
        }
        Call::Disarm => {
            for alarm in client.alarms(deadline).await? {
                client.disarm(alarm, deadline).await?;
            }
            Ok(())
        }
        Call::Announce(minor) => {
            client.downgrade(DowngradeAction::Validate, minor, deadline).await?;
            client.downgrade(DowngradeAction::Enable, minor, deadline).await.map(drop)
        }
    }
}

/// Waits for it, on this thread.
///
/// # Errors
/// Its own, or that no connection can be opened from here.
pub(crate) fn on_runtime<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error: io::Error| Error::NotEtcd(error.to_string()))?;
    let outcome = runtime.block_on(work);
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    outcome
}
