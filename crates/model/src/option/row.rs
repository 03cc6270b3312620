//! The words in which the table is written.

use super::etcd_option::{DefaultText, EtcdOption, Group, OnChange, Origin, Successor};
use super::kind::{Item, Kind, Word};
use super::limits::{BeforeFix, Limits, Usual};
use super::versions::Versions;
use super::yaml::YamlKey;
use crate::version::Minor;

/// Returns a row: an option that every version has, that the spec may write, and whose
/// YAML key is its name. The methods below say where it differs.
pub(super) const fn row(name: &'static str, kind: Kind) -> EtcdOption {
    EtcdOption {
        name,
        group: Group::Identity,
        kind,
        unit: "",
        too_little: "",
        too_much: "",
        before_fix: None,
        usual: Usual::ANY,
        versions: Versions::ALL,
        yaml: YamlKey::OWN_NAME,
        origin: Origin::User,
        default: DefaultText::None,
        successor: Successor::None,
        deprecated: None,
        on_change: OnChange::Restart,
        doc: "",
    }
}

pub(super) const BOOL: Kind = Kind::Bool;
pub(super) const TEXT: Kind = Kind::Text;
pub(super) const PATH: Kind = Kind::Path;
pub(super) const COUNT: Kind = at_least(0);
/// A number of which 0 stands for something else, such as etcd's default.
pub(super) const COUNT_OR_ZERO: Kind = Kind::Int(Limits::from(1).or(&[0]));
/// A time of which none stands for something else.
pub(super) const DURATION_OR_ZERO: Kind = Kind::Duration(Limits::from(NANOSECOND).or(&[0]));
pub(super) const DURATION: Kind = Kind::Duration(Limits::from(0));
pub(super) const TEXTS: Kind = list(Item::Text);
pub(super) const URLS: Kind = list(Item::ListenUrl);

pub(super) const fn at_least(min: i64) -> Kind {
    Kind::Int(Limits::from(min))
}

/// The nanoseconds of a time.
pub(super) const NANOSECOND: i64 = 1;
pub(super) const MILLISECOND: i64 = 1_000_000 * NANOSECOND;
pub(super) const SECOND: i64 = 1000 * MILLISECOND;
pub(super) const MINUTE: i64 = 60 * SECOND;

/// The bytes of a size.
pub(super) const KIB: i64 = 1 << 10;
pub(super) const MIB: i64 = 1 << 20;
pub(super) const GIB: i64 = 1 << 30;
pub(super) const TIB: i64 = 1 << 40;

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
    /// Sets one sentence on what it does.
    pub(super) const fn means(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Sets the unit of its integer.
    pub(super) const fn counts(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// Sets the reason for its limits: etcd's answer to a value beyond them.
    pub(super) const fn limit(self, why: &'static str) -> Self {
        self.too_little(why).too_much(why)
    }

    /// Sets etcd's answer to a value below its limits.
    pub(super) const fn too_little(mut self, why: &'static str) -> Self {
        self.too_little = why;
        self
    }

    /// Sets etcd's answer to a value above its limits.
    pub(super) const fn too_much(mut self, why: &'static str) -> Self {
        self.too_much = why;
        self
    }

    /// Sets the most that releases without a fix take, and why.
    pub(super) const fn at_most_before(
        mut self,
        fixed: Versions,
        max: i64,
        why: &'static str,
    ) -> Self {
        self.before_fix = Some(BeforeFix { fixed, max, why });
        self
    }

    /// Says that it is rarely less than this, and why that is regretted.
    pub(super) const fn rarely_below(mut self, least: i64, why: &'static str) -> Self {
        self.usual.least = least;
        self.usual.less = why;
        self
    }

    /// Says that it is rarely more than this, and why that is regretted.
    pub(super) const fn rarely_above(mut self, most: i64, why: &'static str) -> Self {
        self.usual.most = most;
        self.usual.more = why;
        self
    }

    /// Sets the releases that have it, if that is not all of them.
    pub(super) const fn only(mut self, versions: Versions) -> Self {
        self.versions = versions;
        self
    }

    /// Sets the flag's value if it is not given.
    pub(super) const fn default_is(mut self, text: &'static str) -> Self {
        self.default = DefaultText::Always(text);
        self
    }

    /// Sets the same, from 3.4 to 3.7.
    pub(super) const fn defaults_are(mut self, texts: [&'static str; 4]) -> Self {
        self.default = DefaultText::ByMinor(texts);
        self
    }

    /// Sets its YAML key, which stands in a block, or has another name.
    pub(super) const fn yaml_at(mut self, path: &'static [&'static str]) -> Self {
        self.yaml.path = path;
        self
    }

    /// Says that only these versions read it from YAML.
    pub(super) const fn yaml_in(mut self, versions: Versions) -> Self {
        self.yaml.versions = versions;
        self
    }

    /// Says that no version reads it from YAML.
    pub(super) const fn no_yaml(self) -> Self {
        self.yaml_in(Versions::NONE)
    }

    /// Says that in YAML it is a sequence, not one string with commas.
    pub(super) const fn yaml_sequence(mut self) -> Self {
        self.yaml.sequence = true;
        self
    }

    /// Says that it follows from this key of the spec.
    pub(super) const fn derived(mut self, from: &'static str) -> Self {
        self.origin = Origin::Derived { from };
        self
    }

    /// Says that it has no place in a described cluster.
    pub(super) const fn refused(mut self, why: &'static str) -> Self {
        self.origin = Origin::Refused { why };
        self
    }

    /// Says that it goes on under this name, and that the version where both exist warns.
    pub(super) const fn renamed(mut self, name: &'static str) -> Self {
        self.successor = Successor::Renamed(name);
        self
    }

    /// Says that it became a feature gate.
    pub(super) const fn gate(mut self, name: &'static str) -> Self {
        self.successor = Successor::Gate(name);
        self
    }

    /// Says that it became one value of another option.
    pub(super) const fn setting(mut self, name: &'static str, value: &'static str) -> Self {
        self.successor = Successor::Setting(name, value);
        self
    }

    /// Says that it was removed, for this reason.
    pub(super) const fn gone(mut self, why: &'static str) -> Self {
        self.successor = Successor::Gone(why);
        self
    }

    /// Says that from this minor on etcd warns that it will go.
    pub(super) const fn deprecated(mut self, minor: Minor) -> Self {
        self.deprecated = Some(minor);
        self
    }

    /// Says that it is about all members: they have to agree on it, or that of the leader alone counts.
    pub(super) const fn everywhere(mut self) -> Self {
        self.on_change = OnChange::Everywhere;
        self
    }

    /// Says that something has to be looked at before it changes.
    pub(super) const fn look_first(mut self) -> Self {
        self.on_change = OnChange::LookFirst;
        self
    }

    /// Says that, switched on, it can lose data.
    pub(super) const fn can_lose_data(mut self) -> Self {
        self.on_change = OnChange::Unsafe;
        self
    }

    /// Says that it counts at the first start only.
    pub(super) const fn at_bootstrap(mut self) -> Self {
        self.on_change = OnChange::Bootstrap;
        self
    }

    /// Says that it names the member's data.
    pub(super) const fn names_data(mut self) -> Self {
        self.on_change = OnChange::Data;
        self
    }

    /// Returns the same row in this part of the table.
    pub(super) const fn within(mut self, group: Group) -> Self {
        self.group = group;
        self
    }
}
