//! `cluster.schema.json`: what an editor knows of `cluster.toml`, as a JSON Schema of draft 7.
//!
//! It follows from the declarations of the keys and from the options table, for the version of etcd in the file: what that
//! version does not have is not there. It says what a value may look like; whether a cluster can be is for the build to say.

use crate::json::Json;
use crate::spec::{Key, Kind as KeyKind, Required, SECTIONS, Section};
use bouquet_model::option::{EtcdOption, GATES, Item, Kind, Limits, OPTIONS, Origin, Word};
use bouquet_model::version::EtcdVersion;
use std::fmt::Write as _;

/// The file in `out/`.
pub(crate) const FILE: &str = "cluster.schema.json";

/// A Go duration.
const DURATION: &str = "^[+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";

/// A count of bytes with its unit.
const SIZE: &str = "^[0-9]+ ?(KiB|MiB|GiB|TiB)$";

/// Returns the schema for a version of etcd.
pub(crate) fn schema(version: EtcdVersion) -> String {
    let outer = SECTIONS.iter().filter(|section| !section.name.contains('.'));
    let required = outer.clone().filter(|section| section.required).map(|section| section.name);
    let sections = outer.map(|section| (section.name, table(section))).collect();
    let options = OPTIONS
        .iter()
        .filter(|option| option.origin() == Origin::User && option.versions().contains(version));
    let options = options.map(|option| (option.name(), described(option, version))).collect();
    let whole = Json::Object(vec![
        ("$schema", Json::text("http://json-schema.org/draft-07/schema#")),
        ("title", Json::text(format!("cluster.toml, for etcd {version}"))),
        ("type", Json::text("object")),
        ("additionalProperties", Json::Flag(false)),
        ("required", Json::texts(required)),
        ("properties", Json::Object(sections)),
        ("definitions", Json::Object(vec![("options", object(Vec::new(), options))])),
    ]);
    format!("{whole}\n")
}

/// Returns a table of the file, or a list of such.
fn table(section: &Section) -> Json {
    let about = ("description", Json::text(sentence(&section.doc())));
    if section.options {
        return Json::Object(vec![about, OPTIONS_OF_ETCD.entry()]);
    }
    let required = section.keys.iter().filter(|key| key.required == Required::Always);
    let required = required.map(|key| key.name).collect();
    let mut keys: Vec<_> = section.keys.iter().map(|key| (key.name, value(key))).collect();
    // A table in this one, such as `[member.etcd]`.
    let inner = SECTIONS.iter().filter_map(|other| {
        let name = other.name.strip_prefix(section.name)?.strip_prefix('.')?;
        Some((name, table(other)))
    });
    keys.extend(inner);
    let mut one = object(required, keys);
    if let Json::Object(entries) = &mut one {
        entries.extend(section.keys.iter().filter_map(excused));
    }
    if !section.is_repeated() {
        return one;
    }
    let mut list = vec![about, ("type", Json::text("array")), ("items", one)];
    if section.required {
        list.push(("minItems", Json::Number(1)));
    }
    Json::Object(list)
}

/// Returns a key that has to be there, or another one with that value.
fn excused(key: &Key) -> Option<(&'static str, Json)> {
    let Required::Unless { key: other, value } = key.required else { return None };
    let is_there = |name| ("required", Json::texts([name]));
    let value = Json::Object(vec![("enum", Json::texts([value]))]);
    let excuse = vec![is_there(other), ("properties", Json::Object(vec![(other, value)]))];
    let ways = vec![Json::Object(vec![is_there(key.name)]), Json::Object(excuse)];
    Some(("anyOf", Json::List(ways)))
}

/// What stands for all options, so that they are written once.
struct Reference(&'static str);

const OPTIONS_OF_ETCD: Reference = Reference("#/definitions/options");

impl Reference {
    /// Returns the reference inside `allOf`: in draft 7, what is beside a reference is not looked at.
    fn entry(&self) -> (&'static str, Json) {
        ("allOf", Json::List(vec![Json::Object(vec![("$ref", Json::text(self.0))])]))
    }
}

/// Returns a table that has these keys and no other.
fn object(required: Vec<&'static str>, properties: Vec<(&'static str, Json)>) -> Json {
    Json::Object(vec![
        ("type", Json::text("object")),
        ("additionalProperties", Json::Flag(false)),
        ("required", Json::texts(required)),
        ("properties", Json::Object(properties)),
    ])
}

