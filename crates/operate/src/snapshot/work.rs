//! What is asked for.

use crate::client::Speaker;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// A snapshot that is to be taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Save {
    /// Who asks.
    pub(crate) client: Speaker,
    /// Where it goes.
    pub(crate) to: To,
    /// The member that is asked; `None` for the best one.
    pub(crate) member: Option<String>,
    /// That member is known to have the right data: that others have other data is no reason against it.
    pub(crate) is_right: bool,
    /// How many snapshots of this cluster the folder keeps; `None` for all.
    pub(crate) keep: Option<NonZeroUsize>,
    /// Save also what is in doubt.
    pub(crate) force: bool,
    /// How long each member has for its answers before.
    pub(crate) deadline: Duration,
    /// Tell it as JSON.
    pub(crate) json: bool,
    /// The file of metrics for the textfile collector.
    pub(crate) textfile: Option<PathBuf>,
    /// The name of the program, as it is typed.
    pub(crate) program: String,
}

/// Says where a snapshot goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum To {
    /// To that file.
    File(PathBuf),
    /// Into that folder, under a name of its own.
    Folder(PathBuf),
    /// To standard output.
    Stdout,
}
