//! What a text gives etcd, before anyone asks which options that are.

use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// An option as a text gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) key: Key,
    pub(crate) said: Said,
    /// The line of its text, from 1 on, where that is known.
    pub(crate) line: Option<usize>,
}

/// What an option is called there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// A flag, without its dashes.
    Flag(String),
    /// An environment variable.
    Variable(String),
    /// A key of etcd's configuration file, from the outermost block inwards.
    Path(Vec<String>),
}

/// The value as it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// A text.
    Text(String),
    /// Several, each by itself.
    List(Vec<String>),
    /// Something that the text leaves to the node, such as `$(hostname)`.
    Open(String),
}

/// All that a configuration says.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) given: Vec<Given>,
    /// The release of etcd, where an image names it.
    pub(crate) version: Option<String>,
    /// The folder that etcd is started in.
    pub(crate) folder: Option<String>,
    /// How a unit runs it.
    pub(crate) service: Option<Service>,
    /// What is worth saying, and keeps nothing from being said in `cluster.toml`.
    pub(crate) said: Vec<Diagnostic>,
    /// What of it is not known, and may have etcd run otherwise.
    pub(crate) unsaid: Vec<Diagnostic>,
    /// Whether etcd runs in a container, whose paths are not the node's.
    pub(crate) is_inside: bool,
    /// What a container has from outside.
    pub(crate) mounts: Vec<Mount>,
}

/// What a unit says of etcd's process.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) user: Option<String>,
    pub(crate) group: Option<String>,
    /// The program that is etcd, as the unit has it; `None` where that is in a container.
    pub(crate) program: Option<String>,
    /// The variables that are not etcd's, with their values.
    pub(crate) variables: Vec<(String, String)>,
}

/// A folder or a file that a container has from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// Its path in the container.
    pub(super) inside: String,
    /// Its path on the node; `None` where that is not known, as of a volume.
    pub(super) outside: Option<String>,
}

impl Mount {
    /// Makes one. A path that ends in a slash is the same without it.
    pub(super) fn new(inside: &str, outside: Option<&str>) -> Self {
        let bare = |path: &str| path.trim_end_matches('/').to_owned();
        Self { inside: bare(inside), outside: outside.map(bare) }
    }

    /// Returns what of a path is below it.
    pub(super) fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(&*self.inside).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl Given {
    /// Makes a flag, by its name without dashes.
    pub(crate) fn flag(name: &str, said: Said, line: Option<usize>) -> Self {
        Self { key: Key::Flag(name.to_owned()), said, line }
    }

    /// Makes a variable of the environment.
    pub(crate) fn variable(name: &str, said: Said, line: Option<usize>) -> Self {
        Self { key: Key::Variable(name.to_owned()), said, line }
    }
}

impl Key {
    /// Returns the name of the option that a variable would be.
    pub(crate) fn of_variable(name: &str) -> String {
        name.trim_start_matches(PREFIX).to_ascii_lowercase().replace('_', "-")
    }
}

/// The variables that a program gets, by their names.
pub(crate) type Exported = BTreeMap<String, Given>;

/// It is no option, and has etcd start on a processor that it does not support (`checkSupportArch` in its
/// `etcdmain/etcd.go`).
pub(crate) const UNSUPPORTED_ARCH: &str = "ETCD_UNSUPPORTED_ARCH";

/// What begins the name of each of etcd's variables.
pub(crate) const PREFIX: &str = "ETCD_";
