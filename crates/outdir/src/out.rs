//! `out/`, held by one build at a time.

use super::disk;
use super::folders::{Folders, parent};
use super::hold::Hold;
use super::inspect;
use super::manifest::Manifest;
use super::recover::recover;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// More than any file in `out/` takes: no more than a mistaken file may cost.
const LARGE: u64 = 64 << 20;

/// The output folder while this process, and no other, reads and writes it.
#[derive(Debug)]
pub struct Out {
    pub(super) root: PathBuf,
    /// Single files elsewhere that a commit may write too.
    pub(super) extras: Vec<PathBuf>,
    pub(super) manifest: Manifest,
    /// Folders in which the remains of a killed build were put right.
    pub(super) recovered: BTreeSet<PathBuf>,
    /// Whether the folder was not there before.
    is_new: bool,
    _hold: Hold,
}

/// A folder that was made for a build which then wrote nothing goes again.
impl Drop for Out {
    fn drop(&mut self) {
        if self.is_new {
            disk::remove_empty_root(&self.root);
        }
    }
}

impl Out {
    /// Takes the folder, made if it is not there, and puts right what a killed build has left. One that was
    /// made, and in which nothing was written, is gone again with this value.
    ///
    /// `extras` are the single files elsewhere, such as one beside `cluster.toml`, that commits
    /// write together with `out/`. They are named here and not in the manifest: nobody who edits
    /// that file shall lead a build to another place.
    ///
    /// # Errors
    /// If the folder cannot be made, is a link that leads nowhere, or remains of a killed build cannot be put right.
    pub fn open(root: &Path, extras: &[&Path], hold: Hold) -> Result<Self, Diagnostic> {
        inspect::is_there(root)?;
        let is_new = disk::create_root(root)?;
        let extras: Vec<PathBuf> = extras.iter().map(|place| (*place).to_owned()).collect();
        let (manifest, recovered) = recover(root, &extras)?;
        Ok(Self { root: root.to_owned(), extras, manifest, recovered, is_new, _hold: hold })
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Returns what earlier builds have written.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads a file, if it is there.
    ///
    /// # Errors
    /// If it cannot be read, is a symbolic link, or is none, or a folder above it is a link: a key
    /// that came from elsewhere would end up in certificates that are trusted.
    pub fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let mut folders = self.folders();
        folders.look(parent(path))?;
        folders.read(path, LARGE)
    }

    /// Returns the folders below this one, for anyone who reads many files.
    pub fn folders(&self) -> Folders<'_> {
        Folders::below(&self.root)
    }
}
