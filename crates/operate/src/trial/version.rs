//! Whether an etcd has what a cluster asks for.

use bouquet_model::Cluster;
use bouquet_model::cluster::Setting;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::option::{Raw, Value};
use bouquet_model::version::EtcdVersion;

/// The version of an etcd, as `etcd --version` tells it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// One of those that are known.
    Known(EtcdVersion),
    /// Another one.
    Unknown(String),
}

/// Reads what `etcd --version` printed; `None` where it is no etcd. A candidate of a release counts as that.
pub(crate) fn told(text: &str) -> Option<Told> {
    let version = text.lines().find_map(|line| line.strip_prefix("etcd Version:"))?.trim();
    let release = version.split(['-', '+']).next().unwrap_or(version);
    let known = EtcdVersion::parse(release).ok().map(Told::Known);
    Some(known.unwrap_or_else(|| Told::Unknown(version.to_owned())))
}

/// Returns what the members ask for and a release does not have, each once: an option, or one of its values.
pub(super) fn lacks(cluster: &Cluster, version: EtcdVersion) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for setting in cluster.members.iter().flat_map(|member| member.options.iter()) {
        let lack = refused(setting, version);
        all.extend(lack.filter(|lack| !all.contains(lack)));
    }
    all
}

/// Holds an option to what a build that was told of this release would say.
fn refused(setting: &Setting, version: EtcdVersion) -> Option<Diagnostic> {
    let text = setting.value.flag_text();
    let entries: Vec<&str> = match &setting.value {
        Value::List(entries) => entries.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    };
    let raw = match &setting.value {
        Value::Bool(value) => Raw::Bool(*value),
        Value::Int(value) => Raw::Int(*value),
        Value::List(_) => Raw::List(&entries),
        Value::Duration(_) | Value::Path(_) | Value::Text(_) => Raw::Str(&text),
    };
    setting.option().accept(raw, version).err()
}
