//! `[ca]` and `[[authority]]`: which CAs there are, and where they come from.

use super::{limits, pki_text, revoked, text};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::issuing::{CaSpans, Issuing, Passphrase, Place, Source, SourceSpans};
use crate::spec::{AuthoritySpec, CaSpec, Spanned, Spec};
use bouquet_model::cluster::Layout;
use bouquet_model::trust::Trust;
use bouquet_model::version::EtcdVersion;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::num::NonZeroU32;

/// Both sides' CAs: those between clients and members, and those among members.
pub(super) struct Sides {
    pub(super) clients: Trust,
    pub(super) peers: Trust,
}

pub(super) fn sides(
    spec: &CaSpec,
    layout: Option<Layout>,
    found: &mut Diagnostics,
) -> Option<Sides> {
    let issue = spec.issue.as_ref().map_or(1, |issue| issue.value.get());
    let clients = trust(issue, spec.issue.as_ref(), spec.trust.as_ref(), "", found);
    let own = [spec.peer_issue.as_ref().map(|n| n.span), spec.peer_trust.as_ref().map(|n| n.span)];
    if let Some(span) = own.into_iter().flatten().next()
        && layout.is_some_and(|layout| layout != Layout::Separate)
    {
        found.push(
            Diagnostic::error("peers cannot have a CA of their own in this layout")
                .at(span, "here a member shows the same certificate to clients and to peers")
                .help("write `layout = \"separate\"` under [tls]: one certificate for each"),
        );
        return None;
    }
    let peer_issue = spec.peer_issue.as_ref().map_or(issue, |issue| issue.value.get());
    let peers = match (&spec.peer_issue, &spec.peer_trust) {
        (None, None) => clients.clone(),
        (of, trusted) => trust(peer_issue, of.as_ref(), trusted.as_ref(), "peer-", found),
    };
    Some(Sides { clients: clients?, peers: peers? })
}

fn trust(
    issue: u32,
    written: Option<&Spanned<NonZeroU32>>,
    trusted: Option<&Spanned<Vec<Spanned<NonZeroU32>>>>,
    key: &str,
    found: &mut Diagnostics,
) -> Option<Trust> {
    let Some(trusted) = trusted else {
        return Some(Trust { issue, trust: Cow::Owned(vec![issue]) });
    };
    let mut seen = BTreeSet::new();
    for number in &trusted.value {
        if !seen.insert(number.value.get()) {
            found.push(
                Diagnostic::error(format!("CA {} is in `{key}trust` twice", number.value))
                    .at(number.span, "")
                    .help("each CA that is trusted stands there once"),
            );
        }
    }
    if !seen.contains(&issue) {
        let error = Diagnostic::error(format!(
            "CA {issue} issues and is not trusted: `{key}issue` must be one of `{key}trust`"
        ));
        let error = error.at(trusted.span, format!("{issue} is missing here"));
        let error = match written {
            Some(written) => error.also(written.span, "issues"),
            None => error.note(format!("without `{key}issue`, CA {issue} issues")),
        };
        found.push(
            error
                .help("a change of CA goes `trust = [1, 2]`, then `issue = 2`, then `trust = [2]`")
                .help("each is a build of its own, and rolled out before the next"),
        );
        return None;
    }
    Some(Trust { issue, trust: Cow::Owned(seen.into_iter().collect()) })
}

/// Returns what only a build needs to know.
pub(super) fn issuing(
    spec: &Spec,
    version: Option<EtcdVersion>,
    sides: Option<&Sides>,
    found: &mut Diagnostics,
) -> Option<Issuing> {
    let ca = &spec.ca;
    let fingerprint = optional(ca.fingerprint.as_ref(), |f| pki_text::fingerprint(f, found));
    let limits = limits::limits(ca, version, found);
    let passphrase = passphrase(ca, found);
    let sources = sources(spec, sides, found);
    let revoked = revoked::revocations(spec, found);
    let (limits, permit) = limits?;
    Some(Issuing {
        sources: sources?,
        fingerprint: fingerprint?,
        limits,
        permit,
        passphrase: passphrase?,
        revoked: revoked?,
        spans: spans(spec),
    })
}

fn spans(spec: &Spec) -> CaSpans {
    let ca = &spec.ca;
    let members = spec.members.iter().map(|member| &member.name);
    let owners = members.chain(spec.clients.iter().map(|client| &client.name));
    let trusted = [&ca.trust, &ca.peer_trust].into_iter().flatten().flat_map(|list| &list.value);
    CaSpans {
        issue: span(ca.issue.as_ref()),
        trust: span(ca.trust.as_ref()),
        peer_issue: span(ca.peer_issue.as_ref()),
        peer_trust: span(ca.peer_trust.as_ref()),
        fingerprint: span(ca.fingerprint.as_ref()),
        name_constraints: span(ca.name_constraints.as_ref()),
        permit: span(ca.permit.as_ref()),
        passphrase: span(ca.passphrase_file.as_ref()).or(span(ca.passphrase_env.as_ref())),
        trusted: trusted.map(|number| (number.value.get(), number.span)).collect(),
        owners: owners.map(|name| (name.value.clone(), name.span)).collect(),
    }
}

