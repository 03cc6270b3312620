//! The edge: the programs of an etcd take their places.

#![expect(clippy::disallowed_methods, reason = "the edge that places programs")]

use super::deeds::Placing;
use super::staged::unwritable;
use crate::if_there::if_there;
use bouquet_model::diagnostic::Diagnostic;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

/// Begins the names of the folders with former programs, before their version.
pub(super) const FORMER: &str = ".etcd-";

impl Placing {
    /// Keeps the former ones, and has each of these take its place, etcd last. One that runs goes on with its file.
    pub(super) fn run(&self) -> Result<(), Diagnostic> {
        for (next, place) in &self.programs {
            self.keeps(place)
                .and_then(|()| fs::rename(next, place))
                .and_then(|()| File::open(place.parent().unwrap_or(Path::new("/")))?.sync_all())
                .map_err(|error| unwritable(place, &error).note("etcd was not restarted"))?;
        }
        self.forgets();
        Ok(())
    }

    /// Gives the program that is there another name, too: one that takes no space beside the first.
    fn keeps(&self, place: &Path) -> io::Result<()> {
        let (Some(folder), Some(name)) = (&self.former, place.file_name()) else { return Ok(()) };
        DirBuilder::new().recursive(true).mode(0o755).create(folder)?;
        let kept = folder.join(name);
        if if_there(fs::symlink_metadata(place))?.is_none() {
            return Ok(());
        }
        if_there(fs::remove_file(&kept))?;
        fs::hard_link(place, &kept)
    }

    /// Removes those that were kept earlier: what cannot be removed stays.
    fn forgets(&self) {
        let Some(folder) = &self.former else { return };
        let Some(beside) = folder.parent() else { return };
        for entry in fs::read_dir(beside).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_one = name.to_string_lossy().starts_with(FORMER);
            if is_one && Some(name.as_os_str()) != folder.file_name() {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}
