//! The words in which the table is written.

use super::duration::GoDuration;
use super::etcd_option::{DefaultText, EtcdOption, Group, Origin, Successor};
use super::kind::{Item, Kind, Word};
use super::versions::Versions;
use super::yaml::YamlKey;
use crate::version::Minor;

/// A row: an option that every version has, that the spec may write, and whose
/// YAML key is its name. The methods below say where it differs.
pub(super) const fn row(name: &'static str, kind: Kind) -> EtcdOption {
    EtcdOption {
        name,
        group: Group::Identity,
        kind,
        unit: "",
        limit: "",
        versions: Versions::ALL,
        yaml: YamlKey::OWN_NAME,
        origin: Origin::User,
        default: DefaultText::None,
        successor: Successor::None,
        deprecated: None,
        doc: "",
    }
}

pub(super) const BOOL: Kind = Kind::Bool;
pub(super) const TEXT: Kind = Kind::Text;
pub(super) const PATH: Kind = Kind::Path;
pub(super) const COUNT: Kind = at_least(0);
pub(super) const DURATION: Kind = Kind::Duration { min: GoDuration::ZERO };
pub(super) const TEXTS: Kind = list(Item::Text);
pub(super) const URLS: Kind = list(Item::ListenUrl);

pub(super) const fn at_least(min: i64) -> Kind {
    Kind::Int { min, max: i64::MAX }
}

pub(super) const fn list(item: Item) -> Kind {
    Kind::List { item, many: Versions::ALL }
}

pub(super) const fn any<const N: usize>(texts: [&'static str; N]) -> [Word; N] {
    let mut words = [Word::new(""); N];
    let mut at = 0;
    while at < N {
        words[at] = Word::new(texts[at]);
        at += 1;
    }
    words
}

impl EtcdOption {
    /// One sentence on what it does.
    pub(super) const fn means(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// The unit of its integer.
    pub(super) const fn counts(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// The reason for its limits: etcd's answer to a value beyond them.
    pub(super) const fn limit(mut self, why: &'static str) -> Self {
        self.limit = why;
        self
    }

    /// The releases that have it, where that is not all of them.
    pub(super) const fn only(mut self, versions: Versions) -> Self {
        self.versions = versions;
        self
    }

    /// The flag's value where it is not given.
    pub(super) const fn default_is(mut self, text: &'static str) -> Self {
        self.default = DefaultText::Always(text);
        self
    }

    /// The same, from 3.4 to 3.7.
    pub(super) const fn defaults_are(mut self, texts: [&'static str; 4]) -> Self {
        self.default = DefaultText::ByMinor(texts);
        self
    }

    /// Its YAML key stands in a block, or has another name.
    pub(super) const fn yaml_at(mut self, path: &'static [&'static str]) -> Self {
        self.yaml.path = path;
        self
    }

    /// Only these versions read it from YAML.
    pub(super) const fn yaml_in(mut self, versions: Versions) -> Self {
        self.yaml.versions = versions;
        self
    }

    /// No version reads it from YAML.
    pub(super) const fn no_yaml(self) -> Self {
        self.yaml_in(Versions::NONE)
    }

    /// In YAML it is a sequence, not one string with commas.
    pub(super) const fn yaml_sequence(mut self) -> Self {
        self.yaml.sequence = true;
        self
    }

    /// It follows from this key of the spec.
    pub(super) const fn derived(mut self, from: &'static str) -> Self {
        self.origin = Origin::Derived { from };
        self
    }

    /// It has no place in a described cluster.
    pub(super) const fn refused(mut self, why: &'static str) -> Self {
        self.origin = Origin::Refused { why };
        self
    }

    /// It goes on under this name, and the version where both exist warns.
    pub(super) const fn renamed(mut self, name: &'static str) -> Self {
        self.successor = Successor::Renamed(name);
        self
    }

    /// It became a feature gate.
    pub(super) const fn gate(mut self, name: &'static str) -> Self {
        self.successor = Successor::Gate(name);
        self
    }

    /// It became one value of another option.
    pub(super) const fn setting(mut self, name: &'static str, value: &'static str) -> Self {
        self.successor = Successor::Setting(name, value);
        self
    }

    /// It was removed, for this reason.
    pub(super) const fn gone(mut self, why: &'static str) -> Self {
        self.successor = Successor::Gone(why);
        self
    }

    /// From this minor on etcd warns that it will go.
    pub(super) const fn deprecated(mut self, minor: Minor) -> Self {
        self.deprecated = Some(minor);
        self
    }

    /// The same row in this part of the table.
    pub(super) const fn within(mut self, group: Group) -> Self {
        self.group = group;
        self
    }
}
