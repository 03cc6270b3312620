//! A path on a member's or a client's machine.

use crate::diagnostic::{Diagnostic, quoted};
use crate::text;
use core::fmt;
use std::borrow::Cow;

/// The longest that Linux opens (`PATH_MAX` without the zero byte), less what etcd puts below a
/// folder: no name that it adds, such as `member/wal/` and a file's, is longer than 255 bytes.
const LONGEST: usize = 4_095 - LONGEST_NAME;

/// The longest name of a file or folder (`NAME_MAX`).
const LONGEST_NAME: usize = 255;

/// An absolute path in its normal form: two of them are equal where they are spelt as one path. What
/// symbolic links make of it is the machine's business.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodePath(Cow<'static, str>);

impl NodePath {
    /// Takes an absolute path. Doubled slashes and those at the end mean nothing and are left out;
    /// a `.` or `..` is refused, because systemd drops such a path from a sandbox
    /// (`path_is_normalized` in its `basic/path-util.c`) and `..` leads elsewhere through a link.
    ///
    /// # Errors
    /// Says what it is not, and how it would be written.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        text::carried("path", text)?;
        if !text.starts_with('/') {
            return Err(Diagnostic::error(format!("{} is not an absolute path", quoted(text)))
                .help(
                    "begin it with `/`: where a relative path leads depends on who starts etcd",
                ));
        }
        if names(text).any(|name| matches!(name, "." | "..")) {
            return Err(Diagnostic::error(format!("{} goes through `.` or `..`", quoted(text)))
                .help(format!("write {}", quoted(&straight(text)))));
        }
        if let Some(name) = names(text).find(|name| name.len() > LONGEST_NAME) {
            return Err(Diagnostic::error(format!(
                "{} has {} bytes, and a name of a file or folder at most {LONGEST_NAME}",
                quoted(name),
                name.len()
            ))
            .help("shorten it"));
        }
        let normal = joined(names(text));
        if normal.len() > LONGEST {
            return Err(Diagnostic::error(format!(
                "the path {} has {} bytes, which leaves too little for what lies below",
                quoted(&normal),
                normal.len()
            ))
            .help(format!("write one of at most {LONGEST}")));
        }
        Ok(Self(Cow::Owned(normal)))
    }

    /// Returns the same for code: a path that is not absolute does not compile, and generated code has only
    /// what `parse` returned.
    ///
    /// # Panics
    /// In a constant's evaluation only.
    pub const fn from_static(text: &'static str) -> Self {
        assert!(!text.is_empty() && text.as_bytes()[0] == b'/', "not an absolute path");
        Self(Cow::Borrowed(text))
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path of something in this folder. `name` is a normal relative path of at most 255
    /// bytes.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        Self(Cow::Owned(format!("{}/{name}", self.0.trim_end_matches('/'))))
    }

    /// Returns the folder that it is in; of `/`, that is itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        let parent = self.0.rsplit_once('/').map_or("", |(parent, _)| parent);
        Self(Cow::Owned(if parent.is_empty() { "/" } else { parent }.to_owned()))
    }

    /// Returns the path itself, then each folder that it is in, up to `/`.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        let above = |path: &Self| (path.as_str() != "/").then(|| path.parent());
        std::iter::successors(Some(self.clone()), above)
    }

    /// Returns the last name of the path; of `/`, that is empty.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(_, name)| name)
    }

    /// Returns `true` where it lies anywhere below `folder`.
    pub fn is_below(&self, folder: &Self) -> bool {
        let rest = self.0.strip_prefix(folder.0.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
    }

    /// Returns `true` where it is `folder`, or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        self == folder || self.is_below(folder)
    }
}

impl fmt::Display for NodePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Returns those of the folders that lie below none of the others, each once.
pub fn outermost(folders: impl IntoIterator<Item = NodePath>) -> Vec<NodePath> {
    let mut folders: Vec<NodePath> = folders.into_iter().collect();
    folders.sort();
    folders.dedup();
    let inner = |folder: &NodePath| folders.iter().any(|other| folder.is_below(other));
    folders.iter().filter(|folder| !inner(folder)).cloned().collect()
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('/').filter(|name| !name.is_empty())
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let text: String = names.flat_map(|name| ["/", name]).collect();
    if text.is_empty() { "/".to_owned() } else { text }
}

/// Returns the path that a shell's user means by one with `.` and `..`.
fn straight(text: &str) -> String {
    let mut kept = Vec::new();
    for name in names(text) {
        match name {
            "." => {}
            ".." => drop(kept.pop()),
            name => kept.push(name),
        }
    }
    joined(kept.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> NodePath {
        NodePath::parse(text).expect("a path")
    }

    #[test]
    fn two_spellings_of_a_folder_are_one() {
        for text in ["/var/lib/etcd", "/var/lib/etcd/", "//var///lib//etcd//"] {
            assert_eq!(path(text).as_str(), "/var/lib/etcd");
        }
        assert_eq!(path("///").as_str(), "/");
    }

    #[test]
    fn what_is_no_path_is_refused_with_the_one_that_is_meant() {
        for (text, help) in [
            ("/a/./b", "write `/a/b`"),
            ("/a/x/../b/", "write `/a/b`"),
            ("/../..", "write `/`"),
            ("/a/..", "write `/`"),
        ] {
            let finding = NodePath::parse(text).expect_err("it is not normal");
            assert_eq!(finding.help, [help], "{text}");
        }
        for text in ["", "etcd", "./etcd", "~/etcd", "/a\u{fdd0}", "/a\nb"] {
            assert!(NodePath::parse(text).is_err(), "{text}");
        }
        assert_eq!(path("/a/..b/.c/...").as_str(), "/a/..b/.c/...");
    }

    #[test]
    fn a_path_is_as_long_as_one_that_can_be_opened() {
        let name = "n".repeat(LONGEST_NAME);
        let longest = format!("/{name}").repeat(15);
        assert_eq!(longest.len(), LONGEST);
        assert_eq!(path(&longest).as_str(), longest);
        assert!(NodePath::parse(&format!("{longest}/n")).is_err());
        assert!(NodePath::parse(&format!("/{name}n")).is_err());
    }

    #[test]
    fn a_folder_is_below_its_parents_and_not_below_its_namesakes() {
        assert!(path("/data/etcd").is_below(&path("/data")));
        assert!(path("/data").is_below(&path("/")));
        assert!(!path("/data").is_below(&path("/data")));
        assert!(path("/data").is_within(&path("/data")));
        assert!(!path("/data2").is_below(&path("/data")));
        assert!(!path("/").is_below(&path("/")));
        assert_eq!(path("/data/etcd").parent(), path("/data"));
        assert_eq!(path("/data").parent(), path("/"));
        assert_eq!(path("/").parent(), path("/"));
        assert_eq!(path("/").join("wal"), path("/wal"));
        assert_eq!(path("/a/b").ancestors().collect::<Vec<_>>(), ["/a/b", "/a", "/"].map(path));
        assert_eq!((path("/a/b").name(), path("/").name()), ("b", ""));
    }

    #[test]
    fn the_outermost_folders_hold_all_others() {
        let all = ["/a/b", "/a", "/a-b", "/c/d", "/a/b/c", "/c/d"].map(path);
        assert_eq!(outermost(all), ["/a", "/a-b", "/c/d"].map(path));
    }
}
