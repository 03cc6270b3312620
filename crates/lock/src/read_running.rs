//! The table `running` becomes records, or the first reason why it is none.

use crate::document::{Running, RunningClient as ClientLine, RunningMember as MemberTable};
use crate::lock::Lock;
use crate::recorded::{ChangedId, Record, Recorded};
use crate::text_running::{Checksum, checksum};
use crate::values::{self, Wrong, digest, hexadecimal, instant};
use bouquet_model::certificate::Kind;
use bouquet_model::cluster::MemberId;
use bouquet_model::digest::Digest;
use bouquet_model::name::{ClientName, MemberName};
use bouquet_model::running::{RunningClient, RunningMember};
use bouquet_model::systemd;
use bouquet_model::time::Instant;
use bouquet_model::trust::Trust;
use bouquet_model::url::Url;
use bouquet_model::version::EtcdVersion;
use core::ops::Range;
use std::collections::BTreeMap;

/// When it was recorded, and what.
type Moment<T> = (i64, Option<T>);

/// Reads what runs. Options that the table of options does not have are kept as they are: a later release
/// may have recorded them.
pub(crate) fn recorded(running: Running) -> Result<Recorded, Wrong> {
    let Running { clients, members } = running;
    let mut recorded = Recorded::default();
    for (name, mut table) in members {
        if let Err(error) = MemberName::parse(&name) {
            return Err(Wrong(table.since.span(), error.to_string()));
        }
        let to = id(&name, &mut table)?;
        let mut from = None;
        let mut before = None;
        if let Some(mut table) = table.before.take() {
            from = id(&name, &mut table)?;
            before = Some(member(&name, *table)?);
        }
        let (since, what) = member(&name, table)?;
        let id = (from != to).then_some(ChangedId { from, to });
        recorded.members.insert(name, Record { since, what, before, id });
    }
    for mut line in clients {
        let at = line.since.span();
        let name = line.name.take().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Wrong(at.clone(), "a client has a `name`".to_owned()))?;
        if let Err(error) = ClientName::parse(&name) {
            return Err(Wrong(at, error.to_string()));
        }
        let before = line.before.take().map(|before| client(&name, *before)).transpose()?;
        let (since, what) = client(&name, line)?;
        let record = Record { since, what, before, id: None };
        // Both sides of a merge may have one: the one that was rolled out last counts.
        match recorded.clients.get(&name) {
            Some(other) if other.since > since => {}
            Some(other) if other.since == since && *other != record => {
                let since = Instant(since);
                let what =
                    format!("two lines tell different things of the client `{name}` since {since}");
                return Err(Wrong(at, what));
            }
            _ => drop(recorded.clients.insert(name, record)),
        }
    }
    Ok(recorded)
}

/// Returns the checksums that are written, by the members' names, with the places of their records.
pub(crate) fn checksums(running: &Running) -> Vec<(String, Range<usize>, Checksum)> {
    let written = running.members.iter().filter_map(|(name, table)| {
        Some((name.clone(), table.since.span(), Checksum::parse(table.checksum.as_ref()?)))
    });
    written.collect()
}

/// The part of a member's record that does not fit its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mixed {
    /// Its lines.
    Record,
    /// The IDs of the cluster or of the member.
    Ids,
}

/// Returns the first member whose lines, or whose IDs, are not those of its checksum, with the place of its record.
pub(crate) fn mixed(
    checksums: Vec<(String, Range<usize>, Checksum)>,
    lock: &Lock,
) -> Option<(Mixed, String, Range<usize>)> {
    let mixed = |name: &str, written: &Checksum| {
        let is = checksum(lock, name, lock.recorded.members.get(name)?);
        if is.record != written.record {
            return Some(Mixed::Record);
        }
        (is.ids != written.ids).then_some(Mixed::Ids)
    };
    let mut all = checksums.into_iter();
    all.find_map(|(name, at, written)| Some((mixed(&name, &written)?, name, at)))
}

/// Takes the ID out of a table.
fn id(name: &str, table: &mut MemberTable) -> Result<Option<MemberId>, Wrong> {
    let read = |text: String| {
        let id = hexadecimal(&text).map(MemberId);
        let what = || format!("of the member `{name}` that runs: an ID is hexadecimal digits");
        id.ok_or_else(|| Wrong(table.since.span(), what()))
    };
    table.id.take().map(read).transpose()
}

fn member(name: &str, table: MemberTable) -> Result<Moment<RunningMember>, Wrong> {
    let at = table.since.span();
    let read = || {
        let MemberTable {
            since,
            unrecorded,
            id: _, // that of a change, see `id`
            version,
            digest: of_options,
            trust,
            issue,
            peer_trust,
            peer_issue,
            certificates,
            crl,
            options,
            unit,
            before,
            checksum: _,
        } = table;
        only_one_before(before.is_some())?;
        let since = instant(since.into_inner())?;
        let clients = self::trust("", trust, issue)?;
        let peers = self::trust("peer-", peer_trust, peer_issue)?;
        let is_empty = version.is_none()
            && of_options.is_none()
            && clients.is_none()
            && peers.is_none()
            && certificates.is_empty()
            && crl.is_none()
            && options.is_empty()
            && unit.is_empty();
        if unrecorded {
            return nothing_else(is_empty).map(|()| (since, None));
        }
        let version = version.ok_or_else(|| lacks("version"))?;
        let version = EtcdVersion::parse(&version).map_err(|error| error.to_string())?;
        let of_options = of_options.ok_or_else(|| lacks("digest"))?;
        let digest = Digest(digest("digest", &of_options)?);
        let certificates = self::certificates(certificates)?;
        proven(&options)?;
        systemd::proven(&unit).map_err(|error| format!("`unit`: {}", error.message))?;
        let what =
            RunningMember { version, options, clients, peers, certificates, crl, unit, digest };
        Ok((since, Some(what)))
    };
    read().map_err(|what| Wrong(at, format!("of the member `{name}` that runs: {what}")))
}

