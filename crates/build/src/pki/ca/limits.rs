//! What a CA may vouch for, held against what the cluster wants.

use super::authority::Authority;
use super::files::Files;
use crate::issuing::Permit;
use crate::pki::context::Context;
use crate::pki::existing::{Origin, Slot};
use crate::pki::signer::Signer;
use bouquet_model::cluster::San;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::name::HostName;
use bouquet_x509::{Constraints, Network, Subtrees};
use std::collections::BTreeMap;
use std::slice;

/// Returns what a new CA is limited to: the names and addresses of all leaves, and what the spec
/// permits besides.
pub(super) fn permitted(slots: &[Slot], permit: &[Permit]) -> Constraints {
    let wanted = || slots.iter().map(|slot| &slot.wanted);
    let mut also = Subtrees::default();
    for permit in permit {
        match permit {
            Permit::Network(ip, prefix) => also.networks.extend(Network::new(*ip, *prefix)),
            Permit::Domain(name) => also.domains.push(name.clone()),
        }
    }
    // A client has no SANs, and OpenSSL then takes a common name with a dot in it for a host's.
    let names = wanted().filter(|wanted| wanted.sans.is_empty());
    let names = names.filter(|wanted| wanted.common_name.contains('.'));
    let names = names.filter_map(|wanted| HostName::parse(&wanted.common_name).ok());
    also.domains.extend(names.map(|name| name.as_str().to_owned()));
    Constraints::permitting(wanted().flat_map(|wanted| wanted.sans.iter().cloned()), also)
}

/// Says that the spec permits what no CA of the build's own does: their limits are as they were
/// made.
pub(in crate::pki) fn unheeded(cas: &[Authority], context: &Context<'_>) -> Option<Diagnostic> {
    let permit = &context.issuing.permit;
    let made: Vec<_> =
        cas.iter().map(|ca| &ca.signer).filter(|ca| ca.origin == Origin::Minted).collect();
    let heeds = |ca: &&Signer, permit: &Permit| {
        let limits = permitted(&[], slice::from_ref(permit));
        ca.chain.constraints.iter().all(|own| own.permit_all_of(&limits))
    };
    let unheeded = permit.iter().filter(|permit| !made.iter().any(|ca| heeds(ca, permit)));
    let unheeded: Vec<_> = unheeded.map(ToString::to_string).collect();
    let newest = made.last().filter(|_| !unheeded.is_empty())?;
    let (name, number, next) =
        (&newest.facts.common_name, newest.number, newest.number.saturating_add(1));
    Some(
        Diagnostic::warning(format!(
            "`permit` has {}, but the CA `{name}` was made without",
            unheeded.join(", ")
        ))
        .at_if(context.issuing.spans.permit, "more than it vouches for")
        .help("what a CA is limited to cannot be changed any more")
        .help(format!(
            "`trust = [{number}, {next}]` under [ca] makes one that permits it; Bouquet's page on certificates \
             has the phases"
        )),
    )
}

/// Says that a CA is to vouch for what it cannot vouch for.
pub(super) fn forbidden(
    ca: &Authority,
    slots: &[Slot],
    context: &Context<'_>,
) -> Option<Diagnostic> {
    let ca = &ca.signer;
    let mut outside: BTreeMap<&San, &str> = BTreeMap::new();
    let wanted = slots.iter().map(|slot| &slot.wanted);
    for wanted in wanted.filter(|wanted| wanted.issuer == ca.number) {
        for san in wanted.sans.iter().filter(|san| !ca.allows(san)) {
            outside.entry(san).or_insert(&wanted.common_name);
        }
    }
    let outside: Vec<_> = outside.iter().map(|(san, of)| format!("{san} of {of}")).collect();
    let files = Files::of(context, ca.number, &ca.origin);
    (!outside.is_empty()).then(|| files.not_permitted(&ca.facts, &outside))
}
