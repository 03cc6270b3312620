//! The edge: one run at a time, whatever machine it is on: a key of etcd's, which ends with a lease.

use crate::calls::{on_runtime, reach};
use crate::live::Asking;
use crate::signals::{Asked, Signals};
use bouquet_etcd::messages::kv::{
    Compare, CompareResult, CompareTarget, Operand, PutRequest, RangeRequest, Request, RequestOp,
    Response, TxnRequest, TxnResponse,
};
use bouquet_etcd::{Deadline, Error};
use bouquet_model::diagnostic::{Diagnostic, visible};
use bouquet_model::url::Url;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long the key stays where nobody keeps it alive, in seconds.
const TTL: i64 = 60;
/// How often it is kept alive.
const EVERY: Duration = Duration::from_secs(15);
/// How soon a signal, or the end, is noticed.
const TICK: Duration = Duration::from_millis(100);
/// The time within which two signals count as one.
const ONCE: Duration = Duration::from_secs(1);
/// How long etcd may take for it.
const WITHIN: Duration = Duration::from_secs(5);

/// The answer to a first signal while a node is at work.
const BEHIND: &str =
    "stops after this step; if you ask again, it stops at once, and the node finishes by itself\n";

/// What the key says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Holder {
    pub(super) who: String,
    pub(super) host: String,
    /// RFC 3339, by the clock of that host.
    pub(super) since: String,
    /// What it does.
    pub(super) plan: String,
}

/// The key, while it is ours.
pub(super) struct Claim {
    asking: Asking,
    key: Vec<u8>,
    value: Vec<u8>,
    lease: i64,
    /// When it was made.
    revision: i64,
    /// Who can be asked, the best first.
    urls: Arc<Mutex<Vec<Url>>>,
    end: Arc<End>,
    keeper: Option<(Sender<()>, JoinHandle<()>)>,
}

/// The state that a signal to end the program reads and changes.
#[derive(Default)]
struct End {
    /// Something is being done that goes on without this program.
    waits: AtomicBool,
    /// The exit code of who was asked to end behind it; 0 where nobody was.
    asked: AtomicU8,
}

/// Lets a first signal end the run only behind what is being done, until it is dropped.
pub(super) struct Waiting<'a>(&'a End);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waits.store(false, Ordering::SeqCst);
    }
}

/// Why it cannot be had.
pub(super) enum Denied {
    /// Another run has it; what its key says, where that can be read.
    Held(Option<Holder>),
    /// etcd does not give it.
    Etcd(Error),
}

impl Claim {
    /// Takes the key of that cluster.
    ///
    /// # Errors
    /// If another run has it, or etcd gives none: without a quorum, or without space.
    pub(super) fn take(
        asking: &Asking,
        cluster: u64,
        (holder, warn): (&Holder, fn(&str)),
        urls: Vec<Url>,
    ) -> Result<Self, Denied> {
        let key = format!("bouquet/v1/{cluster:x}/lock").into_bytes();
        let value = serde_json::to_vec(holder).unwrap_or_default();
        let (lease, answer) = on_runtime(async {
            let mut client = reach(asking, &urls).await?;
            let lease = client.lease_grant(TTL, Deadline::within(WITHIN)).await?;
            let request = TxnRequest {
                compare: vec![compare(&key, 0)],
                success: vec![put(&key, &value, lease)],
                failure: vec![get(&key)],
            };
            let answer = client.txn(&request, Deadline::within(WITHIN)).await;
            if !answer.as_ref().is_ok_and(|answer| answer.succeeded) {
                let _ = client.lease_revoke(lease, Deadline::within(WITHIN)).await;
            }
            Ok((lease, answer?))
        })
        .map_err(Denied::Etcd)?;
        if !answer.succeeded {
            return Err(Denied::Held(holder_of(&answer)));
        }
        let revision = answer.header.map_or(0, |header| header.revision);
        let urls = Arc::new(Mutex::new(urls));
        let end = Arc::new(End::default());
        let asked = (Arc::clone(&end), warn);
        let keeper = Some(keep(asking.clone(), lease, Arc::clone(&urls), asked));
        Ok(Self { asking: asking.clone(), key, value, lease, revision, urls, end, keeper })
    }

    /// Has a first signal wait for what is done now.
    pub(super) fn waits(&self) -> Waiting<'_> {
        self.end.waits.store(true, Ordering::SeqCst);
        Waiting(&self.end)
    }

    /// Returns the exit code, where a signal has asked for the end.
    pub(super) fn asked(&self) -> Option<u8> {
        Some(self.end.asked.load(Ordering::SeqCst)).filter(|code| *code != 0)
    }

    /// Says who can be asked from now on.
    pub(super) fn asks(&self, urls: Vec<Url>) {
        *self.urls.lock().unwrap_or_else(PoisonError::into_inner) = urls;
    }

    /// Writes the key once more, if it is still ours: a write that succeeds.
    ///
    /// # Errors
    /// If it is not, or nothing can be written.
    pub(super) fn writes(&self) -> Result<(), Denied> {
        let urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = TxnRequest {
            compare: vec![compare(&self.key, self.revision)],
            success: vec![put(&self.key, &self.value, self.lease)],
            failure: vec![get(&self.key)],
        };
        let answer = on_runtime(async {
            reach(&self.asking, &urls).await?.txn(&request, Deadline::within(WITHIN)).await
        });
        match answer {
            Ok(answer) if answer.succeeded => Ok(()),
            Ok(answer) => Err(Denied::Held(holder_of(&answer))),
            Err(error) => Err(Denied::Etcd(error)),
        }
    }
}

