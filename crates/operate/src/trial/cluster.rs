//! The edge: starts a cluster until it is healthy, and ends it.

use super::binary::Etcd;
use super::folder::{Folder, make, write};
use super::health::serves;
use super::member::{Running, Start};
use super::pki::{self, File};
use super::ports::Ports;
use super::there::{Layout, ports, there};
use super::variables::speaker;
use super::watcher::Watcher;
use super::ways::Ways;
use crate::patience::Patience;
use crate::show::{WARN, paint};
use crate::signals::{Asked, Signals};
use crate::since::since_1970;
use bouquet_etcd::Credentials;
use bouquet_model::Cluster;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::option::Value;
use bouquet_model::version::EtcdVersion;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Another program may take a port before a member does; so often it is tried with other ones.
const ATTEMPTS: usize = 3;

/// How long a cluster may take until it is healthy, besides so many elections: a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);
const ELECTIONS: u32 = 10;

/// How long members may take to end. Their data is thrown away, so that nothing is lost with one that is killed.
const GRACE: Duration = Duration::from_secs(5);

/// How long members may run that wait for others which are gone.
const IN_VAIN: Duration = Duration::from_millis(200);

/// How often it is looked whether a member has ended.
pub(super) const TICK: Duration = Duration::from_millis(50);

/// All that it takes to start a cluster.
pub(super) struct Orders<'a, P> {
    pub(super) cluster: &'a Cluster,
    pub(super) etcd: &'a Etcd,
    /// What the caller does before the first start.
    pub(super) prepare: P,
    /// Whether what the members log is shown.
    pub(super) show: bool,
    pub(super) ways: &'a Ways,
    pub(super) begin: Instant,
}

/// A cluster before its first start: data folders are not there yet.
pub(crate) struct Stage<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) etcd: &'a Etcd,
    /// The process group that goes with the trial, however it ends.
    pub(crate) group: i32,
}

/// A cluster that runs. Where it is dropped, its members are killed, and its folder is removed.
pub(crate) struct Up {
    members: Vec<Running>,
    folder: Folder,
    pub(super) watcher: Watcher,
    pub(crate) layout: Layout,
    /// The client's whose certificate is shown; `None` without TLS.
    pub(crate) credentials: Option<Credentials>,
    /// The etcd that runs.
    pub(crate) version: EtcdVersion,
    /// How long it took until all were healthy.
    pub(crate) took: Duration,
}

/// Why there is no cluster.
pub(super) enum Down {
    /// A signal asked for its end.
    Asked(Asked),
    Failed(Diagnostic),
    /// A member lacks its port.
    Taken(Diagnostic),
}

impl From<Diagnostic> for Down {
    fn from(problem: Diagnostic) -> Self {
        Self::Failed(problem)
    }
}

