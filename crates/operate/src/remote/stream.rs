//! What goes to the node, in the order in which it is taken there: a program, and a tar: the programs of an etcd, read
//! from their files as they go, and a member's folder.

#![expect(clippy::disallowed_methods, reason = "the edge that reads programs as they go")]

use crate::node::Bundle;
use crate::programs::Release;
use crate::secrets::{BLOCK, tar_head, write_tar};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write};
use std::path::Path;
use std::sync::Arc;

/// How much is read at once, in bytes.
const CHUNK: usize = 1 << 20;

/// A stream. It is shared with the thread that writes it into a pipe, and wiped with the last of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Stream {
    pub(super) program: Arc<[u8]>,
    pub(super) etcd: Option<Arc<Release>>,
    pub(super) tar: Option<Arc<Secret>>,
}

/// Writes the files of a member as `tar -c -C out/members NAME` does.
///
/// # Errors
/// If they are more than a member's can be.
pub(super) fn tar(member: &str, bundle: &Bundle) -> Result<Secret, Diagnostic> {
    let files = bundle
        .files
        .iter()
        .map(|(path, content)| (format!("{member}/{}", path.display()), content.expose(), 0o600));
    write_tar(&files.collect::<Vec<_>>())
}

/// Why a stream did not go.
#[derive(Debug)]
pub(super) enum Broken {
    /// A program of etcd's cannot be read any more, or is not what it was.
    Source(Diagnostic),
    /// The program that reads the stream did not take it.
    Pipe,
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self::Pipe
    }
}

impl Stream {
    /// Writes all of it.
    ///
    /// # Errors
    /// If it is not taken, or a program of etcd's is not what it was any more.
    pub(super) fn write(&self, to: &mut dyn Write) -> Result<(), Broken> {
        to.write_all(&self.program)?;
        let mut chunk = vec![0; CHUNK];
        for program in self.etcd.iter().flat_map(|etcd| &etcd.programs) {
            let head = tar_head(&format!("etcd/{}", program.name), program.size, 0o755);
            to.write_all(&head.map_err(Broken::Source)?)?;
            let unread = |error| unread(&program.path, &error);
            let mut file = File::open(&program.path).map_err(unread)?;
            let mut left = program.size;
            while left > 0 {
                let most = CHUNK.min(usize::try_from(left).unwrap_or(CHUNK));
                let part = chunk.get_mut(..most).unwrap_or_default();
                file.read_exact(part).map_err(unread)?;
                to.write_all(part)?;
                left -= most as u64;
            }
            let filled = program.size.next_multiple_of(BLOCK as u64) - program.size;
            let filled = [0; BLOCK].get(..usize::try_from(filled).unwrap_or_default());
            to.write_all(filled.unwrap_or_default())?;
        }
        Ok(self.tar.iter().try_for_each(|tar| to.write_all(tar.expose()))?)
    }

    /// Tells how many bytes it has, where an etcd is among them, which takes a while; else 0.
    pub(super) fn large(&self) -> u64 {
        let rest = self.program.len() + self.tar.as_ref().map_or(0, |tar| tar.expose().len());
        self.etcd.as_ref().map_or(0, |etcd| etcd.size() + rest as u64)
    }
}

fn unread(path: &Path, error: &io::Error) -> Broken {
    let why = match error.kind() {
        ErrorKind::UnexpectedEof => "it became shorter meanwhile".to_owned(),
        _ => error.to_string(),
    };
    Broken::Source(Diagnostic::error(format!("cannot read {}: {why}", path.display())))
}
