//! The names of a member's files in `certs-dir`, where those are other ones than a build gives them.

use super::text;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::spec::{MemberSpec, Spanned, Spec, TlsSpec};
use bouquet_model::cluster::{Layout, Setting};
use bouquet_model::name::MemberName;
use bouquet_model::option::Value;
use bouquet_model::settings::{CERTIFICATE_FILES, MEMBER_NAME, NAMED_FILES};
use std::collections::{BTreeMap, BTreeSet};

/// A name as it is written, and the option that it is of.
type Written<'a> = (&'static str, &'a Spanned<String>);

/// Returns the name for each option that is written, in the order of the keys. `trusts_apart` tells whether peers trust other
/// CAs than clients do, where that is known.
pub(super) fn names(
    whole: &Spec,
    layout: Option<Layout>,
    trusts_apart: Option<bool>,
    found: &mut Diagnostics,
) -> Option<Vec<Setting>> {
    let written = written(&whole.tls);
    let mut first: BTreeMap<&str, Written<'_>> = BTreeMap::new();
    let names = text::all(written.iter().map(|(key, name)| {
        let text = text::printable(name, key, found)?;
        let fault = fault(key, &text).or_else(|| another(key, &text));
        let fault = fault.or_else(|| of_layout(key, layout)).or_else(|| of_cas(key, trusts_apart));
        if let Some(fault) = fault {
            found.push(fault.at(name.span, ""));
            return None;
        }
        if let Some(other) = first.insert(&name.value, (key, name)) {
            found.push(twice(&text, name.span, other));
            return None;
        }
        Some(Setting { name: key, value: Value::Text(text.into()) })
    }))?;
    let mut told = BTreeSet::new();
    let members = whole.members.iter().filter(|it| MemberName::parse(&it.name.value).is_ok());
    let findings = members.flat_map(|member| filled(&written, member));
    let findings: Vec<Diagnostic> =
        findings.filter(|(span, _)| told.insert(*span)).map(|(_, it)| it).collect();
    let is_right = findings.is_empty();
    for finding in findings {
        found.push(finding);
    }
    is_right.then_some(names)
}

fn written(spec: &TlsSpec) -> Vec<Written<'_>> {
    let names = [
        &spec.trusted_ca_file,
        &spec.cert_file,
        &spec.key_file,
        &spec.peer_trusted_ca_file,
        &spec.peer_cert_file,
        &spec.peer_key_file,
    ];
    let options = NAMED_FILES.iter().map(|(option, _)| *option);
    options.zip(names).filter_map(|(option, name)| Some((option, name.as_ref()?))).collect()
}

/// Finds what is wrong with the names once a member's is in them, each with its place.
fn filled<'a>(written: &[Written<'a>], member: &'a MemberSpec) -> Vec<(Span, Diagnostic)> {
    let mut first: BTreeMap<String, Written<'a>> = BTreeMap::new();
    let mut all = Vec::new();
    for (key, name) in written {
        let text = name.value.replace(MEMBER_NAME, &member.name.value);
        let is_filled = name.value.contains(MEMBER_NAME);
        let fault = is_filled.then(|| too_long(&text).or_else(|| another(key, &text))).flatten();
        let other = first.insert(text.clone(), (*key, *name));
        // Of two that are written alike, that is said.
        let other = other.filter(|(_, other)| is_filled || other.value.contains(MEMBER_NAME));
        let fault = fault.map(|fault| fault.at(name.span, ""));
        let fault = fault.or_else(|| Some(twice(&text, name.span, other?)));
        all.extend(fault.map(|fault| (name.span, fault.also(member.name.span, "for this member"))));
    }
    all
}

fn twice(name: &str, again: Span, (key, first): Written<'_>) -> Diagnostic {
    Diagnostic::error(format!("{} is the name of two files", quoted(name)))
        .at(again, "again here")
        .also(first.span, format!("`{key}` has it"))
        .help("give each a name of its own")
}

/// Reports what is wrong with the name of a file.
fn fault(key: &str, name: &str) -> Option<Diagnostic> {
    let shown = quoted(name);
    if name.contains('/') {
        return Some(
            Diagnostic::error(format!("{shown} is a path, and `{key}` takes the name of a file"))
                .help("the folder is `certs-dir`: all files of a member are in it"),
        );
    }
    if name.is_empty() || name == "." || name == ".." {
        let own = NAMED_FILES.iter().find(|(option, _)| *option == key).map(|(_, own)| *own);
        return Some(
            Diagnostic::error(format!("{shown} is no name of a file"))
                .help(format!("leave it out: it is `{}` then", own.unwrap_or_default())),
        );
    }
    if name.replace(MEMBER_NAME, "").contains(['{', '}']) {
        return Some(
            Diagnostic::error(format!("{shown} has braces that stand for nothing"))
                .help(format!("`{MEMBER_NAME}` stands for the name of the member")),
        );
    }
    too_long(name)
}

/// Refuses a name that no file can have.
fn too_long(name: &str) -> Option<Diagnostic> {
    let length = name.len();
    (length > LONGEST).then(|| {
        Diagnostic::error(format!("a file would have a name of {length} bytes"))
            .note(format!("Linux takes {LONGEST}"))
            .help("write a shorter one")
    })
}

/// The longest name of a file (`NAME_MAX`).
const LONGEST: usize = 255;

/// Refuses the name that a build gives another file than that of the option.
fn another(key: &str, name: &str) -> Option<Diagnostic> {
    let is_own = NAMED_FILES.contains(&(key, name));
    (!is_own && CERTIFICATE_FILES.contains(&name)).then(|| {
        Diagnostic::error(format!("{} is what a build calls another file", quoted(name)))
            .note("each file is there under the name that a build gives it, too")
            .help("write another name")
    })
}

/// Checks a name against the layout: if peers are shown the certificate that clients are shown, its file has one
/// name.
fn of_layout(key: &str, layout: Option<Layout>) -> Option<Diagnostic> {
    let layout = layout.filter(|layout| *layout != Layout::Separate)?;
    let other = match key {
        "peer-cert-file" => "cert-file",
        "peer-key-file" => "key-file",
        _ => return None,
    };
    Some(
        Diagnostic::error(format!("with `layout = \"{layout}\"`, a member has one certificate"))
            .note(format!("peers are shown the file of `{other}`"))
            .help(format!("leave `{key}` out")),
    )
}

/// Checks a name against the CAs: if members trust each other by those that clients have, their file has one name.
fn of_cas(key: &str, trusts_apart: Option<bool>) -> Option<Diagnostic> {
    let is_one = key == "peer-trusted-ca-file" && trusts_apart == Some(false);
    is_one.then(|| {
        Diagnostic::error("members trust the same CAs among each other as clients do, in one file")
            .note("`--peer-trusted-ca-file` names the file of `trusted-ca-file` then")
            .help(format!("leave `{key}` out"))
            .help("or give peers CAs of their own, by `peer-trust` under [ca]")
    })
}
