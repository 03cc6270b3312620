//! The edge: the versions that are kept, and to which of them a way back leads.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at what was installed")]

use super::beside::write;
use super::files::{BEFORE, UNIT, Versions, sync};
use crate::if_there::if_there;
use crate::node::bundle::CERTS;
use bouquet_model::time::Instant;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// How many versions are kept, the current one among them.
const KEPT: usize = 4;

/// The file with the name of the version to which a way back leads, as long as it is not ended.
const BACK: &str = ".back";

/// Which versions there are, where none comes before the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// None at all.
    None,
    /// The current one is the oldest.
    FirstIsCurrent,
    /// None of them is the current one.
    Others,
}

impl Versions {
    /// Returns the name of the next version: of a second behind those of all that are there, also in one and the same
    /// second, or where the clock was set back.
    pub(super) fn next(&self, now: i64) -> io::Result<String> {
        let last = self.all()?.iter().filter_map(|path| Instant::parse_basic(&date(path).0)).max();
        Ok(Instant(last.map_or(now, |last| now.max(last.0 + 1))).basic())
    }

    /// Returns the versions, the oldest first.
    pub(super) fn all(&self) -> io::Result<Vec<PathBuf>> {
        let mut all = Vec::new();
        for entry in if_there(fs::read_dir(&self.folder))?.into_iter().flatten() {
            let path = entry?.path();
            if self.is_whole(&path)? {
                all.push(path);
            }
        }
        all.sort_by_key(|path| date(path));
        Ok(all)
    }

    fn is_whole(&self, version: &Path) -> io::Result<bool> {
        Ok(is_dir(version)?
            && is_file(&version.join(UNIT))?
            && (self.place.is_none() || is_dir(&version.join(CERTS))?))
    }

    /// Returns the versions, and the number of the current one among them: the certificates' place leads to it; without
    /// those it is the last one with the unit that is installed.
    fn current(&self, unit: Option<&str>) -> io::Result<Option<(Vec<PathBuf>, usize)>> {
        let all = self.all()?;
        let number = match &self.place {
            None => {
                let mut number = None;
                for (at, path) in all.iter().enumerate() {
                    if has_unit(path, unit)? {
                        number = Some(at);
                    }
                }
                number
            }
            Some(place) => {
                let link = link(place)?;
                let name = link.as_deref().and_then(|link| link.parent()?.file_name());
                all.iter().position(|path| name.is_some() && path.file_name() == name)
            }
        };
        Ok(number.map(|number| (all, number)))
    }

    /// Returns the version before the current one; that to which a way back leads which was begun and not ended.
    pub(super) fn former(&self, unit: Option<&str>) -> io::Result<Option<PathBuf>> {
        let begun = if_there(fs::read_to_string(self.folder.join(BACK)))?;
        if let Some(version) = begun.map(|stamp| self.folder.join(stamp))
            && self.is_whole(&version)?
        {
            return Ok(Some(version));
        }
        let current = self.current(unit)?;
        Ok(current.and_then(|(all, number)| all.get(number.checked_sub(1)?).cloned()))
    }

    /// Tells which versions there are, where none comes before the current one.
    pub(super) fn kept(&self, unit: Option<&str>) -> io::Result<Kept> {
        Ok(match self.current(unit)? {
            Some(_) => Kept::FirstIsCurrent,
            None if self.all()?.is_empty() => Kept::None,
            None => Kept::Others,
        })
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

    /// Returns the name of the version to which the certificates' place leads, where that has this unit.
    pub(super) fn leading_to(&self, unit: &str) -> io::Result<Option<String>> {
        if self.place.is_none() {
            return Ok(None);
        }
        let Some((all, number)) = self.current(None)? else { return Ok(None) };
        let name = all[number].file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(if has_unit(&all[number], Some(unit))? { name } else { None })
    }

    /// Removes the versions behind the current one: each was gone back from, or was never led to. Of the next one, the
    /// current one is to be the version before.
    pub(super) fn forget_later(&self, unit: Option<&str>) -> io::Result<()> {
        let Some((all, number)) = self.current(unit)? else { return Ok(()) };
        for path in &all[number + 1..] {
            let _ = fs::remove_dir_all(path);
        }
        Ok(())
    }

    /// Removes those that are old, and those of which the program had made the unit alone when it was killed. What cannot
    /// be removed stays.
    pub(super) fn prune(&self) {
        let there = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let is_begun = |path: &PathBuf| {
            date(path).1 == 0 && self.is_whole(path).is_ok_and(|is_whole| !is_whole)
        };
        for path in there.map(|entry| entry.path()).filter(is_begun) {
            let _ = fs::remove_dir_all(path);
        }
        let Ok(all) = self.all() else { return };
        for path in all.iter().take(all.len().saturating_sub(KEPT)) {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Returns what versions are sorted by, the oldest first: what was there before a version is older than it.
fn date(path: &Path) -> (String, u8) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match name.strip_prefix(BEFORE) {
        Some(date) => (date.to_owned(), 0),
        None => (name, 1),
    }
}

fn has_unit(version: &Path, unit: Option<&str>) -> io::Result<bool> {
    Ok(if_there(fs::read_to_string(version.join(UNIT)))?.as_deref() == unit)
}

fn is_file(path: &Path) -> io::Result<bool> {
    Ok(if_there(fs::metadata(path))?.is_some_and(|facts| facts.is_file()))
}

fn is_dir(path: &Path) -> io::Result<bool> {
    Ok(if_there(fs::metadata(path))?.is_some_and(|facts| facts.is_dir()))
}

/// Returns where a link leads; `None` where there is none, or something else.
fn link(path: &Path) -> io::Result<Option<PathBuf>> {
    let facts = if_there(fs::symlink_metadata(path))?;
    facts.filter(Metadata::is_symlink).map(|_| fs::read_link(path)).transpose()
}
