//! The edge: what a member has left.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at data")]

use super::remains::{Database, Held, Log, Remains};
use super::save::copied;
use crate::if_there::if_there;
use crate::node::machine::{Data, Folders, Machine, Unread, service};
use crate::since::since_1970;
use bouquet_etcd::database::content;
use bouquet_etcd::wal::progress;
use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::{Cluster, Member};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Looks at what is there, and changes nothing. What etcd writes meanwhile may not be readable.
///
/// # Errors
/// If a folder cannot be looked at.
pub(super) fn look(cluster: &Cluster, member: &Member, now: SystemTime) -> Result<Remains, Unread> {
    let service = service(&cluster.unit_name(member), now);
    let folders = Folders::of(cluster, member);
    let machine = Machine { root: None };
    let data = machine.data(&folders)?;
    let identity = match data {
        Data::Whole(identity) | Data::LogAlone(Some(identity)) => Some(identity),
        _ => None,
    };
    let inside = machine.path(folders.data.join("member").as_str());
    let place = inside.join("snap").join("db");
    let database = match read(&place) {
        Ok(database) => Ok(database),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    };
    let held = Held {
        cluster_id: identity.map(|it| ClusterId(it.cluster_id).to_string()),
        member_id: identity.map(|it| MemberId(it.member_id).to_string()),
        log: machine.latest_log(&folders)?.map(|file| log(&file)).transpose()?,
        unread: database.clone().err(),
        database: database.ok().flatten(),
        // The log is in its place before the database is, where it is elsewhere.
        restored: restored(&inside.join("restored"))?
            .or(restored(&machine.path(folders.log().as_str()).join("restored"))?),
    };
    let name = member.name.as_str();
    Ok(Remains {
        member: name.to_owned(),
        up: service.is_up(),
        enabled: service.is_enabled,
        open: is_open(&place),
        data: (data != Data::None).then_some(held),
        copy: copied(name),
    })
}

/// Tells whether a process has the database open, whatever started it: bbolt locks a database that
/// is open.
pub(super) fn is_open(database: &Path) -> bool {
    let opened = File::open(database);
    opened.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

pub(super) fn log(file: &Path) -> Result<Log, Unread> {
    let read = || Ok((fs::read(file)?, fs::metadata(file)?.modified()?));
    let (bytes, written) = read().map_err(Unread::at(file))?;
    let progress = progress(&bytes);
    let written = since_1970(written);
    Ok(Log { term: progress.term, committed: progress.committed, last: progress.last, written })
}

fn read(file: &Path) -> io::Result<Option<Database>> {
    let Some(file) = if_there(File::open(file))? else { return Ok(None) };
    let content = content(&file).map_err(|broken| io::Error::other(broken.to_string()))?;
    let voters = content.members.iter().filter(|member| !member.is_learner).count();
    let peers = content.members.into_iter().flat_map(|member| member.peer_urls);
    Ok(Some(Database {
        revision: content.revision,
        keys: content.keys,
        applied: content.applied,
        since: content.since,
        history: content.history,
        size: file.metadata()?.len(),
        peers: peers.collect(),
        voters,
    }))
}

fn restored(sign: &Path) -> Result<Option<String>, Unread> {
    let text = if_there(fs::read_to_string(sign)).map_err(Unread::at(sign))?;
    Ok(text.map(|text| text.trim_end().to_owned()))
}