/// Starts a cluster, and waits until all of its members are healthy.
///
/// # Errors
/// If one of them does not start or takes too long, or a signal came before.
pub(super) async fn start<P>(orders: &Orders<'_, P>, signals: &mut Signals) -> Result<Up, Down>
where
    P: AsyncFn(&Stage<'_>) -> Result<(), Diagnostic>,
{
    for _ in 1..ATTEMPTS {
        match attempt(orders, signals).await {
            Err(Down::Taken(_)) => {}
            other => return other,
        }
    }
    attempt(orders, signals).await
}

async fn attempt<P>(orders: &Orders<'_, P>, signals: &mut Signals) -> Result<Up, Down>
where
    P: AsyncFn(&Stage<'_>) -> Result<(), Diagnostic>,
{
    let folder = Folder::new()?;
    let watcher = Watcher::start(folder.path())?;
    let held = Ports::claim(ports(orders.cluster))?;
    let mut numbers = held.numbers().into_iter();
    let layout = there(orders.cluster, folder.path(), &mut || numbers.next().unwrap_or(0));
    for note in &layout.notes {
        (orders.ways.say)(&format!("{} {note}\n", paint(WARN, "note:")));
    }
    let files = pki::files(&layout, since_1970((orders.ways.clock)()))?;
    write(&files)?;
    for member in &layout.members {
        make(&member.folder)?;
    }
    let credentials = credentials(&layout, &files)?;
    let (version, took) = (orders.etcd.version, Duration::ZERO);
    let mut up = Up { members: Vec::new(), folder, watcher, layout, credentials, version, took };
    let outcome = up.healthy_from(orders, held, signals).await;
    up.took = orders.begin.elapsed();
    match outcome {
        Ok(()) => Ok(up),
        Err(why) => {
            up.end(signals).await;
            Err(why)
        }
    }
}

/// Returns those of the client that asks.
fn credentials(layout: &Layout, files: &[File]) -> Result<Option<Credentials>, Diagnostic> {
    let (Some(client), true) = (speaker(&layout.cluster), layout.cluster.tls.is_some()) else {
        return Ok(None);
    };
    let content = |name: &str| {
        let path = client.certs_dir.join(name);
        let file = files.iter().find(|file| file.path == path);
        file.map(|file| file.content.expose()).unwrap_or_default()
    };
    let own = (content("client.crt"), content("client.key"));
    let credentials = Credentials::from_pem(content("ca.crt"), Some(own));
    credentials
        .map(Some)
        .map_err(|error| Diagnostic::error(format!("client `{}`: {error}", client.name)))
}

impl Up {
    /// Does all that is between the layout and a cluster that is healthy. Ports are held until members take them.
    async fn healthy_from<P>(
        &mut self,
        orders: &Orders<'_, P>,
        held: Ports,
        signals: &mut Signals,
    ) -> Result<(), Down>
    where
        P: AsyncFn(&Stage<'_>) -> Result<(), Diagnostic>,
    {
        self.prepared(orders, signals).await?;
        drop(held);
        self.launch(orders)?;
        // What members log is shown instead.
        let patience = if orders.show { Patience::default() } else { orders.ways.patience };
        let _waiting = patience.waits("waiting until all members are healthy");
        self.healthy(signals).await
    }

    async fn prepared<P>(&self, orders: &Orders<'_, P>, signals: &mut Signals) -> Result<(), Down>
    where
        P: AsyncFn(&Stage<'_>) -> Result<(), Diagnostic>,
    {
        let stage = Stage { layout: &self.layout, etcd: orders.etcd, group: self.watcher.group() };
        tokio::select! {
            prepared = (orders.prepare)(&stage) => Ok(prepared?),
            asked = signals.next() => Err(Down::Asked(asked)),
        }
    }

    fn launch<P>(&mut self, orders: &Orders<'_, P>) -> Result<(), Down> {
        let width = self.layout.members.iter().map(|member| member.name.len()).max().unwrap_or(0);
        let start = Start {
            etcd: &orders.etcd.program,
            group: self.watcher.group(),
            show: orders.show,
            width,
            ways: orders.ways,
        };
        for (place, member) in self.layout.members.iter().enumerate() {
            let started = Running::start(member, place, &start);
            self.members.push(started.map_err(|error| {
                Diagnostic::error(format!("`{}` cannot be started: {error}", member.name))
            })?);
        }
        Ok(())
    }

    async fn healthy(&mut self, signals: &mut Signals) -> Result<(), Down> {
        let mut waiting = JoinSet::new();
        for member in self.layout.cluster.members.iter() {
            if let Some(url) = member.advertise_client_urls.first() {
                let (name, url) = (member.name.to_string(), url.clone());
                let serves = serves(url, self.credentials.clone());
                waiting.spawn(async move {
                    serves.await;
                    name
                });
            }
        }
        let mut silent: Vec<String> = self.members.iter().map(|one| one.name.clone()).collect();
        let deadline = Instant::now() + self.patience();
        loop {
            tokio::select! {
                served = waiting.join_next() => match served {
                    None => return Ok(()),
                    Some(Ok(name)) => silent.retain(|other| *other != name),
                    Some(Err(fault)) => {
                        let problem = format!("a member cannot be asked: {fault}");
                        return Err(Down::Failed(Diagnostic::error(problem)));
                    }
                },
                asked = signals.next() => return Err(Down::Asked(asked)),
                () = tokio::time::sleep(TICK) => {}
            }
            if let Some(down) = self.lost().await {
                return Err(down);
            }
            if Instant::now() > deadline {
                return Err(Down::Failed(Diagnostic::error(format!(
                    "{} not healthy within {} s",
                    match silent.as_slice() {
                        [one] => format!("`{one}` is"),
                        many => format!("{} are", many.join(", ")),
                    },
                    self.patience().as_secs()
                ))));
            }
        }
    }

    /// Returns the time that it may take until all are healthy.
    fn patience(&self) -> Duration {
        let of = |member: &bouquet_model::Member| match member.option("election-timeout") {
            Some(Value::Int(milliseconds)) => u64::try_from(*milliseconds).unwrap_or(0),
            _ => 1_000,
        };
        let election = self.layout.cluster.members.iter().map(of).max().unwrap_or(0);
        PATIENCE + ELECTIONS * Duration::from_millis(election)
    }

    /// Returns the first member that has ended before all were healthy.
    async fn lost(&mut self) -> Option<Down> {
        for member in &mut self.members {
            if let Some(status) = member.ended() {
                let (words, taken) = member.last_words().await;
                let problem =
                    Diagnostic::error(format!("`{}` did not start: {status}", member.name));
                let problem = words.into_iter().fold(problem, Diagnostic::note);
                return Some(if taken { Down::Taken(problem) } else { Down::Failed(problem) });
            }
        }
        None
    }

    /// Returns a line for each member that has ended since the last time.
    pub(super) fn news(&mut self) -> Vec<String> {
        let ended = self.members.iter_mut().filter_map(|member| {
            let status = member.ended()?;
            Some(format!("{} `{}` has ended: {status}\n", paint(WARN, "warning:"), member.name))
        });
        ended.collect()
    }

    /// Tells whether any member runs.
    pub(super) fn lives(&mut self) -> bool {
        self.members.iter_mut().any(Running::lives)
    }

    /// Ends all members together, and removes everything. A signal meanwhile kills those that are left.
    pub(super) async fn end(mut self, signals: &mut Signals) {
        self.members.iter().for_each(Running::terminate);
        tokio::select! {
            () = gone(&mut self.members) => {}
            _ = signals.next() => {}
        }
        for member in &mut self.members {
            member.kill();
            member.wait().await;
        }
        let Self { watcher, folder, .. } = self;
        drop(folder);
        watcher.dismiss();
    }
}

/// Waits until all have ended, or those that have not wait in vain: a leader tries for seconds to hand its leadership
/// over to members that are gone (`TryTransferLeadershipOnShutdown` in etcd's `etcdserver/server.go`).
async fn gone(members: &mut [Running]) {
    let quorum = members.len() / 2 + 1;
    let begin = Instant::now();
    let mut lost = None;
    loop {
        let left = members.iter_mut().filter_map(|member| member.lives().then_some(())).count();
        if left == 0 || begin.elapsed() > GRACE {
            return;
        }
        if left < quorum {
            let lost = *lost.get_or_insert_with(Instant::now);
            if lost.elapsed() > IN_VAIN {
                return;
            }
        }
        tokio::time::sleep(TICK / 5).await;
    }
}
