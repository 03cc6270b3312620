//! The edge: a snapshot's place on the disk, and those that are there already.

use super::folder::{latest, surplus};
use super::partial::{Partial, Whole, open_whole};
use super::refused::refused;
use bouquet_etcd::database::{self, Broken};
use bouquet_model::diagnostic::Diagnostic;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// A snapshot that is written beside its place.
pub(super) struct Begun<'a> {
    partial: Partial,
    target: Target<'a>,
    /// The revision of the one before.
    pub(super) seen: Option<i64>,
}

enum Target<'a> {
    File(&'a Path),
    /// A folder, the ID of the cluster, and what is there.
    Folder(&'a Path, u64, Vec<String>),
}

impl<'a> Begun<'a> {
    /// Begins one that goes to a file.
    ///
    /// # Errors
    /// If it cannot be written there, or something else than a snapshot is there.
    pub(super) fn at(place: &'a Path) -> Result<Self, Diagnostic> {
        let folder = place.parent().unwrap_or(Path::new(""));
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let partial = Partial::begin(folder, &name)?;
        Ok(Self { partial, seen: before(place)?, target: Target::File(place) })
    }

    /// Begins one that goes into a folder, beside those of other clusters that do so at the same time.
    ///
    /// # Errors
    /// If it cannot be written there.
    pub(super) fn within(folder: &'a Path, cluster: u64) -> Result<Self, Diagnostic> {
        let partial = Partial::begin(folder, &format!("bouquet-snapshot-{cluster:016x}"))?;
        // Not before: until then another one of this cluster's may have been at work.
        let names = list(folder)?;
        let seen = latest(names.iter().map(String::as_str), cluster);
        Ok(Self { partial, seen, target: Target::Folder(folder, cluster, names) })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.partial.write(bytes)
    }

    /// Reads the revision of what was written.
    pub(super) fn revision(&self) -> Result<i64, Broken> {
        database::revision(&self.partial.written())
    }

    /// Puts it into its place, which in a folder is `name`, and returns that. Then those of that cluster that are too many
    /// are removed from the folder, where it keeps no more than so many, and returned.
    ///
    /// # Errors
    /// If it cannot be put there, or an old one not be removed.
    pub(super) fn end(
        self,
        name: &str,
        keep: Option<NonZeroUsize>,
    ) -> Result<(PathBuf, Vec<PathBuf>), Diagnostic> {
        let (folder, cluster, names) = match self.target {
            Target::File(place) => {
                self.partial.place(place)?;
                return Ok((place.to_owned(), Vec::new()));
            }
            Target::Folder(folder, cluster, names) => (folder, cluster, names),
        };
        let place = folder.join(name);
        self.partial.place(&place)?;
        let mut removed = Vec::new();
        if let Some(keep) = keep {
            // One of the same second was written over.
            let others = names.iter().map(String::as_str).filter(|other| *other != name);
            for other in surplus(others, cluster, keep) {
                let path = folder.join(other);
                if remove(&path)? {
                    removed.push(path);
                }
            }
        }
        Ok((place, removed))
    }
}

/// Reads the revision of what is at that place; anything else than a snapshot is not written over.
fn before(place: &Path) -> Result<Option<i64>, Diagnostic> {
    let file = match open_whole(place) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(place, &error)),
    };
    database::revision(&Whole(&file)).map(Some).map_err(|broken| {
        Diagnostic::error(format!("`{}` is there, and is no snapshot: {broken}", place.display()))
            .note("nothing was written over it")
            .help("name another file, or a folder")
    })
}

/// Removes a snapshot; tells whether it was there.
#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn remove(path: &Path) -> Result<bool, Diagnostic> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => {
            let problem = Diagnostic::error(format!("cannot remove `{}`: {error}", path.display()));
            Err(problem.note("the new snapshot is in its place"))
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn list(folder: &Path) -> Result<Vec<String>, Diagnostic> {
    let read = || -> io::Result<Vec<String>> {
        let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        Ok(entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect())
    };
    read().map_err(|error| refused(folder, &error))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at files")]
mod tests {
    use super::super::folder::name;
    use super::*;

    #[test]
    fn clusters_save_into_one_folder_at_the_same_time_and_one_cluster_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let [mut one, mut other] =
            [1, 2].map(|cluster| Begun::within(folder.path(), cluster).unwrap());
        let said = Begun::within(folder.path(), 2).err().unwrap().to_string();
        assert!(said.contains("another program writes"), "{said}");
        one.write(b"one").unwrap();
        other.write(b"other").unwrap();
        let names = [1, 2].map(|cluster| name(("t", cluster), (5, 100), false));
        let [one, other] = [(one, &names[0]), (other, &names[1])]
            .map(|(begun, name)| begun.end(name, NonZeroUsize::new(1)).unwrap());
        assert_eq!(
            (fs::read(one.0).unwrap(), fs::read(other.0).unwrap()),
            (b"one".to_vec(), b"other".to_vec())
        );
        assert_eq!((one.1, other.1, list(folder.path()).unwrap().len()), (vec![], vec![], 2));
    }

    /// A timer takes them one after the other, and the clock was ahead once.
    #[test]
    fn the_last_ones_are_kept_whatever_a_clock_has_made_of_their_dates() {
        let folder = tempfile::tempdir().unwrap();
        let taken = [(5, 100), (6, 4_000_000_000), (7, 300), (8, 400), (8, 500), (9, 600)];
        let names = taken.map(|taken| name(("t", 1), taken, false));
        for name in &names {
            let begun = Begun::within(folder.path(), 1).unwrap();
            let (place, removed) = begun.end(name, NonZeroUsize::new(3)).unwrap();
            assert!(place.exists() && !removed.contains(&place), "{name}");
        }
        let mut left = list(folder.path()).unwrap();
        left.sort();
        assert_eq!(left, names[3..]);
    }

    #[test]
    fn an_old_one_that_is_gone_already_is_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        let old = [100, 200].map(|now| name(("t", 1), (4, now), false));
        for name in &old {
            fs::write(folder.path().join(name), "old").unwrap();
        }
        let begun = Begun::within(folder.path(), 1).unwrap();
        assert_eq!(begun.seen, Some(4));
        fs::remove_file(folder.path().join(&old[0])).unwrap();
        let new = name(("t", 1), (5, 300), false);
        let (place, removed) = begun.end(&new, NonZeroUsize::new(1)).unwrap();
        assert_eq!((place, removed), (folder.path().join(&new), vec![folder.path().join(&old[1])]));
        assert_eq!(list(folder.path()).unwrap(), [new]);
    }
}
