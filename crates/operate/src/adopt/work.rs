//! What `adopt` leaves to be done.

use crate::exit::Exit;
use std::path::PathBuf;

/// A `cluster.toml` that is to be written.
#[derive(Debug, PartialEq, Eq)]
pub struct Adopt {
    /// Its place, where nothing is yet.
    pub(crate) file: PathBuf,
    /// As it was typed.
    pub(crate) shown: String,
    pub(crate) text: String,
    /// What is said once it is there.
    pub(crate) next: String,
    /// The program's end, where it could be written.
    pub(crate) exit: Exit,
}
