//! The edge: the file is written, where none is.

#![expect(clippy::disallowed_methods, reason = "the edge that writes a spec")]

use super::work::Adopt;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::fs::OpenOptions;
use std::io::{self, Write as _};

/// Writes the text.
///
/// # Errors
/// If there is a file, or none can be made.
pub(crate) fn write(work: &Adopt) -> Result<(), Diagnostic> {
    let shown = quoted(&work.shown);
    let made = OpenOptions::new().write(true).create_new(true).open(&work.file);
    let written = made.and_then(|mut file| {
        file.write_all(work.text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Diagnostic::error(format!("{shown} is there already, and stays as it is"))
                .help("name another file, or move that one away first")
        }
        _ => Diagnostic::error(format!("{shown} cannot be written: {error}")),
    })
}