/// Gives the key back, where that is still possible; else it ends with its lease.
impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.keeper.take() {
            drop(stop);
            let _ = thread.join();
        }
        let urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let _ = on_runtime(async {
            let mut client = reach(&self.asking, &urls).await?;
            client.lease_revoke(self.lease, Deadline::within(WITHIN)).await
        });
    }
}

/// Keeps the lease alive until the sender is gone. A signal that asks for the end waits for what is being done on a node;
/// a second one does not, and leaves the key to its lease. Where nothing goes on without this program, the key is given back,
/// and that is the end: whatever was being done is what the next plan finds.
fn keep(
    asking: Asking,
    lease: i64,
    urls: Arc<Mutex<Vec<Url>>>,
    (end, warn): (Arc<End>, fn(&str)),
) -> (Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = channel::<()>();
    let thread = std::thread::spawn(move || {
        // One that is not kept alive is noticed before the next step.
        let _ = on_runtime(async {
            let mut signals = Signals::take().ok();
            let (mut kept, mut since) = (Instant::now(), None::<Instant>);
            let urls = || urls.lock().unwrap_or_else(PoisonError::into_inner).clone();
            while stopped.try_recv() == Err(TryRecvError::Empty) {
                if let Some(asked) = asked_within(TICK, signals.as_mut()).await {
                    // A terminal that is gone says so more than once, as `timeout` does.
                    let is_same = since.is_some_and(|since| since.elapsed() < ONCE);
                    if is_same || (since.is_some() && asked == Asked::Hangup) {
                        continue;
                    }
                    let is_first = since.is_none();
                    since = Some(Instant::now());
                    end.asked.store(asked.code(), Ordering::SeqCst);
                    if !end.waits.load(Ordering::SeqCst) {
                        if let Ok(mut client) = reach(&asking, &urls()).await {
                            let _ = client.lease_revoke(lease, Deadline::within(WITHIN)).await;
                        }
                    } else if is_first {
                        warn(BEHIND);
                        continue;
                    }
                    std::process::exit(asked.code().into());
                }
                if kept.elapsed() > EVERY && is_kept(&asking, lease, &urls()).await {
                    kept = Instant::now();
                }
            }
            Ok(())
        });
    });
    (stop, thread)
}

/// Keeps it alive by the first member that does it: one that is cut off from the others takes connections.
async fn is_kept(asking: &Asking, lease: i64, urls: &[Url]) -> bool {
    for url in urls {
        let Ok(mut client) = reach(asking, core::slice::from_ref(url)).await else { continue };
        if client.lease_keep_alive(lease, Deadline::within(WITHIN)).await.is_ok() {
            return true;
        }
    }
    false
}

/// Waits so long for a signal that asks for the end.
async fn asked_within(time: Duration, signals: Option<&mut Signals>) -> Option<Asked> {
    let Some(signals) = signals else {
        tokio::time::sleep(time).await;
        return None;
    };
    tokio::time::timeout(time, signals.next()).await.ok()
}

/// Makes the condition that the key was created at that revision; 0 is for a key that is not there.
fn compare(key: &[u8], revision: i64) -> Compare {
    Compare {
        result: CompareResult::Equal.into(),
        target: CompareTarget::Create.into(),
        key: key.to_vec().into(),
        operand: Some(Operand::CreateRevision(revision)),
    }
}

fn put(key: &[u8], value: &[u8], lease: i64) -> RequestOp {
    let request = PutRequest { key: key.to_vec().into(), value: value.to_vec().into(), lease };
    RequestOp { request: Some(Request::Put(request)) }
}

fn get(key: &[u8]) -> RequestOp {
    let request = RangeRequest { key: key.to_vec().into(), ..RangeRequest::default() };
    RequestOp { request: Some(Request::Range(request)) }
}

fn holder_of(answer: &TxnResponse) -> Option<Holder> {
    let Response::Range(range) = answer.responses.first()?.response.as_ref()? else { return None };
    serde_json::from_slice(&range.kvs.first()?.value).ok()
}

/// Says who has the key, where this run never had it.
pub(super) fn held(holder: Option<Holder>) -> Diagnostic {
    by(Diagnostic::error("another `apply` changes this cluster"), holder)
        .note("nothing was changed")
        .help("wait until it has ended; the lock of one that was killed expires after a minute")
}

/// Says that the key is this run's no more, and who has it.
pub(super) fn lost(holder: Option<Holder>) -> Diagnostic {
    let message = match holder {
        Some(_) => "this `apply` has lost its lock in etcd to another one",
        None => "this `apply` has lost its lock in etcd",
    };
    by(Diagnostic::error(message), holder)
        .note("etcd drops it after a minute in which nobody keeps it alive: this machine slept, or was cut off")
        .help("once no other `apply` runs, do the same again: steps that are done are not planned again")
}

fn by(problem: Diagnostic, holder: Option<Holder>) -> Diagnostic {
    let Some(Holder { who, host, since, plan }) = holder else { return problem };
    problem
        .note(format!("{} on {}, since {}", visible(&who), visible(&host), visible(&since)))
        .note(visible(&plan).into_owned())
}
