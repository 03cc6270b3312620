//! What is to be rescued, as the command line asks for it.

use crate::client::Speaker;
use crate::plan::Basis;
use crate::record::Recording;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// A cluster that has lost its quorum, and that is to go on with one member's data.
#[derive(Debug, PartialEq, Eq)]
pub struct Rescue {
    pub(crate) basis: Basis,
    /// Who asks.
    pub(crate) client: Speaker,
    /// How long members have for their answers.
    pub(crate) deadline: Duration,
    /// What records it.
    pub(crate) recording: Recording,
    /// Those of whom a person says that they never come back.
    pub(crate) lost: BTreeSet<String>,
    /// Whose data goes on; `None` for that of the one that has most.
    pub(crate) from: Option<String>,
    /// All members are at other addresses than their data has.
    pub(crate) moved: bool,
    /// Nobody is asked.
    pub(crate) yes: bool,
    /// The program for nodes; this one, where it runs there.
    pub(crate) node_program: Option<PathBuf>,
}
