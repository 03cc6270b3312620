//! Standard input or a file, read as a secret: no buffer of it is left behind.

use super::tar::{STREAM, too_large};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::os::fd::AsFd as _;
use std::path::Path;
use zeroize::{Zeroize as _, Zeroizing};

/// Reads all of a file, or of standard input. `program` is the name that help has.
///
/// # Errors
/// If that is a terminal, cannot be read, or holds more than a stream can.
pub(crate) fn read(file: Option<&Path>, program: &str) -> Result<Secret, Diagnostic> {
    let how = format!("give the stream by a pipe: `age -d -i KEY FILE | {program} secrets import`");
    match file {
        Some(path) => {
            let shown = path.display();
            let failed = |error: io::Error| {
                Diagnostic::error(format!("cannot read `{shown}`: {error}"))
                    .help("name a file that `secrets export` wrote, once it is decrypted")
            };
            let file = open(path).map_err(failed)?;
            if file.is_terminal() {
                return Err(terminal(&how));
            }
            read_from(file, STREAM).map_err(failed)?.ok_or_else(too_large)
        }
        None if io::stdin().is_terminal() => Err(terminal(&how)),
        None => {
            let failed = |error: io::Error| {
                Diagnostic::error(format!("standard input cannot be read: {error}")).help(&how)
            };
            // Not by way of `Stdin`, whose buffer is never wiped.
            let file = io::stdin().as_fd().try_clone_to_owned().map(File::from);
            let read = file.and_then(|file| read_from(file, STREAM));
            read.map_err(failed)?.ok_or_else(too_large)
        }
    }
}

fn terminal(how: &str) -> Diagnostic {
    Diagnostic::error("the stream of keys would be read from a terminal").help(how)
}

#[expect(clippy::disallowed_methods, reason = "the edge where a stream is read")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Reads to the end; `None` where that is more than `limit` bytes.
pub(crate) fn read_from(mut source: impl Read, limit: usize) -> io::Result<Option<Secret>> {
    let mut buffer = Zeroizing::new(vec![0; 64 << 10]);
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            // A vector that grows by itself leaves a copy of what it held.
            let mut larger = Zeroizing::new(vec![0; 2 * filled]);
            larger[..filled].copy_from_slice(&buffer);
            buffer = larger;
        }
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if filled > limit {
            return Ok(None);
        }
    }
    buffer[filled..].zeroize();
    buffer.truncate(filled);
    Ok(Some(Secret::from(buffer)))
}
