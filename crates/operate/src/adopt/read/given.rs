//! What a text gives etcd, before anyone asks which options that are.

use bouquet_model::diagnostic::Diagnostic;

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
}

/// What a unit says of etcd's process.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) user: Option<String>,
    pub(crate) group: Option<String>,
    /// The program, as the unit has it.
    pub(crate) program: String,
    /// The variables that are not etcd's, with their values.
    pub(crate) variables: Vec<(String, String)>,
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

/// What begins the name of each of etcd's variables.
pub(crate) const PREFIX: &str = "ETCD_";
