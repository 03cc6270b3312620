//! The names of a member's files in `certs-dir`, where those are other ones than a build gives them.

use super::text;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::spec::{Spanned, TlsSpec};
use bouquet_model::cluster::{Layout, Setting};
use bouquet_model::option::Value;
use bouquet_model::settings::{CERTIFICATE_FILES, MEMBER_NAME};
use std::collections::BTreeMap;

/// Returns the name for each option that is written, in the order of the keys.
pub(super) fn names(
    spec: &TlsSpec,
    layout: Option<Layout>,
    found: &mut Diagnostics,
) -> Option<Vec<Setting>> {
    let written = [
        ("trusted-ca-file", &spec.trusted_ca_file),
        ("cert-file", &spec.cert_file),
        ("key-file", &spec.key_file),
        ("peer-trusted-ca-file", &spec.peer_trusted_ca_file),
        ("peer-cert-file", &spec.peer_cert_file),
        ("peer-key-file", &spec.peer_key_file),
    ];
    let written = written.into_iter().filter_map(|(key, name)| Some((key, name.as_ref()?)));
    let mut first: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    text::all(written.map(|(key, name)| {
        let text = text::printable(name, key, found)?;
        let fault = fault(key, &text).or_else(|| of_layout(key, layout));
        if let Some(fault) = fault {
            found.push(fault.at(name.span, ""));
            return None;
        }
        if let Some((other, span)) = first.insert(&name.value, (key, name.span)) {
            found.push(twice(name, (other, span)));
            return None;
        }
        Some(Setting { name: key, value: Value::Text(text.into()) })
    }))
}

fn twice(name: &Spanned<String>, (key, first): (&str, Span)) -> Diagnostic {
    Diagnostic::error(format!("{} is the name of two files", quoted(&name.value)))
        .at(name.span, "again here")
        .also(first, format!("`{key}` has it"))
        .help("give each a name of its own")
}

/// Reports what is wrong with the name of a file.
fn fault(key: &str, name: &str) -> Option<Diagnostic> {
    let shown = quoted(name);
    let own = own_name(key);
    if name.contains('/') {
        return Some(
            Diagnostic::error(format!("{shown} is a path, and `{key}` takes the name of a file"))
                .help("the folder is `certs-dir`: all files of a member are in it"),
        );
    }
    if name.is_empty() || name == "." || name == ".." || name.len() > LONGEST {
        return Some(
            Diagnostic::error(format!("{shown} is no name of a file"))
                .help(format!("leave it out: it is `{own}` then")),
        );
    }
    if name.replace(MEMBER_NAME, "").contains(['{', '}']) {
        return Some(
            Diagnostic::error(format!("{shown} has braces that stand for nothing"))
                .help(format!("`{MEMBER_NAME}` stands for the name of the member")),
        );
    }
    let is_anothers = name != own && CERTIFICATE_FILES.contains(&name);
    is_anothers.then(|| {
        Diagnostic::error(format!("{shown} is what a build calls another file"))
            .note("each file is there under the name that a build gives it, too")
            .help("write another name")
    })
}

/// Returns what a build calls the file of an option.
fn own_name(key: &str) -> &'static str {
    match key {
        "trusted-ca-file" => "ca.crt",
        "cert-file" => "server.crt",
        "key-file" => "server.key",
        "peer-trusted-ca-file" => "peer-ca.crt",
        "peer-cert-file" => "peer.crt",
        _ => "peer.key",
    }
}

/// The longest name of a file, less the longest name of a member that may stand in it.
const LONGEST: usize = 255 - 64;

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
