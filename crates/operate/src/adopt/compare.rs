//! What members run with, beside what the spec would have them run with: option by option.

use super::observed::Observed;
use super::spec::Spec;
use super::value::normal;
use bouquet_model::cluster::{Cluster, Member};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::option::{EtcdOption, Kind, OPTIONS, OnChange};
use bouquet_model::settings::settings;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeMap;

/// What came of comparing a member.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// How many options it has or would have.
    pub(super) options: usize,
    /// Those that would be others.
    pub(super) differing: Vec<Differing>,
}

/// An option that would be another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Differing {
    pub(super) option: &'static EtcdOption,
    /// As etcd has it now; `None` where that is nothing.
    pub(super) is: Option<String>,
    pub(super) would_be: Option<String>,
}

/// Compares a member whose configuration was read with what a build of the spec would write for it.
pub(super) fn compare(observed: &Observed, spec: &Spec, cluster: &Cluster) -> Compared {
    let Some(member) = cluster.member(&observed.name) else { return Compared::default() };
    let written = written(cluster, member);
    let mut compared = Compared::default();
    for option in OPTIONS {
        let name = option.name();
        let is = observed.texts.get(name);
        let would_be = written.get(name);
        if is.is_none() && would_be.is_none() {
            continue;
        }
        compared.options += 1;
        // A member that has run reads these no more; who it is called, and where others find it, stays all the same.
        let is_past =
            option.on_change() == OnChange::Bootstrap && name != "initial-advertise-peer-urls";
        if is_past || is_implied(name, observed) {
            continue;
        }
        let [is, would_be] = [is, would_be].map(|text| in_force(option, text, spec.version));
        if is != would_be {
            compared.differing.push(Differing { option, is, would_be });
        }
    }
    compared
}

fn written(cluster: &Cluster, member: &Member) -> BTreeMap<&'static str, String> {
    settings(cluster, member).into_iter().map(|it| (it.name, it.value.flag_text())).collect()
}

/// Returns the value that is in force, in the form in which two are compared.
fn in_force(option: &EtcdOption, text: Option<&String>, version: EtcdVersion) -> Option<String> {
    let text = text.map(String::as_str).or_else(|| option.default(version))?;
    Some(normal(option, text)).filter(|text| !text.is_empty())
}

/// Tells whether the member has this option by its CA file: with one, etcd asks for certificates of that CA even
/// without the option (`ServerConfig` in its `client/pkg/transport/listener.go`).
fn is_implied(name: &str, observed: &Observed) -> bool {
    match name {
        "client-cert-auth" => observed.texts.contains_key("trusted-ca-file"),
        "peer-client-cert-auth" => observed.texts.contains_key("peer-trusted-ca-file"),
        _ => false,
    }
}

/// Says what would be otherwise: the files of certificates in one, each other option by itself.
pub(super) fn unsaid(observed: &Observed, compared: &Compared) -> Vec<Diagnostic> {
    let member = quoted(&observed.name);
    let (files, others): (Vec<&Differing>, Vec<&Differing>) =
        compared.differing.iter().partition(|it| is_file(it.option));
    let mut all = Vec::new();
    if !files.is_empty() {
        let error = Diagnostic::error(format!(
            "cluster.toml cannot express where {member} has its certificates"
        ));
        let error = files.iter().fold(error, |error, it| {
            error.note(format!("`{}` is {}", it.option.name(), becomes(it)))
        });
        all.push(error.help(
            "files that are there stay in use until etcd is started with the others: `install` \
             puts those in place first",
        ));
    }
    all.extend(others.into_iter().map(|it| {
        let option = it.option;
        let error = Diagnostic::error(format!(
            "cluster.toml cannot express `{}` of {member}",
            option.name()
        ));
        let error = error.note(format!("it is {}", becomes(it)));
        match advice(it) {
            Some(help) => error.help(help),
            None => error,
        }
    }));
    all
}

fn is_file(option: &EtcdOption) -> bool {
    option.kind() == Kind::Path && option.name().ends_with("-file")
}

fn becomes(it: &Differing) -> String {
    let shown = |text: &Option<String>| match text {
        Some(text) => quoted(text),
        None => "nothing".to_owned(),
    };
    format!("{}, and would be {}", shown(&it.is), shown(&it.would_be))
}

/// Returns what may be done about it.
fn advice(it: &Differing) -> Option<String> {
    let advice = match it.option.name() {
        "listen-client-urls" | "listen-peer-urls" => {
            "a client that dials an address that goes away needs another one first: look at the \
             clients on the node"
        }
        "initial-advertise-peer-urls" => {
            "members know it by that URL: give it the URL that `etcdctl member list` shows"
        }
        "peer-client-cert-auth" => {
            "members would ask one another for certificates: each needs one first"
        }
        "client-cert-auth" => "clients would be asked for a certificate: each needs one first",
        "data-dir" => {
            "the member would find no data there: move the data along, or leave it in a place \
             that a spec can express"
        }
        _ => return None,
    };
    Some(advice.to_owned())
}
