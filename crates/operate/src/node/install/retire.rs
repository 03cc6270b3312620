//! The edge: a member that was removed from its cluster ends on its node, and its data gives way.

#![expect(clippy::disallowed_methods, reason = "the edge that reads a unit's files")]

use super::deeds::Deed;
use super::does::does;
use super::told::{Done, json, planned};
use super::work::{Install, Ways};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::if_there::if_there;
use crate::node::checks::hidden;
use crate::node::files::of_artifact;
use crate::node::joining::said_over_http;
use crate::node::machine::{Data, Folders, Machine, Renamed, mounts, service, wanted};
use crate::node::peers;
use crate::node::peers::agreed;
use crate::since::since_1970;
use crate::unit;
use bouquet_etcd::Credentials;
use bouquet_etcd::peer::PeerMember;
use bouquet_model::artifact::shell_word;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::mark::placed;
use bouquet_model::node_path::NodePath;
use bouquet_model::time::Instant;
use bouquet_model::url::Url;
use bouquet_x509::Secret;
use std::fs;

/// The member as its unit on this node has it: it may not be compiled any more.
pub(super) struct Former {
    pub(super) unit: String,
    pub(super) arguments: Vec<String>,
}

impl Former {
    fn option(&self, name: &str) -> Option<&str> {
        let begin = format!("--{name}=");
        self.arguments.iter().find_map(|word| word.strip_prefix(&begin))
    }

    fn folder(&self, name: &str) -> Option<NodePath> {
        NodePath::parse(self.option(name)?).ok()
    }
}

/// Ends a member that the others do not list any more, and gives its folders dated names.
///
/// # Errors
/// If it is a member still, or that cannot be told.
pub(super) fn retire(
    compiled: &Compiled<'_>,
    work: &Install,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let machine = Machine { root: None };
    let former = former(compiled, work)?;
    let name = &work.member;
    let clock = (ways.clock)();
    let own = Folders::of_unit(name, &former.arguments);
    let unread = |unread| work.unread(&unread);
    if let Some(fault) = hidden((&mounts(), &wanted()), &own) {
        return Err(fault.note("nothing was changed").into());
    }
    let found = machine.data(&own).map_err(unread)?;
    let mut deeds = Vec::new();
    let is = service(&former.unit, clock);
    if is.is_up() || is.is_enabled {
        deeds.push(Deed::Disable);
    }
    let stamp = format!("retired-{}", Instant(since_1970(clock)).basic());
    let folders = machine.dated(&own, &stamp).map_err(unread)?;
    let own: Vec<NodePath> = std::iter::once(own.data).chain(own.wal).collect();
    let mark = machine.named(&former.mark(name, &own), &stamp).map_err(unread)?;
    deeds.extend(gives_way(folders, mark));
    if !deeds.is_empty() {
        let id = match found {
            Data::Whole(identity) | Data::LogAlone(Some(identity)) => Some(identity.member_id),
            Data::None | Data::Nameless | Data::LogAlone(None) | Data::DatabaseAlone => None,
        };
        is_removed(compiled, work, &former, id)?;
    }
    if work.dry_run {
        (ways.print)(&planned(&deeds));
        return Ok(if deeds.is_empty() { Exit::Done } else { Exit::Pending });
    }
    let mut done = Done::new(name);
    for deed in &deeds {
        does(machine, (&former.unit, name), deed, ways.patience)?;
        let text = done.add(deed);
        if !work.json {
            (ways.print)(&text);
        }
    }
    let has_data = deeds.iter().any(|deed| matches!(deed, Deed::SetAside(_)));
    let data =
        if has_data { "its data is under its dated name" } else { "no data is in its folders" };
    let state = format!("is retired; its keys are on this node still, and {data}");
    (ways.print)(&if work.json { json(&done, &state, None) } else { done.end(&state) });
    Ok(Exit::Done)
}

/// Sets the data aside, with the mark that speaks of it. Where there is no data, the mark speaks of nothing and is
/// removed.
pub(super) fn gives_way(mut folders: Vec<Renamed>, mark: Option<Renamed>) -> Option<Deed> {
    match mark {
        Some((place, _)) if folders.is_empty() => Some(Deed::Remove { place }),
        mark => {
            folders.extend(mark);
            (!folders.is_empty()).then_some(Deed::SetAside(folders))
        }
    }
}

