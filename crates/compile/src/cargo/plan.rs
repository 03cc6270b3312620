//! What has to change on the disk for it to hold an `Output`. Reads, and changes nothing.

use super::disk;
use super::failure::Failure;
use super::folders::{Folder, Folders};
use super::report::Notice;
use super::threads::for_all;
use crate::output::{Content, OutPath, Output};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A wanted file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) path: &'a OutPath,
    pub(super) content: &'a Content,
}

/// A folder that is not there, with everything below it.
#[derive(Debug)]
pub(super) struct NewFolder<'a> {
    pub(super) path: &'a str,
    pub(super) entries: Vec<Entry<'a>>,
}

#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) new_folders: Vec<NewFolder<'a>>,
    /// Files to write into folders that are there.
    pub(super) files: Vec<Entry<'a>>,
    /// Permissions to change, by path below `out/`.
    pub(super) modes: Vec<(&'a str, u32)>,
    pub(super) notices: Vec<Notice>,
}

/// Compares what is wanted with what is there.
pub(super) fn plan<'a>(root: &'a Path, output: &'a Output) -> Result<Plan<'a>, Failure> {
    let mut plan = Plan::default();
    let mut folders = Folders::below(root);
    let mut there = Vec::new();
    for (path, content) in output.files() {
        let entry = Entry { path, content };
        let folder = path.folder();
        match folders.look(folder)? {
            Folder::There { mode } => {
                plan.check_folder(root, folder, mode, path);
                there.push(entry);
            }
            Folder::Missing if matches!(content, Content::Kept) => {
                return Err(vanished(root, path));
            }
            Folder::Missing => plan.add_new(folders.first_missing(folder)?, entry),
        }
    }
    let verdicts = for_all(&there, 128, |entry| judge(root, entry))?;
    for (entry, verdict) in there.into_iter().zip(verdicts) {
        plan.add(root, entry, verdict);
    }
    Ok(plan)
}

impl<'a> Plan<'a> {
    /// Whether any file has to be written.
    pub(super) fn writes(&self) -> bool {
        !self.new_folders.is_empty() || !self.files.is_empty()
    }

    fn add_new(&mut self, folder: &'a str, entry: Entry<'a>) {
        // Paths are sorted, so that those below one folder come one after the other.
        match self.new_folders.last_mut() {
            Some(last) if last.path == folder => last.entries.push(entry),
            _ => self.new_folders.push(NewFolder { path: folder, entries: vec![entry] }),
        }
    }

    /// A folder that holds a key is nobody else's business, and nobody else may swap the key.
    fn check_folder(&mut self, root: &Path, folder: &'a str, mode: u32, path: &OutPath) {
        let known = self.modes.iter().any(|(path, _)| *path == folder);
        if path.is_key() && !folder.is_empty() && mode & 0o077 != 0 && !known {
            self.modes.push((folder, 0o700));
            self.notices.push(Notice::TooOpen { path: root.join(folder), was: mode, now: 0o700 });
        }
    }

    fn add(&mut self, root: &Path, entry: Entry<'a>, verdict: Verdict) {
        let Verdict { write, was, linked } = verdict;
        let path = || root.join(entry.path.as_str());
        let now = entry.content.mode(entry.path);
        if linked {
            self.notices.push(Notice::Linked { path: path() });
        }
        if let Some(was) = was {
            if entry.path.is_key() {
                self.notices.push(Notice::TooOpen { path: path(), was, now });
            }
            if !write {
                self.modes.push((entry.path.as_str(), now));
            }
        }
        if write {
            self.files.push(entry);
        }
    }
}

/// What is to be done about a file in a folder that is there.
#[derive(Debug, Clone, Copy, Default)]
struct Verdict {
    write: bool,
    /// The permissions it has, if they have to be others.
    was: Option<u32>,
    /// Whether a key can be read under another name as well.
    linked: bool,
}

fn judge(root: &Path, entry: &Entry<'_>) -> Result<Verdict, Failure> {
    let path = root.join(entry.path.as_str());
    let write = Verdict { write: true, ..Verdict::default() };
    let bytes = match entry.content {
        Content::Public { bytes, .. } => Some(bytes.as_slice()),
        Content::Key(secret) => Some(secret.expose()),
        Content::Kept => None,
    };
    let facts = match (disk::look(&path)?, bytes) {
        (Some(facts), _) if facts.is_file() => facts,
        (Some(facts), _) if facts.is_dir() => {
            let help = "move that folder away, then build again";
            return Err(Failure::found("write", &path, "a folder is in its place", help));
        }
        // Nothing is there, or a link: it is replaced, and what it points to left alone.
        (_, Some(_)) => return Ok(write),
        (_, None) => return Err(vanished(root, entry.path)),
    };
    let same = match bytes {
        None => true,
        Some(bytes) => facts.len() == bytes.len() as u64 && disk::holds(&path, bytes)?,
    };
    if !same {
        return Ok(write);
    }
    let mode = facts.mode() & 0o777;
    let was = (!fits(mode, entry.content.mode(entry.path))).then_some(mode);
    let shared = facts.nlink() > 1;
    // Another name of the same file keeps its permissions if this one gets a file of its own.
    let linked = shared && entry.path.is_key();
    Ok(Verdict { write: linked || (shared && was.is_some()), was, linked })
}

fn vanished(root: &Path, path: &OutPath) -> Failure {
    let help = "something else changes `out/` at the same time; build again";
    Failure::found("keep", &root.join(path.as_str()), "it is no longer there", help)
}

/// Stricter permissions than ours are the user's choice.
fn fits(mode: u32, wanted: u32) -> bool {
    let others = if wanted == 0o600 { 0o077 } else { 0o022 };
    mode & others == 0 && mode & 0o500 == wanted & 0o500
}
