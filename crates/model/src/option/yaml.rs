//! Where and how an option stands in etcd's YAML file (`--config-file`).
//!
//! The keys are the `json` tags of `embed.Config`, `configJSON` and
//! `securityConfig` in etcd's `embed/config.go`. etcd accepts unknown keys in
//! silence, so a key must only be written where that very version reads it.

use super::versions::Versions;

/// An option in the YAML file of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yaml {
    /// The key, from the outermost block inwards, and the form of its value.
    Key {
        /// One key for most options, `["peer-transport-security", "cert-file"]`
        /// for those in a block.
        path: &'static [&'static str],
        /// The form of the value.
        form: YamlForm,
    },
    /// This version cannot take the option from a YAML file.
    None,
}

/// The form that the field behind a key unmarshals from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YamlForm {
    /// `true` or `false`.
    Bool,
    /// An integer, as the flag has it.
    Int,
    /// A duration as an integer of nanoseconds: `2h` would not be read.
    Nanoseconds,
    /// A string, which must be quoted where it looks like something else.
    Str,
    /// Several texts in one string with commas between.
    Csv,
    /// A YAML sequence of strings.
    List,
}

/// The table's side of [`Yaml`]: where the key differs from the option's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct YamlKey {
    /// Empty where the key is the option's own name.
    pub(super) path: &'static [&'static str],
    /// The versions whose YAML has the key, out of those that have the option.
    pub(super) versions: Versions,
    /// A list is a YAML sequence instead of one string with commas.
    pub(super) sequence: bool,
}

impl YamlKey {
    /// The option's own name, wherever the option exists, lists joined by commas.
    pub(super) const OWN_NAME: Self = Self { path: &[], versions: Versions::ALL, sequence: false };
}
