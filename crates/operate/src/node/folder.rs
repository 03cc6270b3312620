//! The edge: a member's folder of `out/members` is read.

#![expect(clippy::disallowed_methods, reason = "the edge that reads what is brought to a node")]

use super::bundle::{Bundle, CERTS, LARGEST, is_artifact};
use bouquet_outdir::inspect::read_linked;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Reads the files of a member's folder that a node takes: those of etcd's options, and the certificates.
///
/// # Errors
/// If one cannot be read, with its path.
pub(crate) fn read_bundle(from: &Path) -> Result<Bundle, (PathBuf, io::Error)> {
    let mut files = BTreeMap::new();
    read_into(&mut files, from, Path::new(""))?;
    if from.join(CERTS).is_dir() {
        read_into(&mut files, from, Path::new(CERTS))?;
    }
    Ok(Bundle { from: from.to_owned(), files })
}

/// Reads the files of a folder, which are not those of folders in it.
fn read_into(
    files: &mut BTreeMap<PathBuf, Secret>,
    from: &Path,
    below: &Path,
) -> Result<(), (PathBuf, io::Error)> {
    let folder = from.join(below);
    let of_folder = |error| (folder.clone(), error);
    for entry in fs::read_dir(&folder).map_err(of_folder)? {
        let path = entry.map_err(of_folder)?.path();
        let Some(name) = path.file_name() else { continue };
        let of_file = |error| (path.clone(), error);
        let is_one = below != Path::new("") || is_artifact(name);
        if is_one && fs::metadata(&path).map_err(of_file)?.is_file() {
            let content = read_linked(&path, LARGEST).map_err(of_file)?;
            files.insert(below.join(name), Secret::from(content));
        }
    }
    Ok(())
}
