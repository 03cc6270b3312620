//! The edge: the other members, and their clocks.

use crate::node::Bundle;
use crate::node::machine::facts::{Peers, Seen};
use crate::node::machine::read::clock::milliseconds;
use crate::node::peers::{self, Answer, answering, credentials};
use bouquet_etcd::{Credentials, Deadline, Endpoint, peer};
use bouquet_model::{Cluster, Member};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a member has to tell its time.
const ANSWER: Duration = Duration::from_secs(2);

/// Asks the others with the certificate of a member's folder.
pub(super) fn ask(
    cluster: &Cluster,
    member: &Member,
    bundle: &Bundle,
    clock: fn() -> SystemTime,
) -> Seen<Peers> {
    let credentials = cluster.tls.as_ref().map(|tls| credentials(tls, bundle)).transpose();
    let credentials = credentials.map_err(|problem| problem.message)?;
    let others = peers::others(cluster, member.name.as_str());
    let own = &member.initial_advertise_peer_urls;
    let answers = peers::ask(others, own, credentials.as_ref());
    let answers = answers.map_err(|problem| problem.message)?;
    let clocks = clocks(&answers, credentials.as_ref(), clock);
    Ok(Peers { answers, clocks })
}

/// Returns the clocks of those that answer, less this node's, in milliseconds. One that does not tell is left out.
fn clocks(
    answers: &[Answer],
    credentials: Option<&Credentials>,
    clock: fn() -> SystemTime,
) -> Vec<(String, i64)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return Vec::new() };
    let offset = |(answer, _): (&Answer, _)| {
        let endpoint = Endpoint { url: &answer.url, credentials };
        let before = since_1970(clock());
        let told = runtime.block_on(peer::time(endpoint, Deadline::within(ANSWER))).ok()?;
        // It said so at some time in between.
        let here = before.midpoint(since_1970(clock()));
        Some((answer.name.clone(), milliseconds(&told)?.saturating_sub(here)))
    };
    answering(answers).into_iter().filter_map(offset).collect()
}

fn since_1970(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
