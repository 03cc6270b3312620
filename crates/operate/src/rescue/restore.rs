//! The edge: the data of the chosen member is saved, and restored as all of a new cluster.

use super::choose::{database, saved};
use super::new::cluster_of;
use super::nodes::Nodes;
use super::ports::taken;
use super::word::Told;
use super::work::Rescue;
use crate::compiled::Compiled;
use crate::node::read_bundle;
use crate::node::rescue::Copied;
use bouquet_lock::Restored;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::url::Url;
use data_encoding::HEXLOWER;

/// What is restored: a copy on the node, with a token.
pub(super) struct Source {
    pub(super) name: String,
    copy: Copied,
    pub(super) token: String,
}

impl Source {
    /// Saves that member's database on its node; one that was saved before, and has nothing else any more, is taken as it is.
    ///
    /// # Errors
    /// If it cannot be saved.
    pub(super) fn save(
        compiled: &Compiled<'_>,
        nodes: &Nodes<'_>,
        chosen: &Told,
        now: i64,
    ) -> Result<Self, Diagnostic> {
        let name = &chosen.name;
        let copy = match (database(chosen), saved(chosen)) {
            (None, Some(copy)) => Some(copy.clone()),
            _ => nodes.of(name, &["--save"])?.copy,
        };
        let copy = copy.ok_or_else(|| Diagnostic::error(format!("{name}: nothing was saved")))?;
        let token = Restored::token_of(&compiled.cluster.token, &digest(&copy)?, now);
        Ok(Self { name: name.clone(), copy, token })
    }

    /// Restores it as all of a new cluster; one that was restored so before is left as it is, and runs.
    ///
    /// # Errors
    /// If anybody takes a connection where another member is, or it is not done.
    pub(super) fn restore(
        &self,
        compiled: &Compiled<'_>,
        work: &Rescue,
        nodes: &Nodes<'_>,
    ) -> Result<Restored, Diagnostic> {
        let Self { name, copy, token } = self;
        let bundle = read_bundle(&work.recording.package.out.join("members").join(name));
        let bundle = bundle.map_err(|(path, error)| {
            Diagnostic::error(format!("cannot read `{}`: {error}", path.display()))
                .help("build first, where the keys are")
        })?;
        are_silent(compiled, work, name)?;
        nodes.restores(name, &bundle, (&copy.file, token))?;
        let restored = Restored::of(&compiled.cluster.token, digest(copy)?, copy.revision, token);
        restored
            .ok_or_else(|| Diagnostic::error(format!("{} is no token of a restore", quoted(token))))
    }

    /// Returns that of a rescue that ended before it was recorded: the member's data has its token.
    pub(super) fn begun(compiled: &Compiled<'_>, work: &Rescue, all: &[Told]) -> Option<Self> {
        let recorded = work.basis.recorded.token.as_ref();
        all.iter().find_map(|told| {
            let remains = told.remains()?;
            let (held, copy) = (remains.data.as_ref()?, remains.copy.as_ref()?);
            let token = held.restored.as_ref().filter(|token| recorded != Some(*token))?;
            let new = cluster_of(compiled.cluster, &told.name, token).ok()?;
            let is_its = held.cluster_id == new.id.map(|id| id.to_string());
            let cluster = &compiled.cluster.token;
            let is_meant = work.from.as_ref().is_none_or(|from| *from == told.name);
            Restored::of(cluster, digest(copy).ok()?, copy.revision, token)
                .filter(|_| is_its && is_meant)
                .map(|_| Self { name: told.name.clone(), copy: copy.clone(), token: token.clone() })
        })
    }
}

fn digest(copy: &Copied) -> Result<[u8; 32], Diagnostic> {
    let bytes = HEXLOWER.decode(copy.sha256.as_bytes()).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        Diagnostic::error(format!(
            "{} is what the node gave as SHA-256, and is none",
            quoted(&copy.sha256)
        ))
    })
}

/// Checks that nobody takes a connection where the others were: one that runs might still take writes.
fn are_silent(compiled: &Compiled<'_>, work: &Rescue, name: &str) -> Result<(), Diagnostic> {
    let others = compiled.cluster.members.iter().filter(|member| member.name.as_str() != name);
    let compiled = others.flat_map(|member| {
        let urls = member.initial_advertise_peer_urls.iter().chain(&*member.advertise_client_urls);
        urls.map(|url| (member.name.to_string(), url.clone()))
    });
    let recorded = work.basis.recorded.running.members.iter().filter(|(other, _)| *other != name);
    let recorded = recorded.flat_map(|(other, is)| {
        let options = ["initial-advertise-peer-urls", "advertise-client-urls"];
        let urls = options.into_iter().flat_map(|option| is.urls(option));
        urls.filter_map(|url| Some((other.clone(), Url::parse(url).ok()?))).collect::<Vec<_>>()
    });
    let mut places: Vec<(String, Url)> = compiled.chain(recorded).collect();
    places.sort();
    places.dedup();
    let taken = taken(&places);
    if taken.is_empty() {
        return Ok(());
    }
    let mut problem =
        Diagnostic::error("a process takes connections at the addresses of other members");
    problem.notes = taken.iter().map(|(name, url)| format!("{name}: {url}")).collect();
    Err(problem
        .note("no data was changed")
        .help(
            "if it is a member of the former cluster: end it, and see that it does not start \
             again, by `systemctl disable --now` of its unit; then the same again",
        )
        .help(
            "if it is the cluster that an earlier rescue made of this one: take the cluster.lock \
             in which that is recorded, and build",
        ))
}
