//! `initial-cluster-state` and the IDs, as they follow from what is recorded.
//!
//! etcd reads the state on an empty data folder alone. A member that founds the cluster has to say `new`
//! until there is a quorum: with `existing` it asks the others who is in it, which nobody can answer yet. A
//! member that has run has to say `existing`: with `new`, those of an emptied cluster found another one.

use crate::check::{Places, Proven};
use crate::diagnostic::{Diagnostic, Span};
use bouquet_lock::ids;
use bouquet_lock::{Identity, Lock};
use bouquet_model::change::former_names;
use bouquet_model::cluster::{Cluster, Member, MemberId, State};
use bouquet_model::running::{Running, RunningMember};
use bouquet_model::time::Date;
use bouquet_model::url::Url;
use std::collections::BTreeSet;

/// A cluster as it is compiled.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) proven: Proven,
    /// What is worth saying of states that are written.
    pub(crate) said: Vec<Diagnostic>,
}

/// Gives each member its state, and keeps what etcd keeps once a cluster runs: the cluster's ID and those
/// of its members, which followed from their first URLs.
///
/// # Errors
/// If the spec says of a member that joins a cluster which runs that it founds it, or if it has another list of
/// members than the cluster was founded with, and not all of those are recorded.
pub(crate) fn settle(
    proven: &Proven,
    lock: Option<&Lock>,
    now: i64,
) -> Result<Settled, Vec<Diagnostic>> {
    let mut proven = proven.clone();
    let Some(lock) = lock else { return Ok(Settled { proven, said: Vec::new() }) };
    let Proven { cluster, places, .. } = &mut proven;
    let identity = &lock.identity;
    cluster.crl = identity.crl.filter(|_| cluster.tls.as_ref().is_some_and(|tls| tls.crl));
    let running = lock.recorded.running();
    if running.members.is_empty() {
        // It does not follow from the spec where that tells of a cluster which runs.
        let known = Some(identity).filter(|known| known.token == cluster.token);
        cluster.id = cluster.id.or_else(|| known?.cluster_id);
        // Another token is told as that.
        let said = known.and_then(|known| another_id(known, cluster, now));
        let said = said.into_iter().chain(founds_on_paper(lock, cluster, places, now)).collect();
        return Ok(Settled { proven, said });
    }
    let token = lock.founding_token(&cluster.token).to_owned();
    let founding = Founding::of(lock, cluster, &token);
    let late = lock.unrecorded_founders();
    if !founding.holds && !late.is_empty() {
        return Err(vec![another_list(&late, places)]);
    }
    let is_known = !identity.members.is_empty();
    let is = Running::of(cluster, &[]);
    let former_names = former_names(&running, &is);
    let (first, token) = (|was| first_id(was, &cluster.token), cluster.token.clone());
    let founded: Option<Vec<MemberId>> = running.members.values().map(first).collect();
    let (mut errors, mut written_new) = (Vec::new(), Vec::new());
    for member in cluster.members.to_mut() {
        let name = member.name.as_str();
        let former = former_names.get(name).copied();
        let founds = former.is_none() && founding.takes(member, &token);
        match (written(places, name), member.state) {
            (None, _) => member.state = if founds { State::New } else { State::Existing },
            (Some(span), State::New) if former.is_some() => {
                written_new.push((name.to_owned(), span));
            }
            (Some(span), State::New) if !founds => errors.push(joins(name, span)),
            (Some(_), State::New | State::Existing) => {}
        }
        member.id = match former {
            Some(former) if is_known => lock.id(former),
            Some(former) => running.members.get(former).and_then(|was| first_id(was, &token)),
            None => Some(id_of(member, &token)).filter(|_| founds),
        };
    }
    cluster.id = match founded {
        _ if is_known => identity.cluster_id,
        // Where one of them joined, what follows from all is not what the cluster was founded with.
        founded => founded.map(|all| ids::cluster_id(&all)),
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    let said = said(&written_new).into_iter().collect();
    Ok(Settled { proven, said })
}

/// Names the founders of the cluster.
struct Founding {
    ids: BTreeSet<MemberId>,
    /// Whether those in the spec are they, at their first URLs: only then has etcd the list that a member
    /// which founds it would start with.
    holds: bool,
}

impl Founding {
    fn of(lock: &Lock, cluster: &Cluster, token: &str) -> Self {
        let Identity { members, cluster_id, .. } = &lock.identity;
        let ids: BTreeSet<_> = members.keys().filter_map(|name| lock.id(name)).collect();
        let in_spec: Vec<_> = cluster.members.iter().map(|member| id_of(member, token)).collect();
        let holds = cluster_id.is_some_and(|founded| founded == ids::cluster_id(&in_spec));
        Self { ids, holds }
    }

    /// Tells whether a member that is not recorded founds the cluster: etcd has it in its list from the start.
    /// One that was removed has no ID in the lock, and comes back as another one.
    fn takes(&self, member: &Member, token: &str) -> bool {
        self.holds && self.ids.contains(&id_of(member, token))
    }
}

fn id_of(member: &Member, token: &str) -> MemberId {
    ids::member_id(&member.initial_advertise_peer_urls, token)
}

/// Returns the ID of a member that founded its cluster, as it follows from what it is recorded with: a release
/// without a lock wrote no ID.
fn first_id(was: &RunningMember, token: &str) -> Option<MemberId> {
    let is_founder = was.option("initial-cluster-state") == Some("new");
    let urls = was.peer_urls().into_iter().map(|url| Url::parse(url).ok());
    let urls: Vec<Url> = urls.collect::<Option<_>>().filter(|_| is_founder)?;
    let token = was.option("initial-cluster-token").unwrap_or(token);
    (!urls.is_empty()).then(|| ids::member_id(&urls, token))
}

/// Warns where members that were described as running are to found the cluster now, and it was never recorded
/// that they run: that was known from `state` alone.
fn founds_on_paper(
    lock: &Lock,
    cluster: &Cluster,
    places: &Places,
    now: i64,
) -> Option<Diagnostic> {
    let is_unknown = |name: &str| lock.identity.members.get(name).is_some_and(Option::is_none);
    let founds = |member: &&Member| member.state == State::New && is_unknown(member.name.as_str());
    let member = cluster.members.iter().find(founds);
    let member = member.filter(|_| lock.recorded.members.is_empty())?;
    let day = Date(now);
    Some(
        Diagnostic::warning(format!(
            "`{}` was to join a cluster that runs, and founds one from now on: taken as not yet running ({day})",
            member.name
        ))
        .at(places.cluster, "here, or at the member, was `state = \"existing\"`")
        .note(
            "files with `initial-cluster-state=new`, and IDs that follow from cluster.toml: those of members that \
             run are others, and such a file lets one whose data is gone found a cluster again",
        )
        .help(
            "if it runs: write `state = \"existing\"` again, build, and `cargo run -- done`, which records what \
             runs; then take `state` out",
        ),
    )
}

/// Warns where the cluster's ID becomes another, and it is not recorded whether it runs: members that run
/// have the former one for good.
///
/// The day is there because cargo repeats the words of a build until the next one.
fn another_id(identity: &Identity, cluster: &Cluster, now: i64) -> Option<Diagnostic> {
    let (was, is) = (identity.cluster_id?, cluster.id?);
    let day = Date(now);
    (was != is).then(|| {
        Diagnostic::warning(format!(
            "the cluster's ID was {was}, and is {is} from now on: taken as not yet running ({day})"
        ))
        .note("it follows from the token, and from who founds the cluster at which peer URLs")
        .help(
            "if it runs: take that change back, build, and `cargo run -- done`, which records what runs; then \
             make it again",
        )
    })
}

/// Returns the place where the state of a member is written, if it is.
fn written(places: &Places, member: &str) -> Option<Span> {
    places.member(member).and_then(|places| places.state).or(places.state)
}

fn joins(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("the member `{name}` joins a cluster that runs, and its `state` is `new`"))
        .at(span, "it does not found the cluster")
        .note(
            "etcd takes the list of members for that of a new cluster then, with another ID, and those that \
             run answer `request cluster ID mismatch`",
        )
        .help("take `state` out: it follows from what is recorded, and is `existing` here")
        .help(
            "if no member runs yet: without `state`, `cargo run -- done --undo` takes back what cluster.lock \
             has recorded",
        )
}

