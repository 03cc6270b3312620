//! The edge: the versions that are kept, and to which of them a way back leads.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at what was installed")]

use super::beside::write;
use super::files::{BEFORE, UNIT, Versions, sync};
use crate::node::bundle::CERTS;
use bouquet_model::time::Instant;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How many versions are kept, the current one among them.
const KEPT: usize = 4;

/// The file with the name of the version to which a way back leads, as long as it is not ended.
const BACK: &str = ".back";

impl Versions {
    /// The name of the next version: of a second behind those of all that are there, also in one and the same second, or
    /// where the clock was set back.
    pub(super) fn next(&self, now: i64) -> String {
        let last = self.all().iter().filter_map(|path| Instant::parse_basic(&date(path).0)).max();
        Instant(last.map_or(now, |last| now.max(last.0 + 1))).basic()
    }

    /// The versions, the oldest first.
    pub(super) fn all(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut all: Vec<PathBuf> = paths.filter(|path| self.is_whole(path)).collect();
        all.sort_by_key(|path| date(path));
        all
    }

    fn is_whole(&self, version: &Path) -> bool {
        version.join(UNIT).is_file() && (self.place.is_none() || version.join(CERTS).is_dir())
    }

    /// The versions, and the number of the current one among them: the certificates' place leads to it; without those it is
    /// the last one with the unit that is installed.
    fn current(&self, unit: Option<&str>) -> Option<(Vec<PathBuf>, usize)> {
        let all = self.all();
        let number = match &self.place {
            None => all.iter().rposition(|path| has_unit(path, unit)),
            Some(place) => {
                let link = fs::read_link(place).ok()?;
                let name = link.parent()?.file_name()?;
                all.iter().position(|path| path.file_name() == Some(name))
            }
        }?;
        Some((all, number))
    }

    /// The version before the current one; that to which a way back leads which was begun and not ended.
    pub(super) fn former(&self, unit: Option<&str>) -> Option<PathBuf> {
        let begun = fs::read_to_string(self.folder.join(BACK)).ok();
        if let Some(version) = begun.map(|stamp| self.folder.join(stamp))
            && self.is_whole(&version)
        {
            return Some(version);
        }
        let (all, number) = self.current(unit)?;
        all.get(number.checked_sub(1)?).cloned()
    }

    /// Notes to which version a way back leads: killed on it, the program does not go one further.
    pub(super) fn goes_back(&self, stamp: &str) -> io::Result<()> {
        write(&self.folder.join(BACK), stamp.as_bytes(), 0o644)?.sync_all()?;
        sync(&self.folder)
    }

    /// Notes that it ended, or is given up.
    pub(super) fn went_back(&self) {
        let _ = fs::remove_file(self.folder.join(BACK));
    }

    /// The name of the version to which the certificates' place leads, where that has this unit.
    pub(super) fn leading_to(&self, unit: &str) -> Option<String> {
        self.place.as_ref()?;
        let (all, number) = self.current(None)?;
        let name = all[number].file_name()?.to_string_lossy().into_owned();
        has_unit(&all[number], Some(unit)).then_some(name)
    }

    /// Removes the versions behind the current one: each was gone back from, or was never led to. Of the next one, the
    /// current one is to be the version before.
    pub(super) fn forget_later(&self, unit: Option<&str>) {
        let Some((all, number)) = self.current(unit) else { return };
        for path in &all[number + 1..] {
            let _ = fs::remove_dir_all(path);
        }
    }

    /// Removes those that are old, and those of which the program had made the unit alone when it was killed. What cannot
    /// be removed stays.
    pub(super) fn prune(&self) {
        let there = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let begun = |path: &PathBuf| date(path).1 == 0 && !self.is_whole(path);
        for path in there.map(|entry| entry.path()).filter(begun) {
            let _ = fs::remove_dir_all(path);
        }
        let all = self.all();
        for path in all.iter().take(all.len().saturating_sub(KEPT)) {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// What was there before a version is older than it.
fn date(path: &Path) -> (String, u8) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match name.strip_prefix(BEFORE) {
        Some(date) => (date.to_owned(), 0),
        None => (name, 1),
    }
}

fn has_unit(version: &Path, unit: Option<&str>) -> bool {
    fs::read_to_string(version.join(UNIT)).ok().as_deref() == unit
}
