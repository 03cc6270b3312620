//! Reading `out/`, and no more than reading.

use super::file::Files;
use super::place::{Part, Place};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::trust::REQUESTS;
use bouquet_outdir::{Folder, Folders, OutPath, inspect, parent};
use bouquet_x509::Secret;
use std::path::Path;

/// A certificate that vouches for thousands of names has some hundred KiB.
const SMALL: u64 = 4 << 20;

/// Reads all that there is, and the names of further keys that no build wrote.
///
/// # Errors
/// If something cannot be read, or is a link.
pub(crate) fn read_all(out: &Path) -> Result<(Files, Vec<String>), Diagnostic> {
    let mut names = names(out, OutPath::PKI)?;
    names.extend(self::names(out, REQUESTS)?);
    for (above, below) in [("members", "/certs"), ("clients", "")] {
        for name in self::names(out, above)? {
            names.extend(self::names(out, &format!("{name}{below}"))?);
        }
    }
    names.sort();
    let found = |name: &String| Place::of(name);
    let places: Vec<(Place, Part)> = names.iter().filter_map(found).collect();
    let is_key = |name: &str| OutPath::parse(name).is_some_and(|path| path.is_key());
    names.retain(|name| Place::of(name).is_none() && is_key(name));
    Ok((read_parts(out, &places)?, names))
}

/// Reads what there is of these places.
///
/// # Errors
/// As [`read_all`].
pub(crate) fn read<'a>(
    out: &Path,
    places: impl Iterator<Item = &'a Place>,
) -> Result<Files, Diagnostic> {
    let all = |place: &'a Place| place.parts().iter().map(move |part| (place.clone(), *part));
    let places: Vec<_> = places.flat_map(all).collect();
    read_parts(out, &places)
}

fn read_parts(out: &Path, places: &[(Place, Part)]) -> Result<Files, Diagnostic> {
    let paths: Vec<String> = places.iter().map(|(place, part)| place.path(*part)).collect();
    let (mut folders, mut files) = (Folders::below(out), Files::new());
    for ((place, part), path) in places.iter().zip(&paths) {
        if folders.look(parent(path))? == Folder::Missing {
            continue;
        }
        if let Some(bytes) = folders.read(path, SMALL)? {
            let parts = files.entry(place.clone()).or_default();
            parts.insert(*part, Secret::from(bytes));
        }
    }
    Ok(files)
}

/// Lists the paths below `out/` of what a folder holds, but for what is hidden.
fn names(out: &Path, folder: &str) -> Result<Vec<String>, Diagnostic> {
    let place = out.join(folder);
    if !inspect::look(&place)?.is_some_and(|facts| facts.is_dir()) {
        return Ok(Vec::new());
    }
    let entries = inspect::entries(&place)?;
    let names = entries.iter().filter_map(|path| path.file_name()?.to_str());
    Ok(names.filter(|name| !name.starts_with('.')).map(|name| format!("{folder}/{name}")).collect())
}
