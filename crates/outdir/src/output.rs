//! The complete content of `out/`, rendered before anything is written. Pure: no IO.

use super::path::OutPath;
use bouquet_x509::Secret;
use core::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every file that a build wants below `out/`, by its path.
///
/// The order of the map is that of the manifest, and puts all files of a folder in one run.
#[derive(Debug, Default)]
pub struct Output {
    files: BTreeMap<OutPath, Content>,
    /// What is in another file now, by the path that it had.
    moved: BTreeMap<OutPath, OutPath>,
    /// What files elsewhere shall hold.
    extras: BTreeMap<PathBuf, Vec<u8>>,
    /// What machines still use of what is not wanted any more.
    used: BTreeSet<OutPath>,
    /// What all of it is rendered from.
    definition: Option<String>,
}

/// Says what a file holds.
pub enum Content {
    /// Readable by everybody: 0644, or 0755 where it can be run.
    Public {
        /// The whole file.
        bytes: Vec<u8>,
        /// Whether it is a script.
        executable: bool,
    },
    /// A private key: 0600 in a folder of 0700.
    Key(Secret),
    /// What is there already. A key that was not reissued is never copied through memory again,
    /// and a certificate that was read once is not compared with itself.
    Kept,
}

impl Output {
    /// Wants nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file that everybody may read.
    ///
    /// # Panics
    /// As every method that adds: if the path leaves `out/`, is hidden, or has been added before;
    /// names are proven before they become paths, so only a bug can cause it.
    pub fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.add(path, Content::Public { bytes: bytes.into(), executable: false });
    }

    /// Adds a script.
    ///
    /// # Panics
    /// See [`Output::file`].
    pub fn script(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.add(path, Content::Public { bytes: bytes.into(), executable: true });
    }

    /// Adds a new private key.
    ///
    /// # Panics
    /// See [`Output::file`]; also if the path does not end in `.key`, which is how later builds
    /// know that they must not remove it.
    pub fn key(&mut self, path: &str, key: Secret) {
        self.add(path, Content::Key(key));
    }

    /// Wants a file just as it is.
    ///
    /// # Panics
    /// See [`Output::file`].
    pub fn keep(&mut self, path: &str) {
        self.add(path, Content::Kept);
    }

    /// Wants a file just as it is, unless something is to be written there.
    ///
    /// # Panics
    /// See [`Output::file`].
    pub fn keep_if_absent(&mut self, path: &str) {
        if !OutPath::parse(path).is_some_and(|path| self.contains(&path)) {
            self.keep(path);
        }
    }

    /// Wants this in a single file elsewhere, which was named when `out/` was opened. It becomes
    /// visible together with all that is new below `out/`, or not at all.
    pub fn extra(&mut self, place: &Path, bytes: impl Into<Vec<u8>>) {
        self.extras.insert(place.to_owned(), bytes.into());
    }

    /// Returns what files elsewhere shall hold.
    pub fn extras(&self) -> &BTreeMap<PathBuf, Vec<u8>> {
        &self.extras
    }

    /// Says what all of it is rendered from, for the manifest.
    pub fn defined_by(&mut self, definition: impl fmt::Display) {
        self.definition = Some(definition.to_string());
    }

    /// Returns what all of it is rendered from, if that was said.
    pub fn definition(&self) -> Option<&str> {
        self.definition.as_deref()
    }

    /// Says that what a file held is in another one now: it is removed, if it is there, as soon as
    /// that one is safely in its place. A key goes no other way.
    ///
    /// # Panics
    /// If the other file is not wanted, or the first one is; see also [`Output::file`].
    pub fn moved(&mut self, from: &str, to: &str) {
        let path =
            |text: &str| OutPath::parse(text).unwrap_or_else(|| panic!("{NO_PATH}: {text:?}"));
        let (from, to) = (path(from), path(to));
        assert!(self.contains(&to) && !self.contains(&from), "not moved: {from} to {to}");
        self.moved.insert(from, to);
    }

    /// Returns what was moved: from where, and where to.
    pub fn moves(&self) -> &BTreeMap<OutPath, OutPath> {
        &self.moved
    }

    /// Says that machines still use what a file holds: where it is not wanted any more, nobody is told to
    /// remove it. One that is not in `out/`, or could not be there, changes nothing.
    pub fn used(&mut self, path: &str) {
        self.used.extend(OutPath::parse(path));
    }

    /// Tells whether machines still use a file.
    pub fn is_used(&self, path: &OutPath) -> bool {
        self.used.contains(path)
    }

    /// Tells whether a file must be on the disk, and not only in memory, before anything builds
    /// upon it: it cannot be had again.
    pub fn is_precious(&self, path: &OutPath) -> bool {
        path.is_pki() || self.moved.values().any(|to| to == path)
    }

    /// Returns the files in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&OutPath, &Content)> {
        self.files.iter()
    }

    /// Tells whether a file is wanted.
    pub fn contains(&self, path: &OutPath) -> bool {
        self.files.contains_key(path)
    }

    fn add(&mut self, path: &str, content: Content) {
        let path = OutPath::parse(path).unwrap_or_else(|| panic!("{NO_PATH}: {path:?}"));
        let fits = match &content {
            Content::Public { .. } => !path.is_key(),
            Content::Key(_) => path.is_key(),
            Content::Kept => true,
        };
        assert!(fits, "keys and only keys end in .key: {path}");
        let before = self.files.insert(path, content);
        assert!(before.is_none(), "a file of out/ was added twice");
    }
}

