//! `out/` as it was: the certificates and keys that earlier builds have issued.

use super::failure::Failure;
use super::folders::{Folder, Folders};
use super::inspect;
use super::lock::Out;
use super::threads::for_all;
use crate::output::OutPath;
use crate::pki::Found;
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the CA is, as a place: `ca.crt` and `ca.key` in `pki/`.
pub(super) const CA: &str = "pki/ca";

/// Certificates and keys that are there, not yet looked into.
#[derive(Debug, Default)]
pub struct Existing {
    /// `pki/ca.crt` and `pki/ca.key`.
    pub ca: Found,
    /// What is at each place that was asked for, such as `members/orange/certs/server`.
    pub leaves: BTreeMap<String, Found>,
    /// Where `pki/ca.crt` is not there: a file which shows that there has been a CA, so that none
    /// may be minted in silence.
    pub trace: Option<PathBuf>,
}

impl Out {
    /// Reads the CA and the pairs at these places.
    ///
    /// # Errors
    /// If a file cannot be read, is a symbolic link, or is none, or a folder above it is a link: a
    /// key that came from elsewhere would end up in certificates that are trusted.
    pub fn read<'a>(
        &'a self,
        places: impl IntoIterator<Item = &'a str>,
    ) -> Result<Existing, Failure> {
        let mut folders = Folders::below(&self.root);
        let mut there = Vec::new();
        let mut leaves = BTreeMap::new();
        for place in places {
            let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folders.look(folder)? == Folder::Missing {
                leaves.insert(place.to_owned(), Found::default());
            } else {
                there.push(place);
            }
        }
        let pairs = for_all(&there, 64, |place| pair(&self.root, place))?;
        leaves.extend(there.into_iter().map(str::to_owned).zip(pairs));
        let ca = match folders.look("pki")? {
            Folder::Missing => Found::default(),
            Folder::There { .. } => pair(&self.root, CA)?,
        };
        let trace = if ca.certificate.is_none() { self.trace()? } else { None };
        Ok(Existing { ca, leaves, trace })
    }

    /// The first certificate or key found anywhere, or the manifest if that lists a CA.
    fn trace(&self) -> Result<Option<PathBuf>, Failure> {
        for folder in ["pki", "members", "clients"] {
            if let Some(path) = find(&self.root.join(folder), 3)? {
                return Ok(Some(path));
            }
        }
        let listed =
            |name| OutPath::parse(name).is_some_and(|path| self.manifest.paths.contains(&path));
        let expected = listed("pki/ca.crt") || listed("pki/ca.key");
        Ok(expected.then(|| self.root.join(OutPath::MANIFEST)))
    }
}

fn pair(root: &Path, place: &str) -> Result<Found, Failure> {
    /// A certificate that vouches for thousands of names has some hundred KiB.
    const LIMIT: u64 = 4 << 20;
    let read = |extension| inspect::read(&root.join(format!("{place}.{extension}")), LIMIT);
    Ok(Found { certificate: read("crt")?, key: read("key")?.map(Secret::from) })
}

fn find(path: &Path, depth: u32) -> Result<Option<PathBuf>, Failure> {
    let mut entries = inspect::entries(path)?;
    // Sorted, so that the same state gives the same message.
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        let facts = if hidden { None } else { inspect::look(&entry)? };
        let Some(facts) = facts else { continue };
        if entry.extension().is_some_and(|extension| extension == "crt" || extension == "key") {
            return Ok(Some(entry));
        }
        if facts.is_dir() && depth > 0 {
            let found = find(&entry, depth - 1)?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}
