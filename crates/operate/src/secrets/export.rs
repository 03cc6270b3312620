//! `secrets export`: the edge that reads `out/`.

use super::choose::{Chosen, choose};
use super::current::behind;
use super::done::Done;
use super::lines::few;
use super::place::Part;
use super::{file, folder, tar};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::{Hold, inspect};
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

/// The keys of an `out/` that are to be written to stdout.
#[derive(Debug, PartialEq, Eq)]
pub struct Export {
    /// The folder.
    pub(crate) out: PathBuf,
    /// The numbers of the CAs that are trusted.
    pub(crate) trusted: Vec<u32>,
    /// The name of the program.
    pub(crate) program: String,
}

/// Reads the keys, with all that proves them. `announce` gets a word where another has the package.
///
/// # Errors
/// If stdout is a terminal, a key cannot be read, or there is none.
pub(crate) fn export(work: &Export, announce: &dyn Fn(&str)) -> Result<Done, Diagnostic> {
    let Export { out, trusted, program } = work;
    if io::stdout().is_terminal() {
        return Err(Diagnostic::error("private keys would be shown on a terminal").help(format!(
            "pipe them into what encrypts: `{program} secrets export | age -R team.keys > cluster.sealed`"
        )));
    }
    let _hold = Hold::take(out.parent().unwrap_or(Path::new("/")), announce)?;
    let shown = out.display();
    if bouquet_outdir::is_unfinished(out)? {
        return Err(Diagnostic::error(format!(
            "a build was ended while it put files into `{shown}`"
        ))
        .help("complete it with `cargo build`, then export again"));
    }
    let (all, others) = folder::read_all(out)?;
    let Chosen { files, mut said } = choose(all, trusted);
    if !others.is_empty() {
        let mut warning = Diagnostic::warning("left out what no build wrote");
        warning.notes = few(&others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>());
        said.push(warning);
    }
    // No stream depends on the lock: where it cannot be read, a build says so.
    let lock = out.parent().and_then(|package| {
        inspect::read(&package.join(bouquet_lock::NAME), bouquet_lock::LARGEST).ok().flatten()
    });
    let lock = lock.and_then(|lock| bouquet_lock::read(&lock).ok());
    said.extend(lock.and_then(|lock| behind(&files, &lock)));
    let keys = file::keys(&files);
    if keys == 0 {
        let mut error = Diagnostic::error(format!("there is no key in `{shown}`"));
        error.notes = said.iter().flat_map(|said| said.notes.clone()).collect();
        return Err(error.help("export where the cluster was built: keys are in that `out/` alone"));
    }
    let mut named = Vec::new();
    for (place, parts) in &files {
        for (part, content) in parts {
            let mode = if *part == Part::Key { 0o600 } else { 0o644 };
            named.push((place.path(*part), content.expose(), mode));
        }
    }
    named.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let stream = tar::write(&named)?;
    let keys = if keys == 1 {
        "1 key and its certificate".to_owned()
    } else {
        format!("{keys} keys and their certificates")
    };
    let summary = format!("{keys}; the stream holds secrets: encrypt it");
    Ok(Done { stream: Some(stream), said, summary })
}
