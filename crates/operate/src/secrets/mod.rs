//! Keys on their way from one clone of a package to another, as a stream that someone else encrypts.
//!
//! ```text
//! out/ ─read→ Files ─choose→ Chosen ─tar::write→ stdout
//! stdin ─tar::read→ entries ─files→ Files ─verify→ Verified ─compare→ Plan ─commit→ out/
//! ```
//!
//! Beside each key is the certificate that it belongs to: the lock knows leaf certificates by their
//! SHA-256 alone, and a key without its certificate could not be verified. Nothing of a stream is
//! believed: each name is one that a build could have written, each certificate is one of the lock's,
//! each key is proved, and all of that before the first write.
//!
//! `export` and `import` are the edges; all else is pure. From the ground up: `place`, `proof`,
//! `lines` · `sealed`, `tar`, `file` · `choose`, `current`, `verify`, `compare` · `folder`, `pipe`, `done` ·
//! `export`, `import`.

mod choose;
mod compare;
mod current;
mod done;
mod export;
mod file;
mod folder;
mod import;
mod lines;
mod pipe;
mod place;
mod proof;
mod sealed;
mod tar;
#[cfg(test)]
mod tests;
mod verify;

pub use export::Export;
pub use import::Import;

pub(crate) use done::Done;
pub(crate) use export::export;
pub(crate) use import::import;
pub(crate) use tar::{
    BLOCK, Takes, head as tar_head, read as read_tar, split as split_tar, write as write_tar,
};

use bouquet_model::diagnostic::Diagnostic;

/// Reads any bytes as a stream, for those who try many; returns how many places are in it.
///
/// # Errors
/// If it is none.
#[doc(hidden)]
pub fn read_any(stream: &[u8]) -> Result<usize, Diagnostic> {
    let entries = tar::read(stream, "program")?;
    file::files(&entries).map(|files| files.len())
}
