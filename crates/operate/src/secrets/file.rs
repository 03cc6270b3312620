//! The content of files, by the places that they belong to.

use super::place::{Part, Place};
use super::tar::Entry;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::collections::BTreeMap;

/// Places, each with the files that there are.
pub(crate) type Files = BTreeMap<Place, BTreeMap<Part, Secret>>;

/// Sorts the entries of a stream by their places.
///
/// # Errors
/// If one is at no such place, or there twice.
pub(crate) fn files(entries: &[Entry<'_>]) -> Result<Files, Diagnostic> {
    let mut files = Files::new();
    for Entry { name, content } in entries {
        let Some((place, part)) = Place::of(name) else {
            return Err(Diagnostic::error(format!(
                "the stream holds `{name}`, which is no key and nothing that goes with one"
            ))
            .note("nothing was written")
            .help("take a stream that `secrets export` wrote, or a tar of just those files"));
        };
        let parts = files.entry(place).or_default();
        if parts.insert(part, Secret::from(content.to_vec())).is_some() {
            return Err(Diagnostic::error(format!("the stream holds `{name}` twice"))
                .note("nothing was written")
                .help("export again: `secrets export` writes each file once"));
        }
    }
    Ok(files)
}

/// Returns how many keys there are.
pub(crate) fn keys(files: &Files) -> usize {
    files.values().filter(|parts| parts.contains_key(&Part::Key)).count()
}

/// Returns the bytes of a part.
pub(crate) fn bytes(parts: &BTreeMap<Part, Secret>, part: Part) -> Option<&[u8]> {
    parts.get(&part).map(Secret::expose)
}
