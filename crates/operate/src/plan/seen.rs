//! What was seen, in the JSON of a plan: `reread` takes it from there.

use crate::live::{Planned, State};
use crate::show::instant;
use bouquet_model::plan::SeenMember;
use bouquet_model::plan::next::Alarm;
use serde::Serialize;
use std::collections::BTreeSet;

/// The form that is written, and the latest that is read.
pub(super) const FORM: u64 = 1;

/// What was seen besides members.
#[derive(Serialize)]
pub(super) struct SeenView<'a> {
    form: u64,
    /// When it was looked (RFC 3339).
    at: String,
    /// The file that it was read from; null where members were asked.
    file: Option<&'a str>,
    /// In hexadecimal; null where no member said it.
    cluster_id: Option<String>,
    /// The worst alarm: `corrupt`, `no-space`, `compacted`, `left-over`; null where there is none.
    alarm: Option<&'static str>,
    /// Whether etcd was told of a lower minor.
    announced: bool,
    /// The versions of etcd that run, as members say them.
    versions: &'a BTreeSet<String>,
    /// Recorded members that are in the list no more, and whose machines say nothing.
    lost: &'a BTreeSet<String>,
    /// Those in the list that do not answer as themselves.
    silent: Vec<SilentView<'a>>,
}

#[derive(Serialize)]
struct SilentView<'a> {
    name: &'a str,
    /// As with `status`.
    state: &'static str,
    reason: Option<&'a str>,
}

/// One that is in the list of members.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct MemberView<'a> {
    /// In hexadecimal.
    id: String,
    /// In the list; empty for one that has never run.
    name: &'a str,
    peer_urls: &'a [String],
    client_urls: &'a [String],
    learner: bool,
    /// `new`, `down`, `silent`, `behind`, `up`.
    life: &'static str,
    /// `own`, `odd`, `twice`.
    data: &'static str,
    leads: bool,
    /// The etcd that it runs; null where it does not say so.
    etcd: Option<String>,
    wrong_clock: bool,
    free_space: bool,
}

pub(super) fn seen(planned: &Planned) -> SeenView<'_> {
    SeenView {
        form: FORM,
        at: instant(planned.at),
        file: planned.file.as_deref(),
        cluster_id: planned.cluster.map(|id| format!("{id:x}")),
        alarm: planned.seen.alarm.map(Alarm::as_str),
        announced: planned.seen.is_announced,
        versions: &planned.versions,
        lost: &planned.seen.lost,
        silent: planned.silent.iter().map(silent).collect(),
    }
}

fn silent((name, state, reason): &(String, State, Option<String>)) -> SilentView<'_> {
    SilentView { name, state: state.as_str(), reason: reason.as_deref() }
}

pub(super) fn member(member: &SeenMember) -> MemberView<'_> {
    MemberView {
        id: member.id.to_string(),
        name: &member.name,
        peer_urls: &member.peer_urls,
        client_urls: &member.client_urls,
        learner: member.is_learner,
        life: member.life.as_str(),
        data: member.data.as_str(),
        leads: member.leads,
        etcd: member.version.map(|version| version.to_string()),
        wrong_clock: member.has_wrong_clock,
        free_space: member.has_free_space,
    }
}