fn client(name: &str, line: ClientLine) -> Result<Moment<RunningClient>, Wrong> {
    let at = line.since.span();
    let read = || {
        let ClientLine {
            name: other,
            since,
            unrecorded,
            endpoints,
            common_name,
            certs_dir,
            trust,
            issue,
            serial,
            before,
        } = line;
        only_one_before(before.is_some())?;
        if other.is_some() {
            return Err("what was before has no `name` of its own".to_owned());
        }
        let since = instant(since.into_inner())?;
        let trust = self::trust("", trust, issue)?;
        let is_empty = endpoints.is_none()
            && common_name.is_none()
            && certs_dir.is_none()
            && trust.is_none()
            && serial.is_none();
        if unrecorded {
            return nothing_else(is_empty).map(|()| (since, None));
        }
        if let Some(serial) = &serial {
            values::serial(serial)?;
        }
        let endpoints = endpoints.ok_or_else(|| lacks("endpoints"))?;
        endpoints.iter().try_for_each(|text| url("endpoints", text))?;
        let what = RunningClient {
            endpoints,
            common_name: common_name.ok_or_else(|| lacks("common-name"))?,
            certs_dir: certs_dir.ok_or_else(|| lacks("certs-dir"))?,
            trust,
            certificate: serial,
        };
        Ok((since, Some(what)))
    };
    read().map_err(|what| Wrong(at, format!("of the client `{name}`: {what}")))
}

/// The options that say where a member is found: as they are, they come into commands.
const PLACES: [&str; 4] = [
    "initial-advertise-peer-urls",
    "listen-peer-urls",
    "advertise-client-urls",
    "listen-client-urls",
];

/// Proves names and URLs as a build does: they are printed in commands, which are pasted.
fn proven(options: &BTreeMap<String, String>) -> Result<(), String> {
    for option in PLACES {
        let urls = options.get(option).into_iter().flat_map(|urls| urls.split(','));
        urls.filter(|text| !text.is_empty()).try_for_each(|text| url(option, text))?;
    }
    let entries = options.get("initial-cluster").into_iter().flat_map(|all| all.split(','));
    entries.filter(|entry| !entry.is_empty()).try_for_each(|entry| {
        let (name, text) = entry.split_once('=').unwrap_or((entry, ""));
        MemberName::parse(name).map_err(|error| format!("`initial-cluster`: {error}"))?;
        url("initial-cluster", text)
    })?;
    let name = options.get("name").map_or(Ok(()), |name| MemberName::parse(name).map(drop));
    name.map_err(|error| format!("`name`: {error}"))
}

fn url(key: &str, text: &str) -> Result<(), String> {
    Url::parse(text).map(drop).map_err(|error| format!("`{key}`: {}", error.message))
}

fn certificates(written: BTreeMap<String, String>) -> Result<BTreeMap<Kind, String>, String> {
    let one = |(kind, serial): (String, String)| {
        let of_members = [Kind::Server, Kind::Peer, Kind::ServerAndPeer];
        let known = Kind::from_word(&kind).filter(|kind| of_members.contains(kind));
        let known = known.ok_or_else(|| format!("a member has no certificate of kind `{kind}`"))?;
        values::serial(&serial)?;
        Ok((known, serial))
    };
    written.into_iter().map(one).collect()
}

/// Reads a side's trust: both of its keys are there, or none.
fn trust(
    prefix: &str,
    trust: Option<Vec<u32>>,
    issue: Option<u32>,
) -> Result<Option<Trust>, String> {
    let (trust, issue) = match (trust, issue) {
        (None, None) => return Ok(None),
        (Some(trust), Some(issue)) => (trust, issue),
        _ => return Err(format!("`{prefix}trust` and `{prefix}issue` are both there, or none")),
    };
    let is_sorted = trust.is_sorted_by(|one, next| one < next);
    if !is_sorted || !trust.contains(&issue) || trust.contains(&0) {
        return Err(format!(
            "`{prefix}trust` has the numbers of CAs in ascending order, and `{prefix}issue` is one of them"
        ));
    }
    Ok(Some(Trust { issue, trust: trust.into() }))
}

fn lacks(key: &str) -> String {
    format!("it lacks `{key}`")
}

fn only_one_before(is_there: bool) -> Result<(), String> {
    if is_there { Err("what was before has no `before` of its own".to_owned()) } else { Ok(()) }
}

fn nothing_else(is_empty: bool) -> Result<(), String> {
    let what = "where it is `unrecorded`, there is nothing else of it but `before`";
    if is_empty { Ok(()) } else { Err(what.to_owned()) }
}