const NO_PATH: &str = "not a path in out/";

impl Content {
    /// Returns the permissions of a file with this content; those of a kept one follow from its
    /// name.
    pub fn mode(&self, path: &OutPath) -> u32 {
        match self {
            Self::Public { executable: true, .. } => 0o755,
            Self::Key(_) => 0o600,
            Self::Kept if path.is_key() => 0o600,
            Self::Public { executable: false, .. } | Self::Kept => 0o644,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public { bytes, executable } => {
                let text = String::from_utf8_lossy(bytes);
                f.debug_struct("Public")
                    .field("text", &text)
                    .field("executable", executable)
                    .finish()
            }
            Self::Key(secret) => f.debug_tuple("Key").field(secret).finish(),
            Self::Kept => f.write_str("Kept"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_shows_in_debug() {
        let mut output = Output::new();
        output.key("pki/ca.key", Secret::from(b"TOPSECRET".to_vec()));
        output.file("pki/ca.crt", "PUBLIC");
        let text = format!("{output:?} {output:#?}");
        assert!(text.contains("PUBLIC") && !text.contains("TOPSECRET"), "{text}");
        assert!(!text.contains("84, 79"), "{text}");
    }

    #[test]
    fn files_of_a_folder_are_in_one_run() {
        let mut output = Output::new();
        for path in ["clients/a/x", "clients/a-b/x", "clients/a.b/x", "clients/a/y", "clients/ab/x"]
        {
            output.file(path, "");
        }
        let folders: Vec<_> = output.files().map(|(path, _)| path.folder()).collect();
        assert_eq!(folders, ["clients/a-b", "clients/a.b", "clients/a", "clients/a", "clients/ab"]);
    }

    #[test]
    #[should_panic(expected = "keys and only keys")]
    fn a_key_has_a_name_that_protects_it() {
        Output::new().key("pki/ca.pem", Secret::from(Vec::new()));
    }

    #[test]
    #[should_panic(expected = "not moved: pki/requests/a.key")]
    fn a_key_moves_to_a_place_that_is_wanted() {
        Output::new().moved("pki/requests/a.key", "clients/a/client.key");
    }

    #[test]
    #[should_panic(expected = "not a path in out/")]
    fn nothing_is_written_outside() {
        Output::new().file("../x", "");
    }
}
