//! The edge: asks restored members what they have, and writes.

use super::compare::{Answer, is_one};
use crate::at_once::at_once;
use crate::trial::Up;
use bouquet_etcd::messages::kv::{CompactionRequest, PutRequest, RangeRequest};
use bouquet_etcd::messages::maintenance::{AlarmMember, AlarmType, HashKvResponse};
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint, Error};
use bouquet_model::cluster::Member;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::url::Url;
use std::future::Future;
use std::time::Duration;

/// How long an answer may take: a hash reads all keys.
const ANSWER: Duration = Duration::from_secs(120);

/// How long a member may take to give its space back, as in the step of a restore.
const DEFRAGMENTED: Duration = Duration::from_secs(300);

/// The time until the next look where hashes differ: a compaction may not be done everywhere yet.
const PAUSE: Duration = Duration::from_millis(500);
const LOOKS: usize = 3;

/// What is written at the end.
const KEY: &str = "bouquet/drill";

/// Asks all members what they have, and then writes; with that, why it was refused.
///
/// Leases go on, and end keys. So all are asked at once, first for what the file tells, and for hashes, which take
/// a while, after that.
pub(super) async fn answers(
    up: &Up,
    is_full: bool,
) -> Result<(Vec<Answer>, Option<Error>), Diagnostic> {
    let counts = of_each(up, Asked::counted).await?;
    let mut answers = hashed(up, &counts).await?;
    for _ in 1..LOOKS {
        if is_one(&answers) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        answers = hashed(up, &counts).await?;
    }
    let written = write(&asked(up), is_full).await;
    Ok((answers, written.err()))
}

async fn hashed(up: &Up, counts: &[Counted]) -> Result<Vec<Answer>, Diagnostic> {
    let hashes = of_each(up, Asked::hashed).await?;
    let members = asked(up).into_iter().zip(counts).zip(hashes);
    let answers = members.map(|((member, &(revision, keys)), hash)| Answer {
        name: member.name,
        revision,
        compacted: hash.compact_revision,
        keys,
        hash: hash.hash,
    });
    Ok(answers.collect())
}

/// Asks each member for the same, all at once.
async fn of_each<T: Send + 'static, A>(
    up: &Up,
    ask: impl Fn(Asked) -> A,
) -> Result<Vec<T>, Diagnostic>
where
    A: Future<Output = Result<T, Error>> + Send + 'static,
{
    let members = asked(up);
    let names: Vec<_> = members.iter().map(|member| member.name.clone()).collect();
    let all = at_once(members.into_iter().map(ask)).await;
    let each = names.iter().zip(all);
    each.map(|(name, one)| one.map_err(|error| refused(name, &error))).collect()
}

/// A member, and where it answers.
struct Asked {
    name: String,
    url: Url,
    credentials: Option<Credentials>,
}

/// The latest revision of a member, and how many keys it has.
type Counted = (i64, u64);

fn asked(up: &Up) -> Vec<Asked> {
    let asked = |member: &Member| {
        let url = member.advertise_client_urls.first()?.clone();
        Some(Asked { name: member.name.to_string(), url, credentials: up.credentials.clone() })
    };
    up.layout.cluster.members.iter().filter_map(asked).collect()
}

fn refused(name: &str, error: &Error) -> Diagnostic {
    Diagnostic::error(format!("`{name}` was restored, and does not answer: {error}"))
}

impl Asked {
    async fn client(&self, deadline: Deadline) -> Result<Client, Error> {
        let endpoint = Endpoint { url: &self.url, credentials: self.credentials.as_ref() };
        Client::connect(endpoint, deadline).await
    }

    /// Returns what it has, by its own word.
    async fn counted(self) -> Result<Counted, Error> {
        let deadline = Deadline::within(ANSWER);
        let all = RangeRequest {
            key: ALL.into(),
            range_end: ALL.into(),
            serializable: true,
            count_only: true,
            ..RangeRequest::default()
        };
        let range = self.client(deadline).await?.range(&all, deadline).await?;
        let revision = range.header.map_or(0, |header| header.revision);
        Ok((revision, u64::try_from(range.count).unwrap_or(0)))
    }

    async fn hashed(self) -> Result<HashKvResponse, Error> {
        let deadline = Deadline::within(ANSWER);
        self.client(deadline).await?.hash_kv(0, deadline).await
    }
}

/// The range from the first key to the last.
const ALL: &[u8] = b"\0";

/// Writes, once no alarm is in the way: by what the step of a restore does where the snapshot has one. Where it is full,
/// what is history is compacted, and each member gives its space back; under the alarm that data differs, no compaction
/// would go through. Alarms are switched off.
async fn write(members: &[Asked], is_full: bool) -> Result<(), Error> {
    let Some(first) = members.first() else { return Ok(()) };
    let deadline = Deadline::within(ANSWER);
    let mut client = first.client(deadline).await?;
    let is_corrupt = |alarm: &AlarmMember| alarm.alarm == i32::from(AlarmType::Corrupt);
    for alarm in client.alarms(deadline).await?.into_iter().filter(is_corrupt) {
        client.disarm(alarm, deadline).await?;
    }
    if is_full {
        let status = client.status(deadline).await?;
        let revision = status.header.map_or(0, |header| header.revision);
        // A restore that raised the revisions has done it.
        let _ = client.compact(&CompactionRequest { revision, physical: true }, deadline).await;
        for member in members {
            let deadline = Deadline::within(DEFRAGMENTED);
            member.client(deadline).await?.defragment(deadline).await?;
        }
    }
    let deadline = Deadline::within(ANSWER);
    for alarm in client.alarms(deadline).await? {
        client.disarm(alarm, deadline).await?;
    }
    let put = PutRequest { key: KEY.into(), ..PutRequest::default() };
    client.put(&put, deadline).await?;
    Ok(())
}