fn value(key: &Key) -> Json {
    let default =
        if key.default.is_empty() { String::new() } else { format!(". Default: {}", key.default) };
    let choices = key.choices.map(|choices| choices()).unwrap_or_default();
    let text = || {
        if choices.is_empty() {
            typed("string")
        } else {
            vec![("enum", Json::texts(choices.clone()))]
        }
    };
    let mut all = match key.kind {
        KeyKind::Text => text(),
        KeyKind::Flag => typed("boolean"),
        KeyKind::Port => number(1, u16::MAX.into()),
        KeyKind::Number => number(1, u32::MAX.into()),
        KeyKind::FlagOrText => either([typed("boolean"), text()]),
        KeyKind::FlagOrPort => either([typed("boolean"), number(1, u16::MAX.into())]),
        KeyKind::Texts => list(text()),
        KeyKind::Numbers => list(number(1, u32::MAX.into())),
    };
    all.insert(0, ("description", Json::text(sentence(&key.doc()) + &default)));
    Json::Object(all)
}

/// Returns a phrase as an editor shows it, by itself.
fn sentence(phrase: &str) -> String {
    let mut rest = phrase.chars();
    let first = rest.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}

type Entries = Vec<(&'static str, Json)>;

fn described(option: &EtcdOption, version: EtcdVersion) -> Json {
    let mut about = option.doc().trim_end_matches('.').to_owned();
    if let Some(unit) = option.unit() {
        let _ = write!(about, ", in {unit}");
    }
    if let Some(default) = option.default(version) {
        let _ = write!(about, ". Default: {default}");
    }
    let mut all = taken(option.kind(), version);
    all.insert(0, ("description", Json::text(about)));
    Json::Object(all)
}

/// Returns what a kind of option takes, in this version.
fn taken(kind: Kind, version: EtcdVersion) -> Entries {
    match kind {
        Kind::Bool => typed("boolean"),
        Kind::Int(limits) => limited(limits),
        Kind::Size(limits) => either([limited(limits), pattern(SIZE)]),
        Kind::Duration(_) => pattern(DURATION),
        Kind::Retention => {
            either([number(0, i64::MAX), pattern(&DURATION.replace("(0|", "([0-9]+|"))])
        }
        Kind::List { item, many } => {
            let mut list = list(items(item, version));
            if !many.contains(version) {
                list.push(("maxItems", Json::Number(1)));
            }
            list
        }
        Kind::Text
        | Kind::TokenProvider
        | Kind::HostPort
        | Kind::Rotation
        | Kind::PackageLevels => typed("string"),
        Kind::Path => pattern("^/"),
        Kind::Enum(words) => vec![("enum", Json::texts(known(words, version)))],
    }
}

fn items(item: Item, version: EtcdVersion) -> Entries {
    match item {
        Item::Gate => {
            let gates: Vec<_> = known(GATES, version).collect();
            pattern(&format!("^({})=(true|false)$", gates.join("|")))
        }
        Item::ListenUrl | Item::MetricsUrl => pattern("^(https?|unixs?)://"),
        Item::Text | Item::Origin | Item::CertifiedHost | Item::RequestHost | Item::LogOutput => {
            typed("string")
        }
    }
}

fn known(words: &[Word], version: EtcdVersion) -> impl Iterator<Item = &'static str> {
    words.iter().filter(move |word| word.versions.contains(version)).map(|word| word.text)
}

fn typed(name: &str) -> Entries {
    vec![("type", Json::text(name))]
}

fn pattern(pattern: &str) -> Entries {
    vec![("type", Json::text("string")), ("pattern", Json::text(pattern))]
}

fn list(items: Entries) -> Entries {
    vec![("type", Json::text("array")), ("items", Json::Object(items))]
}

fn either<const N: usize>(ways: [Entries; N]) -> Entries {
    vec![("anyOf", Json::List(ways.into_iter().map(Json::Object).collect()))]
}

/// Returns a number in a range, and those beside it.
fn limited(limits: Limits) -> Entries {
    let range = number(limits.min, limits.max);
    if limits.beside.is_empty() {
        return range;
    }
    let beside = limits.beside.iter().map(|number| Json::Number(*number)).collect();
    either([vec![("enum", Json::List(beside))], range])
}

/// Describes a number. What has no end in etcd has none here: a reader may count in floating point.
fn number(least: i64, most: i64) -> Entries {
    let mut all = typed("integer");
    if least != i64::MIN {
        all.push(("minimum", Json::Number(least)));
    }
    if most != i64::MAX {
        all.push(("maximum", Json::Number(most)));
    }
    all
}
