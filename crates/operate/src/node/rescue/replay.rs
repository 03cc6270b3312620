//! The edge: a database takes in what its log has, and was agreed on.
//!
//! A member that crashed has entries in its log that its database lacks, as etcd writes the one at once and the other every
//! 100 ms. etcd applies those that it knew to be agreed on at its next start, with a quorum or without. So it is started once:
//! with its data, on the loopback, by a unit that is gone at the end. Its own unit may not start it, as where the machine has
//! another address; and nobody can reach this one.

use super::remains::{Held, Remains};
use crate::node::system::run;
use crate::sbin::sbin;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::places::ACCOUNT;
use bouquet_model::running::Running;
use bouquet_model::{Cluster, Member};
use std::net::{Ipv4Addr, TcpListener};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The unit in which it runs.
const UNIT: &str = "bouquet-rescue";
/// How long it has.
const WHOLE: Duration = Duration::from_secs(60);
/// For how long it has to stay as it is before it is taken to be through.
const STILL: Duration = Duration::from_secs(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);
/// What of a member's options its data asks for.
const OPTIONS: [&str; 3] = ["data-dir", "wal-dir", "quota-backend-bytes"];

/// A database lacks what its log has, or cannot be read: one that was cut off is made whole at a start (seen on 3.6.16).
/// Before 3.5 etcd notes keys alone, and a database may say less than it has.
pub(super) fn is_behind(held: &Held) -> bool {
    let Some(log) = held.log else { return false };
    held.database.as_ref().is_none_or(|database| database.applied < log.committed)
}

/// Starts etcd once with the data of a member that has ended. Where it does not start, the database is as it was.
///
/// # Errors
/// If nothing can be started at all, or what was started does not end.
pub(super) fn replay(
    cluster: &Cluster,
    member: &Member,
    looks: &dyn Fn() -> Result<Remains, Diagnostic>,
) -> Result<(), Diagnostic> {
    let port = || -> Result<u16, Diagnostic> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
        port.map(|address| address.port())
            .map_err(|error| Diagnostic::error(format!("127.0.0.1 has no free port: {error}")))
    };
    let (client, peer) = (port()?, port()?);
    let name = member.name.as_str();
    let running = Running::of(cluster, &[]);
    let own = OPTIONS.iter().filter_map(|option| {
        let value = running.members.get(name)?.option(option)?;
        Some(format!("--{option}={value}"))
    });
    let limit = format!("RuntimeMaxSec={}", WHOLE.as_secs() * 2);
    let mut words = vec![
        "--quiet".to_owned(),
        "--collect".to_owned(),
        format!("--unit={UNIT}"),
        format!("--uid={ACCOUNT}"),
        format!("--gid={ACCOUNT}"),
        format!("--property={limit}"),
        "etcd".to_owned(),
        format!("--name={name}"),
        format!("--listen-client-urls=http://127.0.0.1:{client}"),
        format!("--advertise-client-urls=http://127.0.0.1:{client}"),
        format!("--listen-peer-urls=http://127.0.0.1:{peer}"),
    ];
    words.extend(own);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Of a rescue that was killed.
    let _ = sbin("systemctl").args(["stop", UNIT]).output();
    run("systemd-run", &words)?;
    let waited = waits(looks);
    let stopped = if runs() { run("systemctl", &["stop", UNIT]) } else { Ok(()) };
    waited.and(stopped)
}

fn runs() -> bool {
    let asked = sbin("systemctl").args(["is-active", "--quiet", UNIT]).status();
    asked.is_ok_and(|status| status.success())
}

/// Waits until it has all, it has ended, or nothing moves any more.
fn waits(looks: &dyn Fn() -> Result<Remains, Diagnostic>) -> Result<(), Diagnostic> {
    let (begin, mut since, mut last) = (Instant::now(), Instant::now(), None);
    while begin.elapsed() < WHOLE && since.elapsed() < STILL && runs() {
        sleep(PAUSE);
        let held = looks()?.data;
        if held.as_ref().is_some_and(|held| !is_behind(held)) {
            return Ok(());
        }
        let applied = held.and_then(|held| Some(held.database?.applied));
        if applied != last {
            (since, last) = (Instant::now(), applied);
        }
    }
    Ok(())
}
