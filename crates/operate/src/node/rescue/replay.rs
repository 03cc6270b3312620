//! The edge: a database takes in what its log has, and was agreed on.
//!
//! A member that crashed has entries in its log that its database lacks, as etcd writes the one at once and the other every
//! 100 ms. etcd applies those that it knew to be agreed on at its next start, with a quorum or without. So it is started once:
//! with its data, in a network of its own, by a unit that is gone at the end. Its own unit may not start it, as where the machine has
//! another address; and nobody can reach this one, nor can it reach anybody.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at data")]

use super::look::log;
use super::remains::Held;
use crate::node::machine::{Folders, Machine};
use crate::node::system::run;
use crate::sbin::sbin;
use bouquet_etcd::database::applied;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use bouquet_model::systemd::Account;
use bouquet_model::{Cluster, Member};
use std::fs::File;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The unit in which it runs.
const UNIT: &str = "bouquet-rescue";
/// How long it has. A large database takes a while before the first entry is applied.
const WHOLE: Duration = Duration::from_secs(600);
const FIRST: Duration = Duration::from_secs(60);
/// For how long it has to stay as it is, once something moved, before it is taken to be through.
const STILL: Duration = Duration::from_secs(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);
/// The options of a member that its data needs.
const OPTIONS: [&str; 3] = ["data-dir", "wal-dir", "quota-backend-bytes"];

/// Tells whether a database lacks what its log has, or cannot be read: one that was cut off is made whole at a start
/// (seen on 3.6.16). Before 3.5 etcd notes keys alone, and a database may say less than it has.
pub(super) fn is_behind(held: &Held) -> bool {
    let Some(log) = held.log else { return false };
    held.database.as_ref().is_none_or(|database| database.applied < log.committed)
}

/// Starts etcd once with the data of a member that has ended, in a network of its own. Where it does not start, the database is
/// as it was.
///
/// # Errors
/// If nothing can be started at all, or what was started does not end.
pub(super) fn replay(cluster: &Cluster, member: &Member) -> Result<(), Diagnostic> {
    let name = member.name.as_str();
    let running = Running::of(cluster, &[]);
    let own = OPTIONS.iter().filter_map(|option| {
        let value = running.members.get(name)?.option(option)?;
        Some(format!("--{option}={value}"))
    });
    let Account { user, group } = cluster.systemd.account();
    let mut words = vec![
        "--quiet".to_owned(),
        format!("--unit={UNIT}"),
        "--collect".to_owned(),
        format!("--uid={user}"),
        format!("--gid={group}"),
        format!("--property=RuntimeMaxSec={}", WHOLE.as_secs() * 2),
        // Its data has the others' addresses, and over plain HTTP it would be one of them.
        "--property=PrivateNetwork=yes".to_owned(),
        cluster.systemd.program().to_owned(),
        format!("--name={name}"),
        "--listen-client-urls=http://127.0.0.1:2379".to_owned(),
        "--advertise-client-urls=http://127.0.0.1:2379".to_owned(),
        "--listen-peer-urls=http://127.0.0.1:2380".to_owned(),
    ];
    words.extend(own);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Of a rescue that was killed.
    let _ = sbin("systemctl").args(["stop", UNIT]).output();
    run("systemd-run", &words)?;
    waits(cluster, member);
    if runs() { run("systemctl", &["stop", UNIT]) } else { Ok(()) }
}

fn runs() -> bool {
    let asked = sbin("systemctl").args(["is-active", "--quiet", UNIT]).status();
    asked.is_ok_and(|status| status.success())
}

/// Waits until it has all, it has ended, or nothing moves any more.
fn waits(cluster: &Cluster, member: &Member) {
    let folders = Folders::of(cluster, member);
    let machine = Machine { root: None };
    let database = machine.path(folders.data.join("member").join("snap").join("db").as_str());
    let applied = || File::open(&database).ok().and_then(|file| applied(&file).ok());
    let committed = machine.latest_log(&folders).ok().flatten();
    let committed = committed.and_then(|file| log(&file).ok()).map_or(0, |log| log.committed);
    let begin = Instant::now();
    let (first, mut last, mut moved) = (applied(), applied(), None::<Instant>);
    while begin.elapsed() < WHOLE && runs() {
        sleep(PAUSE);
        let now = applied();
        if now.is_some_and(|now| now >= committed) {
            return;
        }
        if now.is_some() && now != last && now != first {
            moved = Some(Instant::now());
        }
        last = now.or(last);
        let is_through = match moved {
            None => begin.elapsed() > FIRST,
            Some(moved) => moved.elapsed() > STILL,
        };
        if is_through {
            return;
        }
    }
}
