//! `out/` as it was: the certificates and keys that earlier builds have issued.

use super::OutPath;
use super::failure::Failure;
use super::folders::{Folder, Folders};
use super::inspect;
use super::lock::Out;
use super::threads::for_all;
use crate::pki::{ExistingRequest, LEDGER, Pair, REQUESTS, request_place};
use bouquet_model::certificate::Wanted;
use bouquet_model::trust::{ca_number, ca_place};
use bouquet_x509::Secret;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

impl Out {
    /// Reads the pairs of certificate and key at these places.
    ///
    /// # Errors
    /// If a file cannot be read, is a symbolic link, or is none, or a folder above it is a link: a
    /// key that came from elsewhere would end up in certificates that are trusted.
    pub fn read<'a>(
        &'a self,
        places: impl IntoIterator<Item = &'a str>,
    ) -> Result<BTreeMap<String, Pair>, Failure> {
        let mut folders = Folders::below(&self.root);
        let mut there = Vec::new();
        let mut pairs = BTreeMap::new();
        for place in places {
            if folders.look(folder(place))? == Folder::Missing {
                pairs.insert(place.to_owned(), Pair::default());
            } else {
                there.push(place);
            }
        }
        let read = for_all(&there, 64, |place| pair(&self.root, place))?;
        pairs.extend(there.into_iter().map(str::to_owned).zip(read));
        Ok(pairs)
    }

    /// Reads the pair at one place.
    ///
    /// # Errors
    /// As [`Out::read`].
    pub fn read_pair(&self, place: &str) -> Result<Pair, Failure> {
        match Folders::below(&self.root).look(folder(place))? {
            Folder::Missing => Ok(Pair::default()),
            Folder::There { .. } => pair(&self.root, place),
        }
    }

    /// Reads a file, if it is there.
    ///
    /// # Errors
    /// As [`Out::read`].
    pub fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        match Folders::below(&self.root).look(folder(path))? {
            Folder::Missing => Ok(None),
            Folder::There { .. } => inspect::read(&self.root.join(path), LARGE),
        }
    }

    /// Reads what there is of requests for these, by their places; nothing where there is no folder of
    /// requests.
    ///
    /// # Errors
    /// As [`Out::read`].
    pub(crate) fn requests(
        &self,
        wanted: &[Wanted],
    ) -> Result<BTreeMap<String, ExistingRequest>, Failure> {
        if Folders::below(&self.root).look(REQUESTS)? == Folder::Missing {
            return Ok(BTreeMap::new());
        }
        let read = for_all(wanted, 64, |wanted| {
            let place = request_place(wanted);
            let text = inspect::read(&self.root.join(format!("{place}.csr")), SMALL)?;
            let pair = pair(&self.root, &place)?;
            Ok((place, ExistingRequest { text, pair }))
        })?;
        Ok(read.into_iter().collect())
    }

    /// The numbers of all CAs that have a file in `pki/`, trusted or not.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn authorities(&self) -> Result<BTreeSet<u32>, Failure> {
        let entries = inspect::entries(&self.root.join("pki"))?;
        let number = |path: &PathBuf| {
            let extension = path.extension()?;
            let stem = path.file_stem()?.to_str()?;
            let is_ca = extension == "crt" || extension == "key";
            is_ca.then(|| ca_number(&format!("pki/{stem}"))).flatten()
        };
        Ok(entries.iter().filter_map(number).collect())
    }

    /// Whether there is a key of that CA.
    pub(crate) fn has_key(&self, number: u32) -> bool {
        self.root.join(format!("{}.key", ca_place(number))).exists()
    }

    /// The files of CAs that stay as they are: every key, and beside it the certificate of a CA that
    /// is trusted no more.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) fn kept(&self, retired: &[u32]) -> Result<Vec<String>, Failure> {
        let mut kept = Vec::new();
        for number in self.authorities()? {
            let place = ca_place(number);
            let files = [
                (true, format!("{place}.key")),
                (retired.contains(&number), format!("{place}.crt")),
            ];
            let there = |(stays, file): &(bool, String)| *stays && self.root.join(file).exists();
            kept.extend(files.into_iter().filter(there).map(|(_, file)| file));
        }
        Ok(kept)
    }

    /// The same where there is no TLS for now: what it takes to go on when it comes back.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) fn everything_of_cas(&self) -> Result<Vec<String>, Failure> {
        let mut kept = self.kept(&self.authorities()?.into_iter().collect::<Vec<_>>())?;
        kept.extend(self.root.join(LEDGER).exists().then(|| LEDGER.to_owned()));
        Ok(kept)
    }

    /// Whether earlier builds wrote the certificate or the key of that place.
    pub(crate) fn lists(&self, place: &str) -> bool {
        ["crt", "key"].iter().any(|extension| {
            let path = OutPath::parse(&format!("{place}.{extension}"));
            path.is_some_and(|path| self.manifest.paths.contains(&path))
        })
    }

    /// The first certificate or key found anywhere: that there has been a CA, so that none may be
    /// minted in silence.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn trace(&self) -> Result<Option<PathBuf>, Failure> {
        for folder in ["pki", "members", "clients"] {
            if let Some(path) = find(&self.root.join(folder), 3)? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }
}

/// A file of trusted CAs, a list of what was issued: no more than a mistaken file may cost.
const LARGE: u64 = 64 << 20;

/// A certificate that vouches for thousands of names has some hundred KiB.
const SMALL: u64 = 4 << 20;

fn folder(place: &str) -> &str {
    place.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn pair(root: &Path, place: &str) -> Result<Pair, Failure> {
    let read = |extension| inspect::read(&root.join(format!("{place}.{extension}")), SMALL);
    Ok(Pair { certificate: read("crt")?, key: read("key")?.map(Secret::from) })
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
