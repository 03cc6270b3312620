//! The edge: asks every member at once.

use super::metrics::Metrics;
use super::observed::{Observed, Seen, Target};
use bouquet_etcd::messages::cluster::MemberListResponse;
use bouquet_etcd::messages::maintenance::{AlarmMember, HashKvResponse, StatusResponse};
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint, Error, peer, served};
use bouquet_model::url::{Scheme, Url};
use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::task::JoinSet;

/// How often members that seem to differ are read again, and how long after the reading before.
const READINGS: usize = 2;
const BETWEEN: Duration = Duration::from_millis(150);

/// Asks the members, and those that they list besides. Each has the same time for all its answers.
///
/// # Errors
/// If this machine can open no connections at all.
pub(crate) fn look(
    targets: Vec<Target>,
    credentials: Option<&Credentials>,
    deadline: Duration,
    clock: fn() -> SystemTime,
) -> io::Result<Observed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let now = seconds(clock());
    let seen = runtime.block_on(async {
        let mut seen = all(targets, credentials, deadline, clock).await;
        let others = others(&seen);
        if !others.is_empty() {
            seen.extend(all(others, credentials, deadline, clock).await);
        }
        compare(&mut seen, credentials, deadline).await;
        seen
    });
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    Ok(Observed { now, deadline, seen })
}

/// Asks all at once; they come back in their order.
async fn all(
    targets: Vec<Target>,
    credentials: Option<&Credentials>,
    deadline: Duration,
    clock: fn() -> SystemTime,
) -> Vec<Seen> {
    let mut tasks = JoinSet::new();
    for (place, target) in targets.into_iter().enumerate() {
        let credentials = credentials.cloned();
        tasks.spawn(async move {
            (place, one(target, credentials.as_ref(), Deadline::within(deadline), clock).await)
        });
    }
    let mut seen = tasks.join_all().await;
    seen.sort_by_key(|(place, _)| *place);
    seen.into_iter().map(|(_, seen)| seen).collect()
}

/// Asks one member for all that it can tell.
async fn one(
    target: Target,
    credentials: Option<&Credentials>,
    deadline: Deadline,
    clock: fn() -> SystemTime,
) -> Seen {
    let (called, scraped, client_certificate, peer_certificate) = tokio::join!(
        call(&target.client_urls, credentials, deadline),
        scrape(target.client_urls.first(), credentials, deadline, clock),
        certificate(target.client_urls.first(), deadline),
        certificate(target.peer_urls.first(), deadline),
    );
    let Called { status, took, list, alarms } = called;
    let (metrics, clock) = match scraped {
        Ok((metrics, clock)) => (Ok(metrics), clock),
        Err(error) => (Err(error), None),
    };
    let hash = None;
    Seen {
        target,
        status,
        took,
        list,
        alarms,
        client_certificate,
        peer_certificate,
        metrics,
        hash,
        clock,
    }
}

/// What is asked by gRPC.
struct Called {
    status: Result<StatusResponse, Error>,
    took: Duration,
    list: Result<MemberListResponse, Error>,
    alarms: Result<Vec<AlarmMember>, Error>,
}

/// Asks at the first URL that answers.
async fn call(urls: &[Url], credentials: Option<&Credentials>, deadline: Deadline) -> Called {
    let begin = Instant::now();
    let mut last = None;
    for url in urls {
        match Client::connect(Endpoint { url, credentials }, deadline).await {
            Err(error) => last = Some(error),
            Ok(mut client) => {
                let status = client.status(deadline).await;
                let took = begin.elapsed();
                let list = client.member_list(false, deadline).await;
                let alarms = client.alarms(deadline).await;
                return Called { status, took, list, alarms };
            }
        }
    }
    let error = last.unwrap_or_else(|| Error::NotEtcd("it has no client URL".to_owned()));
    let took = begin.elapsed();
    Called { status: Err(error.clone()), took, list: Err(error.clone()), alarms: Err(error) }
}