/// Finds its unit on this node.
fn former(compiled: &Compiled<'_>, work: &Install) -> Result<Former, Diagnostic> {
    let places = unit::places(Some(&work.member));
    for place in &places {
        let text = if_there(fs::read_to_string(place)).map_err(|error| {
            let shown = place.display().to_string();
            work.unseen(
                place,
                &error,
                &format!("see what is there: `ls -ld {}`; a unit is a file", shell_word(&shown)),
            )
        })?;
        let Some(text) = text else { continue };
        let sign = of_artifact(compiled.cluster, place, &text);
        if sign.is_some_and(|sign| sign.member == work.member) {
            let unit = place.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(Former { unit, arguments: unit::arguments(&text) });
        }
    }
    let mut problem =
        Diagnostic::error(format!("no unit of {} is on this node", quoted(&work.member)));
    problem.notes = places.iter().map(|place| format!("looked at {}", place.display())).collect();
    Err(problem.help("do it on its own node; where it has no unit, end it as it was started"))
}

impl Former {
    /// Returns its mark; `own` are the folders of its data and of its log.
    pub(super) fn mark(&self, name: &str, own: &[NodePath]) -> NodePath {
        let certs = self.folder("peer-cert-file").map(|file| file.parent());
        let port = || {
            let url = self.option("listen-peer-urls")?.split(',').next()?;
            Some(Url::parse(url).ok()?.port)
        };
        placed(name, own.iter(), certs.as_ref(), port())
    }

    /// Returns what it speaks with among peers.
    fn credentials(&self) -> Result<Option<Credentials>, Diagnostic> {
        let files = ["peer-trusted-ca-file", "peer-cert-file", "peer-key-file"];
        let [Some(ca), Some(chain), Some(key)] = files.map(|file| self.option(file)) else {
            return Ok(None);
        };
        let read = |file: &str| {
            fs::read(file)
                .map(Secret::from)
                .map_err(|error| Diagnostic::error(format!("{file} cannot be read: {error}")))
        };
        let (ca, chain, key) = (read(ca)?, read(chain)?, read(key)?);
        Credentials::from_pem(ca.expose(), Some((chain.expose(), key.expose())))
            .map(Some)
            .map_err(|error| Diagnostic::error(error.to_string()))
    }
}

/// Checks that a quorum of the others says that no member has that ID, or that name and those addresses.
pub(super) fn is_removed(
    compiled: &Compiled<'_>,
    work: &Install,
    former: &Former,
    id: Option<u64>,
) -> Result<(), Diagnostic> {
    let name = &work.member;
    let credentials = former.credentials().map_err(|problem| {
        problem.help(format!(
            "where it was removed already: `systemctl disable --now {}`, and set its data aside by hand",
            former.unit
        ))
    })?;
    let own = former.option("initial-advertise-peer-urls").unwrap_or_default();
    let own: Vec<Url> = own.split(',').filter_map(|url| Url::parse(url).ok()).collect();
    let mut others = peers::others(compiled.cluster, name);
    for pair in former.option("initial-cluster").unwrap_or_default().split(',') {
        let Some((other, url)) = pair.split_once('=') else { continue };
        let Ok(url) = Url::parse(url) else { continue };
        if other != name && !others.iter().any(|(_, known)| *known == url) {
            others.push((other.to_owned(), url));
        }
    }
    let answers = peers::ask(others, &own, credentials.as_ref())?;
    let agreed = agreed(&answers).filter(peers::Agreed::is_certain);
    let Some(agreed) = agreed else {
        let mut problem = Diagnostic::error(format!(
            "too few members answer to tell whether {} was removed",
            quoted(name)
        ));
        let unheard = answers.iter().filter_map(|answer| {
            let error = answer.members.as_ref().err()?;
            Some(format!("{}, {}: {error}", answer.name, answer.url))
        });
        problem.notes.extend(unheard);
        return Err(problem
            .note("nothing was changed")
            .help("do this again when they are up")
            .help(format!(
                "where the whole cluster is given up: `systemctl disable --now {}`",
                former.unit
            )));
    };
    // Where its data does not say who it is, its addresses do.
    let is_it = |member: &&PeerMember| match id {
        Some(id) => member.id == id,
        // Another one of that name may have taken its place.
        None if !own.is_empty() => own.iter().any(|url| peers::has_url(member, url)),
        None => member.name == *name,
    };
    if let Some(member) = agreed.list.members.iter().find(is_it) {
        let id = member.id;
        return Err(Diagnostic::error(format!("{} is a member still", quoted(name)))
            .note("nothing was changed")
            .help(format!(
                "remove it first, on the machine with `out/`: `{} etcdctl -- member remove {}`",
                work.program,
                MemberId(id)
            )));
    }
    if credentials.is_none() && !work.trust_network {
        return Err(said_over_http().note("nothing was changed"));
    }
    Ok(())
}
