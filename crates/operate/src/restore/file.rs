//! The edge: a file becomes facts, or the reason why it is no snapshot.

use crate::patience::Patience;
use crate::snapshot::{Whole, open_whole};
use bouquet_etcd::database::{Content, content};
use bouquet_etcd::{Checked, Checksum};
use bouquet_model::diagnostic::Diagnostic;
use std::io::{self, Read as _};
use std::path::Path;

/// How much of it is read at once.
const PART: usize = 1 << 18;

/// What a snapshot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    /// In bytes, with its checksum.
    pub(crate) size: u64,
    /// SHA-256 of its database, as it stands at its end.
    pub(crate) sha256: [u8; 32],
    pub(crate) content: Content,
}

/// Reads a snapshot from its first byte to its last.
///
/// # Errors
/// If it cannot be read, is none, or is not whole.
pub(crate) fn facts(place: &Path, patience: Patience) -> Result<Facts, Diagnostic> {
    let _waiting = patience.waits("reading the snapshot to its end");
    let shown = place.display();
    let unread = |error: io::Error| {
        Diagnostic::error(format!("cannot read `{shown}`: {error}"))
            .help("name a file that `snapshot` wrote")
    };
    let mut file = open_whole(place).map_err(unread)?;
    let mut checksum = Checksum::default();
    let mut part = vec![0; PART];
    loop {
        let length = file.read(&mut part).map_err(unread)?;
        if length == 0 {
            break;
        }
        checksum.add(&part[..length]);
    }
    let size = checksum.length();
    let sha256 = match checksum.finish() {
        Checked::Whole(sum) => sum,
        Checked::Without => {
            return Err(Diagnostic::error(format!(
                "`{shown}` has no checksum at its end: it is cut off, or no snapshot"
            ))
            .note(format!("it has {size} bytes"))
            .help("take another one; nothing was changed")
            .help(
                "if it is a copy of `member/snap/db` of a member that was stopped, and all that \
                 is left, append its checksum: `openssl dgst -sha256 -binary FILE >sum && cat sum \
                 >>FILE`",
            ));
        }
        Checked::Damaged => {
            return Err(Diagnostic::error(format!(
                "`{shown}` is damaged: its checksum does not match"
            ))
            .help("take another one; nothing was changed"));
        }
    };
    let content = content(&Whole(&file)).map_err(|broken| {
        Diagnostic::error(format!("`{shown}` is no database of etcd's: {broken}"))
            .help("take another one; nothing was changed")
    })?;
    Ok(Facts { size, sha256, content })
}
