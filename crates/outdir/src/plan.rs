//! What has to change on the disk for it to hold an `Output`. Reads, and changes nothing.

use super::error;
use super::extra::{self, Extra};
use super::folders::{Folder, Folders, parent};
use super::inspect::{self, Existing};
use super::notice;
use super::output::{Content, Output};
use super::path::OutPath;
use crate::parallel::try_map;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A wanted file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) path: &'a OutPath,
    pub(super) content: &'a Content,
    /// Whether it has to be on the disk before it counts.
    pub(super) durable: bool,
}

#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Files to write.
    pub(super) files: Vec<Entry<'a>>,
    /// Those of them that are there and hold something else.
    pub(super) replaced: Vec<&'a OutPath>,
    /// Permissions to change, by path below `out/`.
    pub(super) modes: BTreeMap<&'a str, u32>,
    /// Files elsewhere to write.
    pub(super) extras: Vec<Extra<'a>>,
    pub(super) notices: Vec<Diagnostic>,
}

/// Compares what is wanted with what is there.
pub(super) fn plan<'a>(root: &'a Path, output: &'a Output) -> Result<Plan<'a>, Diagnostic> {
    let mut plan = Plan { extras: extra::differing(output.extras())?, ..Plan::default() };
    let mut folders = Folders::to_write(root)?;
    let mut there = Vec::new();
    for (path, content) in output.files() {
        let entry = Entry { path, content, durable: output.is_precious(path) };
        let folder = path.folder();
        match folders.look(folder)? {
            Folder::There { mode } => {
                plan.check_folder(root, folder, mode, path);
                there.push(entry);
            }
            Folder::Missing if matches!(content, Content::Kept) => {
                return Err(vanished(root, path));
            }
            Folder::Missing => plan.files.push(entry),
        }
    }
    plan.close(root, &folders);
    let verdicts = try_map(&there, 128, |entry| judge(root, entry))?;
    for (entry, verdict) in there.into_iter().zip(verdicts) {
        plan.add(root, entry, verdict);
    }
    plan.may_be_written(root, &mut folders)?;
    Ok(plan)
}

impl<'a> Plan<'a> {
    /// Tells whether any file has to be written.
    pub(super) fn writes(&self) -> bool {
        !(self.files.is_empty() && self.extras.is_empty())
    }

    /// Checks that all folders can be written to, so that a closed one is reported before anything
    /// is decided.
    fn may_be_written(&self, root: &Path, folders: &mut Folders<'a>) -> Result<(), Diagnostic> {
        let mut open = BTreeSet::new();
        for Entry { path, .. } in &self.files {
            let mut folder = path.folder();
            while folders.look(folder)? == Folder::Missing {
                folder = parent(folder);
            }
            if open.insert(folder) {
                inspect::access(&root.join(folder))
                    .map_err(|error| error::system("write", &root.join(path.as_str()), &error))?;
            }
        }
        Ok(())
    }

    /// Closes a folder that holds a key to all but its owner, and gives notice: nobody else may
    /// read or swap the key.
    fn check_folder(&mut self, root: &Path, folder: &'a str, mode: u32, path: &OutPath) {
        let open = path.is_key() && !folder.is_empty() && mode & 0o077 != 0;
        if open && self.modes.insert(folder, 0o700).is_none() {
            self.notices.push(notice::too_open(&root.join(folder), mode, 0o700));
        }
    }

    /// Takes the right to write from all but the owner of each folder, so that nobody else can put
    /// another `pki/` in the place of ours. A group may have been let in by the umask of the
    /// account that made the folder, as git does, which needs no notice.
    fn close(&mut self, root: &Path, folders: &Folders<'a>) {
        for (folder, was) in folders.writable() {
            let now = was & !0o022;
            if self.modes.contains_key(folder) {
                continue;
            }
            self.modes.insert(folder, now);
            if was & 0o002 != 0 {
                self.notices.push(notice::writable(&root.join(folder), was, now));
            }
        }
    }

    fn add(&mut self, root: &Path, entry: Entry<'a>, verdict: Verdict) {
        let Verdict { write, differs, was, linked } = verdict;
        let path = || root.join(entry.path.as_str());
        let now = entry.content.mode(entry.path);
        if linked {
            self.notices.push(notice::linked(&path()));
        }
        if let Some(was) = was {
            if entry.path.is_key() {
                self.notices.push(notice::too_open(&path(), was, now));
            }
            if !write {
                self.modes.insert(entry.path.as_str(), now);
            }
        }
        if write {
            self.files.push(entry);
        }
        if differs {
            self.replaced.push(entry.path);
        }
    }
}

/// Says what is to be done about a file in a folder that is there.
#[derive(Debug, Clone, Copy, Default)]
struct Verdict {
    write: bool,
    /// Whether it is there and holds something else.
    differs: bool,
    /// The permissions it has, if they have to be others.
    was: Option<u32>,
    /// Whether a key can be read under another name as well.
    linked: bool,
}

fn judge(root: &Path, entry: &Entry<'_>) -> Result<Verdict, Diagnostic> {
    let path = root.join(entry.path.as_str());
    let bytes = match entry.content {
        Content::Public { bytes, .. } => Some(bytes.as_slice()),
        Content::Key(secret) => Some(secret.expose()),
        Content::Kept => None,
    };
    let (mode, names) = match inspect::compare(&path, bytes)? {
        Existing::File { mode, names, same: true } => (mode, names),
        Existing::Folder => return Err(error::folder("write", &path)),
        Existing::Nothing | Existing::Other if bytes.is_none() => {
            return Err(vanished(root, entry.path));
        }
        // A link is replaced as well, and what it points to left alone.
        existing @ (Existing::Nothing | Existing::Other | Existing::File { .. }) => {
            let differs = matches!(existing, Existing::File { .. });
            return Ok(Verdict { write: true, differs, ..Verdict::default() });
        }
    };
    let was = (!fits(mode, entry.content.mode(entry.path))).then_some(mode);
    // Another name of the same file keeps its permissions if this one gets a file of its own.
    let linked = names > 1 && entry.path.is_key();
    let write = linked || (names > 1 && was.is_some());
    Ok(Verdict { write, differs: false, was, linked })
}

fn vanished(root: &Path, path: &OutPath) -> Diagnostic {
    let help = "something else changes `out/` at the same time; build again";
    error::refused("keep", &root.join(path.as_str()), "it is no longer there", help)
}

/// Tells whether a mode fits: stricter permissions than ours are the user's choice.
fn fits(mode: u32, wanted: u32) -> bool {
    let others = if wanted == 0o600 { 0o077 } else { 0o022 };
    mode & others == 0 && mode & 0o500 == wanted & 0o500
}