/// Reads the metrics, and the clock by the date of the answer.
async fn scrape(
    url: Option<&Url>,
    credentials: Option<&Credentials>,
    deadline: Deadline,
    clock: fn() -> SystemTime,
) -> Result<(Metrics, Option<i64>), Error> {
    let url = url.ok_or_else(|| Error::NotEtcd("it has no client URL".to_owned()))?;
    let scrape = peer::metrics(Endpoint { url, credentials }, deadline).await?;
    let offset = scrape.date.map(|date| seconds(date) - seconds(clock()));
    Ok((Metrics::read(&scrape.text), offset))
}

async fn certificate(url: Option<&Url>, deadline: Deadline) -> Option<Result<Vec<u8>, Error>> {
    let url = url.filter(|url| url.scheme == Scheme::Https)?;
    let chain = served::certificates(url, deadline).await;
    Some(chain.map(|chain| chain.into_iter().next().unwrap_or_default()))
}

/// Returns the members that somebody lists, and nobody was asked for: they are asked as they are listed.
fn others(seen: &[Seen]) -> Vec<Target> {
    let asked: BTreeSet<u64> =
        seen.iter().filter_map(|seen| Some(seen.status.as_ref().ok()?.header?.member_id)).collect();
    let urls: BTreeSet<String> = seen
        .iter()
        .flat_map(|seen| seen.target.client_urls.iter().chain(&seen.target.peer_urls))
        .map(ToString::to_string)
        .collect();
    let lists = seen.iter().filter_map(|seen| seen.list.as_ref().ok());
    let mut others: Vec<Target> = Vec::new();
    for member in lists.flat_map(|list| &list.members) {
        let is_asked = asked.contains(&member.id)
            || member.client_urls.iter().chain(&member.peer_urls).any(|url| urls.contains(url));
        let parse = |urls: &[String]| urls.iter().filter_map(|url| Url::parse(url).ok()).collect();
        let target = Target {
            name: member.name.clone(),
            client_urls: parse(&member.client_urls),
            peer_urls: parse(&member.peer_urls),
        };
        if !is_asked && !target.client_urls.is_empty() && !others.contains(&target) {
            others.push(target);
        }
    }
    others
}

/// Reads members again that have one applied index and different revisions: in a healthy cluster a reading in
/// a few hundred shows that. Where it stays, they are asked for the hash of their keys at the lower revision.
async fn compare(seen: &mut [Seen], credentials: Option<&Credentials>, deadline: Duration) {
    for _ in 0..READINGS {
        if doubtful(seen).is_empty() {
            return;
        }
        tokio::time::sleep(BETWEEN).await;
        for place in 0..seen.len() {
            let Some(url) = seen[place].target.client_urls.first().cloned() else { continue };
            if seen[place].status.is_err() {
                continue;
            }
            let endpoint = Endpoint { url: &url, credentials };
            let deadline = Deadline::within(deadline);
            if let Ok(mut client) = Client::connect(endpoint, deadline).await {
                seen[place].status = client.status(deadline).await;
            }
        }
    }
    let doubtful = doubtful(seen);
    let revisions = doubtful.iter().filter_map(|place| revision(&seen[*place]));
    let Some(revision) = revisions.min() else { return };
    for place in doubtful {
        let Some(url) = seen[place].target.client_urls.first().cloned() else { continue };
        let endpoint = Endpoint { url: &url, credentials };
        seen[place].hash = Some(hash(endpoint, revision, Deadline::within(deadline)).await);
    }
}

async fn hash(
    endpoint: Endpoint<'_>,
    revision: i64,
    deadline: Deadline,
) -> Result<HashKvResponse, Error> {
    Client::connect(endpoint, deadline).await?.hash_kv(revision, deadline).await
}

/// The places of those that have an applied index in common with another one, and not its revision.
fn doubtful(seen: &[Seen]) -> Vec<usize> {
    let applied = |seen: &Seen| Some(seen.status.as_ref().ok()?.raft_applied_index);
    let differs = |one: &Seen| {
        seen.iter().any(|other| {
            applied(one).is_some()
                && applied(one) == applied(other)
                && revision(one) != revision(other)
        })
    };
    (0..seen.len()).filter(|place| differs(&seen[*place])).collect()
}

fn revision(seen: &Seen) -> Option<i64> {
    Some(seen.status.as_ref().ok()?.header?.revision)
}

fn seconds(time: SystemTime) -> i64 {
    let since_1970 = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}
