//! The edge: asks every member at once.

use super::alarms::{CORRUPT, alarms};
use super::doubt::{Reading, again_doubtful, certain, doubtful};
use super::metrics::Metrics;
use super::observed::{Doubt, Observed, Seen, Target};
use super::others::{drop_asked_twice, others};
use crate::at_once::{at_once, rethrow};
use crate::patience::Patience;
use crate::since::since_1970;
use bouquet_etcd::messages::cluster::MemberListResponse;
use bouquet_etcd::messages::maintenance::{HashKvResponse, StatusResponse};
use bouquet_etcd::{Client, Credentials, Deadline, Endpoint, Error, User, peer, served};
use bouquet_model::url::{Scheme, Url};
use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant, SystemTime};
use tokio::task::JoinSet;

/// How often members that do not fit to one another are read again, and how long after the reading before.
const AGAIN: usize = 2;
const BETWEEN: Duration = Duration::from_millis(150);

/// Says how members are asked.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    /// `None` for a cluster without TLS.
    pub(crate) credentials: Option<Credentials>,
    /// Who logs in where a member asks for a user.
    pub(crate) user: Option<User>,
    /// The CAs that it trusts, in DER.
    pub(crate) cas: Vec<Vec<u8>>,
    /// How long all members have for all their answers; where their data do not fit to one another, so long again.
    pub(crate) deadline: Duration,
    pub(crate) clock: fn() -> SystemTime,
    /// Whether the certificates that members serve are read: each takes a connection of its own, of which etcd complains
    /// in its log.
    pub(crate) reads_certificates: bool,
    pub(crate) patience: Patience,
}

impl Asking {
    /// Does the same, for a person who waits.
    pub(crate) fn with(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Connects to a client URL.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub(crate) async fn connect(&self, url: &Url, deadline: Deadline) -> Result<Client, Error> {
        let credentials = self.credentials.as_ref();
        let mut client = Client::connect(Endpoint { url, credentials }, deadline).await?;
        // A password of a cluster with TLS goes nowhere without it, whatever URL a member is listed or recorded by.
        let is_told = url.scheme == Scheme::Https || credentials.is_none();
        client.set_user(self.user.clone().filter(|_| is_told));
        Ok(client)
    }
}

/// Asks the members that are compiled, others that are known, and those that they list besides as members of the
/// cluster with that ID.
///
/// # Errors
/// If this machine can open no connections at all.
pub(super) fn look(
    (compiled, others): (Vec<Target>, Vec<Target>),
    id: Option<u64>,
    asking: &Asking,
) -> io::Result<Observed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let now = since_1970((asking.clock)());
    let seen = runtime.block_on(async {
        let mut seen = all((compiled, others), id, asking).await;
        compare(&mut seen, id, asking).await;
        seen
    });
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    Ok(Observed { now, deadline: asking.deadline, cas: asking.cas.clone(), seen })
}

/// Asks all at once, and others as soon as someone lists them; they come back in that order.
async fn all(
    (targets, known): (Vec<Target>, Vec<Target>),
    id: Option<u64>,
    asking: &Asking,
) -> Vec<Seen> {
    let compiled = targets.len();
    let mut tasks = JoinSet::new();
    let mut asked: Vec<Target> = Vec::new();
    let mut seen: Vec<Option<Seen>> = Vec::new();
    // One that someone lists is asked a moment later, and has the same end.
    let deadline = Deadline::within(asking.deadline);
    let mut next: Vec<Target> = targets.into_iter().chain(known).collect();
    loop {
        for target in next {
            let (place, asking) = (asked.len(), asking.clone());
            asked.push(target.clone());
            seen.push(None);
            tasks.spawn(async move { (place, one(target, &asking, deadline).await) });
        }
        let Some(done) = tasks.join_next().await else { break };
        let (place, one) = done.unwrap_or_else(rethrow);
        let list = one.list.as_ref();
        next = list.map(|list| others(list, id, &asked, compiled)).unwrap_or_default();
        seen[place] = Some(one);
    }
    drop_asked_twice(seen.into_iter().flatten().collect(), compiled)
}

/// Asks one member for all that it can tell.
async fn one(target: Target, asking: &Asking, deadline: Deadline) -> Seen {
    let (called, scraped, client_certificate, peer_certificate) = tokio::join!(
        call(&target.client_urls, asking, deadline),
        scrape(target.client_urls.first(), asking, deadline),
        certificate(target.client_urls.first().filter(|_| asking.reads_certificates), deadline),
        certificate(target.peer_urls.first().filter(|_| asking.reads_certificates), deadline),
    );
    let Called { status, took, list } = called;
    let (metrics, clock) = match scraped {
        Ok((metrics, clock)) => (Ok(metrics), clock),
        Err(error) => (Err(error), None),
    };
    Seen {
        target,
        status,
        took,
        list,
        client_certificate,
        peer_certificate,
        metrics,
        doubt: None,
        clock,
    }
}

/// What is asked by gRPC.
struct Called {
    status: Result<StatusResponse, Error>,
    took: Duration,
    list: Result<MemberListResponse, Error>,
}

/// Asks by gRPC for the status and the list of members. Alarms are in the status: to ask for them would be an entry of
/// the log, and would have no answer without a quorum.
async fn call(urls: &[Url], asking: &Asking, deadline: Deadline) -> Called {
    let begin = Instant::now();
    match connect(urls, asking, deadline).await {
        Err(error) => {
            Called { status: Err(error.clone()), took: begin.elapsed(), list: Err(error) }
        }
        Ok(mut client) => {
            let connected = begin.elapsed();
            // First, because some releases ask for no user there: logging in for the status may take all the time.
            let list = client.member_list(false, deadline).await;
            let begin = Instant::now();
            let status = match &list {
                Err(error @ Error::NoLogin(_)) => Err(error.clone()),
                _ => client.status(deadline).await,
            };
            Called { status, took: connected + begin.elapsed(), list }
        }
    }
}

