//! Every table and key that a spec may hold, as data.
//!
//! The decoder looks its keys up here, "did you mean" searches here, and the
//! reference in `docs/` is tested against it.

mod sections;

pub use sections::{
    AUTHORITY, CA, CLIENT, CLUSTER, ETCD, MEMBER, MEMBER_ETCD, REVOKED, SECTIONS, TLS,
};

/// A table of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name in TOML, dotted when it lies in another: `member.etcd`.
    pub name: &'static str,
    /// How it begins: `[cluster]` or `[[member]]`.
    pub header: &'static str,
    /// Whether the spec must have it.
    pub required: bool,
    /// Whether it takes etcd's options, by any name, instead of keys.
    pub options: bool,
    /// What it is, in one line.
    pub doc: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether its section must have it.
    pub required: bool,
    /// What holds without it, in words; empty when it is required or when
    /// there is nothing to say.
    pub default: &'static str,
    /// A value as it could stand in a spec.
    pub example: &'static str,
    /// The option of etcd that it becomes, under its own name, if it does.
    pub option: Option<&'static str>,
    /// What it is, in one line.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A port: 1 to 65535.
    Port,
    /// A whole number from 1 on, which counts CAs or generations of certificates.
    Number,
    /// A list of strings.
    Texts,
    /// A list of whole numbers from 1 on.
    Numbers,
}

impl Kind {
    /// The kind in words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Flag => "`true` or `false`",
            Self::Port => "a port number",
            Self::Number => "a whole number",
            Self::Texts => "a list of strings",
            Self::Numbers => "a list of whole numbers",
        }
    }
}

impl Section {
    /// Whether there may be many: `[[member]]`.
    pub fn is_repeated(&self) -> bool {
        self.header.starts_with("[[")
    }

    /// The key of this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// The section of this name.
pub fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().copied().find(|section| section.name == name)
}

const fn text(name: &'static str, example: &'static str, doc: &'static str) -> Key {
    Key { name, kind: Kind::Text, required: false, default: "", example, option: None, doc }
}

impl Key {
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }
}
