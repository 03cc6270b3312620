//! The edge: writes the pages into a folder.

use crate::exit::Exit;
use crate::failure::Failure;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::write_alone;
use std::path::PathBuf;

/// Pages that are to be written.
#[derive(Debug, PartialEq, Eq)]
pub struct Manual {
    pub(crate) folder: PathBuf,
    /// The file and the text of each page.
    pub(crate) pages: Vec<(String, String)>,
}

/// Writes them, and says how they are read.
///
/// # Errors
/// If the folder cannot be made or written.
#[expect(clippy::disallowed_methods, reason = "the edge that makes the folder")]
pub(crate) fn carry(manual: &Manual, say: &dyn Fn(&str)) -> Result<Exit, Failure> {
    let Manual { folder, pages } = manual;
    std::fs::create_dir_all(folder).map_err(|error| {
        Diagnostic::error(format!("cannot make the folder `{}`: {error}", folder.display()))
            .help("name one that this account may write, such as ~/.local/share/man/man1")
    })?;
    for (file, text) in pages {
        write_alone(&folder.join(file), text.as_bytes())?;
    }
    let first = pages.first().map(|(file, _)| folder.join(file)).unwrap_or_default();
    say(&format!("{} pages: `man {}` shows the first\n", pages.len(), first.display()));
    Ok(Exit::Done)
}