/// Connects to the first URL that takes it.
async fn connect(urls: &[Url], asking: &Asking, deadline: Deadline) -> Result<Client, Error> {
    let mut last = Error::NotEtcd("it has no client URL".to_owned());
    for url in urls {
        match asking.connect(url, deadline).await {
            Ok(client) => return Ok(client),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Reads the metrics, and the clock by the date of the answer.
async fn scrape(
    url: Option<&Url>,
    asking: &Asking,
    deadline: Deadline,
) -> Result<(Metrics, Option<i64>), Error> {
    let url = url.ok_or_else(|| Error::NotEtcd("it has no client URL".to_owned()))?;
    let endpoint = Endpoint { url, credentials: asking.credentials.as_ref() };
    let scrape = peer::metrics(endpoint, deadline).await?;
    let now = (asking.clock)();
    let offset = scrape.date.map(|date| offset(date, now, scrape.came.elapsed()));
    Ok((Metrics::read(&scrape.text), offset))
}

/// Returns a member's clock less that of this machine, in seconds, by the date of an answer whose head came so long
/// ago.
fn offset(date: SystemTime, now: SystemTime, ago: Duration) -> i64 {
    since_1970(date) - since_1970(now.checked_sub(ago).unwrap_or(now))
}

async fn certificate(url: Option<&Url>, deadline: Deadline) -> Option<Result<Vec<Vec<u8>>, Error>> {
    let url = url.filter(|url| url.scheme == Scheme::Https)?;
    Some(served::certificates(url, deadline).await)
}

/// Reads members that do not fit to one another again, all at once. Where that stays, they are asked for the hash
/// of their keys, at the lowest of their revisions; and so are all that vote under the alarm that data differs.
async fn compare(seen: &mut [Seen], id: Option<u64>, asking: &Asking) {
    let mut readings: Vec<Option<Reading>> = seen.iter().map(Reading::of).collect();
    let mut pairs = doubtful(&readings);
    let mut are_certain = BTreeSet::new();
    // One for all readings and hashes.
    let deadline = Deadline::within(asking.deadline);
    for _ in 0..AGAIN {
        if pairs.is_empty() {
            break;
        }
        tokio::time::sleep(BETWEEN).await;
        let places = members_of(&pairs);
        let tasks =
            places.iter().map(|at| status(seen[*at].target.clone(), asking.clone(), deadline));
        let again = at_once(tasks).await;
        let mut now: Vec<Option<Reading>> = vec![None; seen.len()];
        for (at, status) in places.into_iter().zip(again) {
            if let Ok(status) = status {
                seen[at].status = Ok(status);
                now[at] = Reading::of(&seen[at]);
            }
        }
        are_certain.extend(certain(&readings, &now));
        (readings, pairs) = again_doubtful(&readings, &now, &pairs);
    }
    let places = &members_of(&pairs) | &alarmed(seen, id);
    let revisions = places.iter().filter_map(|at| Some(readings[*at]?.revision));
    let Some(revision) = revisions.min() else { return };
    let hash = |at: &usize| hash(seen[*at].target.clone(), revision, asking.clone(), deadline);
    let tasks = places.iter().map(hash);
    let hashes = at_once(tasks).await;
    let are_certain = members_of(&are_certain);
    for (at, hash) in places.into_iter().zip(hashes) {
        seen[at].doubt = Some(Doubt { hash, is_certain: are_certain.contains(&at) });
    }
}

/// Returns the voters of the cluster, by their places, where etcd has the alarm that data differs. It names one of two that
/// differ, or nobody. A learner gives no hash.
fn alarmed(seen: &[Seen], id: Option<u64>) -> BTreeSet<usize> {
    let cluster = |status: &StatusResponse| status.header.map(|header| header.cluster_id);
    let statuses = || seen.iter().filter_map(|seen| seen.status.as_ref().ok());
    let is_corrupt = |status: &&StatusResponse| {
        alarms(core::iter::once(*status)).iter().any(|(_, word)| *word == CORRUPT)
    };
    let is_ours = |status: &&StatusResponse| id.is_none() || cluster(status) == id;
    let corrupt = statuses().filter(is_ours).filter(is_corrupt);
    let clusters: BTreeSet<_> = corrupt.map(cluster).collect();
    let is = |seen: &Seen| {
        let status = seen.status.as_ref().ok();
        status.is_some_and(|it| !it.is_learner && clusters.contains(&cluster(it)))
    };
    (0..seen.len()).filter(|at| is(&seen[*at])).collect()
}

fn members_of(pairs: &BTreeSet<(usize, usize)>) -> BTreeSet<usize> {
    pairs.iter().flat_map(|(one, other)| [*one, *other]).collect()
}

async fn status(
    target: Target,
    asking: Asking,
    deadline: Deadline,
) -> Result<StatusResponse, Error> {
    connect(&target.client_urls, &asking, deadline).await?.status(deadline).await
}

async fn hash(
    target: Target,
    revision: i64,
    asking: Asking,
    deadline: Deadline,
) -> Result<HashKvResponse, Error> {
    connect(&target.client_urls, &asking, deadline).await?.hash_kv(revision, deadline).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    /// Metrics of a large cluster, by a slow network.
    #[test]
    fn a_clock_is_compared_at_the_moment_at_which_its_time_came() {
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(offset(at(100), at(105), Duration::from_secs(5)), 0);
        assert_eq!(offset(at(100), at(105), Duration::ZERO), -5);
        assert_eq!(offset(at(109), at(105), Duration::from_secs(5)), 9);
    }
}
