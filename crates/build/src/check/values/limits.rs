//! `name-constraints` and `permit`: what new CAs are limited to.

use super::{pki_text, text};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::issuing::{Limits, Permit};
use crate::spec::{CaSpec, FlagOrText, Spanned};
use bouquet_model::version::{EtcdVersion, Minor};

const KEEP: &str = "write `name-constraints = \"dns+ip\"` under [ca] to keep it so";
const NAMES: &str = "or `name-constraints = \"dns\"`: names alone, which every client copes with";

/// Returns the limits of new CAs, which have none unless the spec says so. `permit` alone asked for limits before
/// there were such of names alone, and still does.
pub(super) fn limits(
    ca: &CaSpec,
    version: Option<EtcdVersion>,
    found: &mut Diagnostics,
) -> Option<(Limits, Vec<Permit>)> {
    let written = match &ca.name_constraints {
        None => Some(None),
        Some(written) => word(written, found).map(|limits| Some((limits, written.span))),
    };
    let permit: Vec<_> = text::listed(ca.permit.as_ref())
        .map(|item| Some((pki_text::permit(item, found)?, item.span)))
        .collect();
    let (written, permit) = (written?, text::all(permit)?);
    let misreads = version.is_some_and(misreads_limits);
    let limits = match (written, &ca.permit) {
        (Some((limits, span)), _) => {
            if limits != Limits::None && misreads {
                found.push(may_be_too_old(span));
            }
            limits
        }
        (None, Some(permit)) if !misreads => {
            found.push(alone(permit.span));
            Limits::NamesAndAddresses
        }
        (None, _) => Limits::None,
    };
    if let (Limits::None, Some(permit)) = (limits, &ca.permit) {
        let off = written.map(|(_, span)| span);
        found.push(of_no_use(permit.span, off, misreads));
    }
    if let (Limits::Names, Some((_, span))) = (limits, written) {
        let networks = permit.iter().filter(|(permit, _)| matches!(permit, Permit::Network(..)));
        found.extend(networks.map(|(network, at)| names_alone(network, *at, span)));
    }
    if limits == Limits::NamesAndAddresses {
        let all = permit.iter().filter(|(permit, _)| matches!(permit, Permit::Network(_, 0)));
        found.extend(all.map(|(network, at)| all_addresses(network, *at)));
    }
    Some((limits, permit.into_iter().map(|(permit, _)| permit).collect()))
}

fn word(written: &Spanned<FlagOrText>, found: &mut Diagnostics) -> Option<Limits> {
    match &written.value {
        FlagOrText::Flag(false) => Some(Limits::None),
        FlagOrText::Flag(true) => Some(Limits::NamesAndAddresses),
        FlagOrText::Text(word) => {
            let word = Spanned { value: word.clone(), span: written.span };
            let known = Limits::WORDS.map(|(word, _)| word);
            let word = text::word(&word, "kind of name constraints", &known, found)?;
            Limits::WORDS.iter().find(|(known, _)| *known == word).map(|(_, limits)| *limits)
        }
    }
}

/// Tells whether a release misreads limits: built with Go 1.14 or older, it refuses every client without SANs under
/// a limited CA (`crypto/x509`, `NameConstraintsWithoutSANs`).
fn misreads_limits(version: EtcdVersion) -> bool {
    version.minor() == Minor::V3_4 && version.floor() < 19
}

fn may_be_too_old(span: Span) -> Diagnostic {
    Diagnostic::warning("name constraints may shut every client out of etcd before 3.4.19")
        .at(span, "")
        .note("built with Go 1.14 or older, it refuses clients without SANs under such a CA")
        .help("name the exact version as `etcd` under [cluster], or take this out")
}

fn alone(span: Span) -> Diagnostic {
    let message = "`permit` without `name-constraints` limits new CAs to names and addresses";
    Diagnostic::warning(message)
        .at(span, "")
        .note("gRPC in C++, Python, Ruby and PHP refuses CAs that limit addresses (BoringSSL)")
        .help(KEEP)
        .help(NAMES)
}

fn of_no_use(permit: Span, off: Option<Span>, misreads: bool) -> Diagnostic {
    let found = Diagnostic::warning("`permit` has no effect: new CAs are not limited")
        .at(permit, "")
        .help(if misreads {
            "take `permit` out: etcd before 3.4.19 shuts its clients out under a limited CA"
        } else {
            "write `name-constraints = \"dns\"` under [ca], or take `permit` out"
        });
    match off {
        Some(off) => found.also(off, "not limited"),
        None => found,
    }
}

fn all_addresses(network: &Permit, at: Span) -> Diagnostic {
    Diagnostic::warning(format!("`{network}` permits every address of its kind"))
        .at(at, "no limit")
        .help("write the networks that members are in, or may be in")
        .help(NAMES)
}

fn names_alone(network: &Permit, at: Span, kind: Span) -> Diagnostic {
    Diagnostic::warning(format!("`{network}` has no effect: new CAs are limited to names alone"))
        .at(at, "")
        .also(kind, "names alone")
        .help("take it out: a CA that is limited to names vouches for every address")
        .help("or write `name-constraints = \"dns+ip\"`, where no client uses BoringSSL")
}