fn span<T>(written: Option<&Spanned<T>>) -> Option<Span> {
    written.map(|written| written.span)
}

/// Reads a value that may be absent: returns `Some(None)` where none is written, and `None` where it is written and
/// wrong.
#[expect(clippy::option_option, reason = "absent and wrong are different things")]
fn optional<T, U>(
    written: Option<&Spanned<T>>,
    read: impl FnOnce(&Spanned<T>) -> Option<U>,
) -> Option<Option<U>> {
    written.map_or(Some(None), |written| read(written).map(Some))
}

#[expect(clippy::option_option, reason = "absent and wrong are different things")]
fn passphrase(ca: &CaSpec, found: &mut Diagnostics) -> Option<Option<Passphrase>> {
    let place = place(
        ca.passphrase_file.as_ref(),
        ca.passphrase_env.as_ref(),
        ("passphrase-file", "passphrase-env"),
        found,
    )?;
    Some(place.map(|place| match place {
        Place::File(path) => Passphrase::File(path),
        Place::Variable(name) => Passphrase::Variable(name),
    }))
}

/// Returns a file, written as its path or as the variable that holds it.
#[expect(clippy::option_option, reason = "absent and wrong are different things")]
fn place(
    file: Option<&Spanned<String>>,
    variable: Option<&Spanned<String>>,
    (file_key, variable_key): (&str, &str),
    found: &mut Diagnostics,
) -> Option<Option<Place>> {
    let path = file.map(|file| pki_text::path(file, file_key, found));
    let name = variable.map(|variable| pki_text::variable(variable, variable_key, found));
    if let (Some(file), Some(variable)) = (file, variable) {
        found.push(
            Diagnostic::error(format!("`{file_key}` and `{variable_key}` are one thing"))
                .at(variable.span, "")
                .also(file.span, "")
                .help("keep one of them"),
        );
        return None;
    }
    match (path, name) {
        (Some(path), _) => path.map(Place::File).map(Some),
        (None, Some(name)) => name.map(Place::Variable).map(Some),
        (None, None) => Some(None),
    }
}

fn sources(spec: &Spec, sides: Option<&Sides>, found: &mut Diagnostics) -> Option<Vec<Source>> {
    let mut first: Vec<(u32, Span)> = Vec::new();
    text::all(spec.authorities.iter().map(|written| {
        let number = written.number.value.get();
        if let Some((_, earlier)) = first.iter().find(|(other, _)| *other == number) {
            found.push(
                Diagnostic::error(format!("CA {number} is described twice"))
                    .at(written.number.span, "")
                    .also(*earlier, "first here")
                    .help("a number names one CA for good: give the other the next free one"),
            );
            return None;
        }
        first.push((number, written.number.span));
        let source = source(written, found)?;
        let is_used = |sides: &Sides| {
            sides.clients.trust.contains(&number) || sides.peers.trust.contains(&number)
        };
        if sides.is_some_and(|sides| !is_used(sides)) {
            found.push(
                Diagnostic::warning(format!("CA {number} is described, and nobody trusts it"))
                    .at(written.number.span, "")
                    .help("add its number to `trust` under [ca], or remove this `[[authority]]`"),
            );
        }
        Some(source)
    }))
}

fn source(written: &AuthoritySpec, found: &mut Diagnostics) -> Option<Source> {
    let certificate = place(
        written.certificate.as_ref(),
        written.certificate_env.as_ref(),
        ("certificate", "certificate-env"),
        found,
    );
    let key = place(written.key.as_ref(), written.key_env.as_ref(), ("key", "key-env"), found);
    let fingerprint = optional(written.fingerprint.as_ref(), |f| pki_text::fingerprint(f, found));
    let (certificate, key, fingerprint) = (certificate?, key?, fingerprint?);
    if certificate.is_none() && (key.is_some() || fingerprint.is_none()) {
        let number = written.number.value.get();
        found.push(
            Diagnostic::error(format!("CA {number} has no `certificate`"))
                .at(written.span, "")
                .help("write `certificate = \"…\"`, the file of the CA's certificate")
                .help("a CA that the build makes needs no `[[authority]]`, or one with a `fingerprint`"),
        );
        return None;
    }
    let number = written.number.value.get();
    let spans = SourceSpans {
        number: written.number.span,
        certificate: span(written.certificate.as_ref()).or(span(written.certificate_env.as_ref())),
        key: span(written.key.as_ref()).or(span(written.key_env.as_ref())),
        fingerprint: span(written.fingerprint.as_ref()),
    };
    Some(Source { number, certificate, key, fingerprint, spans })
}
