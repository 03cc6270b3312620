//! The edge: the cluster that one member is all of.

use crate::calls::{Call, call, on_runtime, reach};
use crate::compiled::Compiled;
use crate::live::{Asking, Beside, Writes, judge, looked};
use crate::login::AS_ROOT;
use crate::typed::on_node;
use bouquet_etcd::Deadline;
use bouquet_lock::Restored;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::running::Running;
use bouquet_model::url::Url;
use bouquet_model::{Cluster, Member};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the one member has to be a cluster.
const HEALTHY: Duration = Duration::from_secs(120);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a write may take, and the lease that it makes, in seconds.
const WRITE: Duration = Duration::from_secs(10);
const LEASE: i64 = 10;

/// Returns the cluster whose only member is the one that was chosen.
pub(super) fn cluster_of(
    cluster: &Cluster,
    name: &str,
    token: &str,
) -> Result<Cluster, Diagnostic> {
    let member = cluster.member(name).ok_or_else(|| {
        Diagnostic::error(format!("{} is not in cluster.toml any more", quoted(name)))
            .help("take its edit back, and build")
    })?;
    let mut running = Running::of(cluster, &[]);
    running.members.retain(|other, _| other == name);
    let id = Restored::member_id(&running, name, token);
    let members = vec![Member { id, ..member.clone() }];
    Ok(Cluster {
        id: Some(Restored::cluster_id(&running, token)),
        members: members.into(),
        ..cluster.clone()
    })
}

/// Waits until the one member leads its cluster.
pub(super) fn leads(new: &Compiled<'_>, asking: &Asking, program: &str) -> Result<(), Diagnostic> {
    let begin = Instant::now();
    loop {
        let report = judge(new, &looked(new, asking)?, &Beside::new(program));
        if report.votes.is_some_and(|votes| votes.writes() == Writes::Taken) {
            return Ok(());
        }
        if begin.elapsed() > HEALTHY {
            let mut problem = Diagnostic::error("the restored member does not come up");
            let rows = report.rows.iter();
            problem.notes = rows
                .filter_map(|row| Some(format!("{}: {}", row.name, row.reason.as_ref()?)))
                .collect();
            return Err(problem.note("nothing was recorded").help(format!(
                "`{} doctor` on its node says why; then the same again, which goes on from there",
                on_node(program, new.cluster)
            )));
        }
        sleep(PAUSE);
    }
}

/// Switches off the alarms that came with the data.
///
/// # Errors
/// If etcd refuses that.
pub(super) fn disarms(
    new: &Compiled<'_>,
    asking: &Asking,
    program: &str,
) -> Result<(), Diagnostic> {
    call(asking, &urls(new), &Call::Disarm).map_err(|error| {
        Diagnostic::error(format!("alarms that came with the data are not switched off: {error}"))
            .note("the new cluster runs, and is recorded")
            .help(format!("build, and then: `{program} etcdctl -- alarm disarm`"))
    })
}

/// Writes: a lease, of which nothing stays.
///
/// # Errors
/// If the new cluster does not take it.
pub(super) fn writes(new: &Compiled<'_>, asking: &Asking, program: &str) -> Result<(), Diagnostic> {
    let urls = urls(new);
    let written = on_runtime(async {
        let mut client = reach(asking, &urls).await?;
        let lease = client.lease_grant(LEASE, Deadline::within(WRITE)).await?;
        client.lease_revoke(lease, Deadline::within(WRITE)).await
    });
    written.map_err(|error| {
        Diagnostic::error(format!("the new cluster takes no write of this client: {error}"))
            .note("it runs, and is recorded")
            .help(format!(
                "where it is full: \"The database is full\" in docs/on-fire.md; else `{} doctor` on its node says why",
                on_node(program, new.cluster)
            ))
            .help(AS_ROOT)
    })
}

fn urls(new: &Compiled<'_>) -> Vec<Url> {
    new.cluster.members.iter().flat_map(|it| it.advertise_client_urls.to_vec()).collect()
}
