//! The edge: the data of the chosen member is saved, and restored as all of a new cluster.

use super::choose::{database, saved};
use super::new::cluster_of;
use super::nodes::Nodes;
use super::ports::are_silent;
use super::word::Told;
use super::work::Rescue;
use crate::compiled::Compiled;
use crate::node::read_bundle;
use crate::node::rescue::Copied;
use bouquet_lock::Restored;
use bouquet_model::diagnostic::{Diagnostic, quoted};
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
        are_silent(compiled.cluster, &work.basis.recorded.running, name)?;
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
