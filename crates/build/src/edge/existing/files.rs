//! The certificates, keys and CAs that earlier builds have left in `out/`.
//!
//! What lies where in `pki/`, `members/` and `clients/` is known here and not in `outdir`, which
//! reads the files and sees to it that no link leads elsewhere.

use crate::pki::{ExistingRequest, Pair, REQUESTS, request_place};
use bouquet_model::certificate::Wanted;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::trust::{ca_number, ca_place};
use bouquet_outdir::inspect;
use bouquet_outdir::parallel::try_map;
use bouquet_outdir::{Folder, Folders, Out, OutPath, parent};
use bouquet_x509::Secret;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The most bytes of a small file: a certificate that vouches for thousands of names has some
/// hundred KiB.
const SMALL: u64 = 4 << 20;

/// Reads the pairs of certificate and key at these places.
///
/// # Errors
/// As [`Out::read_file`].
pub(in crate::edge) fn pairs<'a>(
    out: &'a Out,
    places: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeMap<String, Pair>, Diagnostic> {
    let mut folders = out.folders();
    let places: Vec<&str> = places.into_iter().collect();
    for place in &places {
        folders.look(parent(place))?;
    }
    let pairs = try_map(&places, 64, |place| pair_in(&folders, place))?;
    Ok(places.into_iter().map(str::to_owned).zip(pairs).collect())
}

/// Reads the pair at one place.
///
/// # Errors
/// As [`Out::read_file`].
pub(in crate::edge) fn pair(out: &Out, place: &str) -> Result<Pair, Diagnostic> {
    let mut folders = out.folders();
    folders.look(parent(place))?;
    pair_in(&folders, place)
}

/// Reads what there is of requests for these, by their places; nothing where there is no folder
/// of requests.
///
/// # Errors
/// As [`Out::read_file`].
pub(in crate::edge) fn requests(
    out: &Out,
    wanted: &[Wanted],
) -> Result<BTreeMap<String, ExistingRequest>, Diagnostic> {
    let mut folders = out.folders();
    if folders.look(REQUESTS)? == Folder::Missing {
        return Ok(BTreeMap::new());
    }
    let read = try_map(wanted, 64, |wanted| {
        let place = request_place(wanted);
        let text = folders.read(&format!("{place}.csr"), SMALL)?;
        let pair = pair_in(&folders, &place)?;
        Ok((place, ExistingRequest { text, pair }))
    })?;
    Ok(read.into_iter().collect())
}

/// Returns the numbers of all CAs that have a file in `pki/`, trusted or not.
///
/// # Errors
/// If the folder cannot be read.
pub(in crate::edge) fn authorities(out: &Out) -> Result<BTreeSet<u32>, Diagnostic> {
    let entries = inspect::entries(&out.path().join("pki"))?;
    let number = |path: &PathBuf| {
        let extension = path.extension()?;
        let stem = path.file_stem()?.to_str()?;
        let is_ca = extension == "crt" || extension == "key";
        is_ca.then(|| ca_number(&format!("pki/{stem}"))).flatten()
    };
    Ok(entries.iter().filter_map(number).collect())
}

/// Tells whether there is a key of that CA.
pub(in crate::edge) fn has_key(out: &Out, number: u32) -> bool {
    out.path().join(format!("{}.key", ca_place(number))).exists()
}

/// Returns the files of CAs that stay as they are: every key, and beside it the certificate of
/// a CA that is trusted no more.
///
/// # Errors
/// If the folder cannot be read.
pub(in crate::edge) fn kept(out: &Out, retired: &[u32]) -> Result<Vec<String>, Diagnostic> {
    let mut kept = Vec::new();
    for number in authorities(out)? {
        let place = ca_place(number);
        let files =
            [(true, format!("{place}.key")), (retired.contains(&number), format!("{place}.crt"))];
        let there = |(stays, file): &(bool, String)| *stays && out.path().join(file).exists();
        kept.extend(files.into_iter().filter(there).map(|(_, file)| file));
    }
    Ok(kept)
}

/// Returns the same where there is no TLS for now: what it takes to go on when it comes back.
///
/// # Errors
/// If the folder cannot be read.
pub(in crate::edge) fn everything_of_cas(out: &Out) -> Result<Vec<String>, Diagnostic> {
    kept(out, &authorities(out)?.into_iter().collect::<Vec<_>>())
}

/// Tells whether earlier builds wrote the certificate or the key of that place.
pub(in crate::edge) fn was_written(out: &Out, place: &str) -> bool {
    ["crt", "key"].iter().any(|extension| {
        let path = OutPath::parse(&format!("{place}.{extension}"));
        path.is_some_and(|path| out.manifest().paths.contains(&path))
    })
}

/// Returns the first certificate or key that is anywhere: it tells that there has been a CA, so
/// that none may be minted in silence.
///
/// # Errors
/// If a folder cannot be read.
pub(in crate::edge) fn trace(out: &Out) -> Result<Option<PathBuf>, Diagnostic> {
    first_of(out.path(), &["crt", "key"])
}

/// Tells whether there is any key below this folder, of a CA, a member, a client or a request.
///
/// # Errors
/// If a folder cannot be read.
pub(in crate::edge) fn any_key(out: &Path) -> Result<bool, Diagnostic> {
    Ok(first_of(out, &["key"])?.is_some())
}

fn first_of(out: &Path, extensions: &[&str]) -> Result<Option<PathBuf>, Diagnostic> {
    for folder in ["pki", "members", "clients"] {
        if let Some(path) = first(&out.join(folder), extensions, 3)? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn pair_in(folders: &Folders<'_>, place: &str) -> Result<Pair, Diagnostic> {
    let read = |extension| folders.read(&format!("{place}.{extension}"), SMALL);
    Ok(Pair { certificate: read("crt")?, key: read("key")?.map(Secret::from) })
}

fn first(path: &Path, extensions: &[&str], depth: u32) -> Result<Option<PathBuf>, Diagnostic> {
    let mut entries = inspect::entries(path)?;
    // Sorted, so that the same state gives the same message.
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        let facts = if hidden { None } else { inspect::look(&entry)? };
        let Some(facts) = facts else { continue };
        if entry.extension().is_some_and(|extension| extensions.iter().any(|e| extension == *e)) {
            return Ok(Some(entry));
        }
        if facts.is_dir() && depth > 0 {
            let first = first(&entry, extensions, depth - 1)?;
            if first.is_some() {
                return Ok(first);
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
