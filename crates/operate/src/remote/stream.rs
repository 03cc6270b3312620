//! What goes to the node, in the order in which it is taken there: a program, and the tar of a member's folder.

use crate::node::Bundle;
use crate::secrets::write_tar;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::sync::Arc;

/// A stream. It is shared with the thread that writes it into a pipe, and wiped with the last of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Stream {
    pub(super) program: Arc<[u8]>,
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

impl Stream {
    /// Returns its parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let tar = self.tar.as_ref().map(|tar| tar.expose());
        std::iter::once(&*self.program).chain(tar)
    }
}
