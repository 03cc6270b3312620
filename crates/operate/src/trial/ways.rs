//! The ways out of here.

use crate::patience::Patience;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// The ways out of here, which members' readers take along.
#[derive(Clone, Copy)]
pub(crate) struct Ways {
    /// Data, with colours.
    pub(crate) print: fn(&str),
    /// Talk, with colours.
    pub(crate) say: fn(&str),
    pub(crate) read: fn(&Path) -> io::Result<Vec<u8>>,
    pub(crate) variable: fn(&str) -> Option<OsString>,
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) patience: Patience,
}