/// Refuses another list of members: etcd's list has had all founders since the first start of a quorum of them, be they
/// recorded or not. One that is not cannot be given another address, left out or joined by others as if it had
/// never been there.
fn another_list(late: &BTreeSet<&str>, places: &Places) -> Diagnostic {
    let names: Vec<String> = late.iter().map(|name| format!("`{name}`")).collect();
    let place = late.iter().find_map(|name| Some(places.member(name)?.name));
    Diagnostic::error(format!(
        "{} founded the cluster, and cluster.lock does not record that: the members cannot change before it \
         does",
        names.join(", ")
    ))
    .at(place.unwrap_or(places.cluster), "another list than the cluster was founded with")
    .note(
        "etcd has all that founded it in its list of members, and counts them for the quorum, whether they were \
         started or not",
    )
    .help(
        "take that change back, and `cargo run -- done`, which records them with the others; then make it again",
    )
}

/// Warns where a state that was written keeps members that run from getting `existing`.
fn said(written: &[(String, Span)]) -> Option<Diagnostic> {
    let (name, span) = written.first()?;
    let others = match written.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Some(
        Diagnostic::warning(format!("`state` is `new` for `{name}`{others}, recorded as running"))
            .at(*span, "not what follows")
            .note(
                "where the data of a member that runs is gone, `new` lets it found a cluster again, empty and \
                 with the same ID",
            )
            .help("take `state` out: it follows from what is recorded"),
    )
}
