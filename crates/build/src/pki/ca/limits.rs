//! What a CA may vouch for, held against what the cluster wants.

use super::authority::Authority;
use super::files::Files;
use super::outside::Outside;
use crate::issuing::{Issuing, Limits, Permit};
use crate::pki::context::Context;
use crate::pki::existing::{Origin, Pair, Slot};
use crate::pki::signer::Signer;
use bouquet_model::certificate::Wanted;
use bouquet_model::cluster::San;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{
    Constraints, LARGEST, Network, ParsedCertificate, Subtrees, is_host_to_openssl,
};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Returns what a new CA is limited to, if it is: all that leaves need, and what the spec permits;
/// where it says nothing of that, what is around the members.
pub(super) fn permitted(slots: &[Slot], issuing: &Issuing) -> Option<Constraints> {
    let needed: Vec<San> = slots.iter().flat_map(|slot| names(&slot.wanted)).collect();
    let also = if issuing.permit.is_empty() { around(&needed) } else { subtrees(&issuing.permit) };
    match issuing.limits {
        Limits::None => None,
        Limits::NamesAndAddresses => Some(Constraints::permitting(needed, also)),
        Limits::Names => {
            let names = needed.into_iter().filter(|san| matches!(san, San::Dns(_)));
            Some(Constraints::permitting(names, Subtrees { networks: Vec::new(), ..also }))
        }
    }
}

/// Returns all that verifiers hold to a CA's limits: SANs, and in a certificate without names among
/// them, what OpenSSL takes for one.
fn names(wanted: &Wanted) -> impl Iterator<Item = San> {
    let common_name = host_in_subject(wanted).map(|name| San::Dns(name.to_owned().into()));
    wanted.sans.iter().cloned().chain(common_name)
}

fn host_in_subject(wanted: &Wanted) -> Option<&str> {
    let has_name = wanted.sans.iter().any(|san| matches!(san, San::Dns(_)));
    wanted.subject.common_name().filter(|name| !has_name && is_host_to_openssl(name))
}

fn subtrees(permit: &[Permit]) -> Subtrees {
    let mut subtrees = Subtrees::default();
    for permit in permit {
        match permit {
            Permit::Network(ip, prefix) => subtrees.networks.extend(Network::new(*ip, *prefix)),
            Permit::Domain(name) => subtrees.domains.push(name.clone()),
        }
    }
    subtrees
}

/// Returns where further members are likely to come from: the domain of each name, and of each address
/// the network of 256, or in IPv6 the usual subnet (RFC 4291, section 2.5.4).
fn around(needed: &[San]) -> Subtrees {
    let mut around = Subtrees::default();
    for san in needed {
        match san {
            San::Ip(ip) if ip.is_loopback() => {}
            San::Ip(ip @ IpAddr::V4(_)) => around.networks.extend(Network::new(*ip, 24)),
            San::Ip(ip @ IpAddr::V6(_)) => around.networks.extend(Network::new(*ip, 64)),
            San::Dns(name) => around.domains.extend(domain(name)),
        }
    }
    around
}

/// Returns the domain that a host is in; none where that would be everybody's, such as `io` or
/// `co.uk`, and none of a wildcard, which is one already.
fn domain(name: &str) -> Option<String> {
    /// The labels that countries have below them instead of names.
    const SHARED: [&str; 9] = ["ac", "co", "com", "edu", "gov", "net", "ne", "or", "org"];
    let (host, domain) = name.split_once('.')?;
    let (label, rest) = domain.rsplit_once('.')?;
    let is_shared = rest.len() == 2 && SHARED.contains(&label.to_ascii_lowercase().as_str());
    let is_number = rest.bytes().all(|b| b.is_ascii_digit());
    (host != "*" && !is_shared && !is_number).then(|| domain.to_owned())
}

/// Says that a new CA would have more limits than parsers take.
pub(super) fn too_large(permitted: &Constraints, issuing: &Issuing) -> Option<Diagnostic> {
    if permitted.size() <= LARGEST {
        return None;
    }
    let Subtrees { domains, networks } = &permitted.permitted;
    let mut parents: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, parent) in domains.iter().filter_map(|name| name.split_once('.')) {
        *parents.entry(parent).or_default() += 1;
    }
    let common = parents.into_iter().max_by_key(|(_, count)| *count);
    let error = Diagnostic::error(format!(
        "a new CA would be limited to {} names and networks, more than certificates can carry",
        domains.len() + networks.len()
    ))
    .at_if(issuing.spans.name_constraints.or(issuing.spans.permit), "limited")
    .note(format!(
        "{} KiB of name constraints, and {} are left for them in a certificate that verifiers read",
        permitted.size() / 1024,
        LARGEST / 1024
    ));
    let error = match common {
        Some((domain, count)) if count > 1 => error.help(format!(
            "write `permit = [\"{domain}\"]` under [ca]: it takes the place of {count} of them"
        )),
        _ => error.help("write the networks and domains that they are in as `permit` under [ca]"),
    };
    Some(error.help("or take `name-constraints` out: the CA is not limited then"))
}

/// Says that the spec limits new CAs otherwise than the last one is, which the build made: it stays as
/// it is.
pub(in crate::pki) fn unheeded(cas: &[Authority], context: &Context<'_>) -> Option<Diagnostic> {
    let Issuing { limits, permit, spans, .. } = context.issuing;
    let made = cas.iter().map(|ca| &ca.signer).filter(|ca| ca.origin == Origin::Minted);
    let newest = made.max_by_key(|ca| ca.number)?;
    let (name, number) = (&newest.facts.common_name, newest.number);
    let next = number.saturating_add(1);
    let has = has(newest);
    let warning = if let Some(span) = spans.name_constraints.filter(|_| has != *limits) {
        let is = match has {
            Limits::None => "is not limited",
            Limits::Names => "is limited to names alone",
            Limits::NamesAndAddresses => "is limited to names and addresses",
        };
        Diagnostic::warning(format!("`name-constraints = {limits}`, but the CA `{name}` {is}"))
            .at(span, "for new CAs alone")
    } else {
        let lacks = |permit: &&Permit| {
            let mut wide = subtrees(std::slice::from_ref(*permit));
            if *limits == Limits::Names {
                wide.networks.clear();
            }
            let wide = Constraints { permitted: wide, ..Constraints::default() };
            !newest.chain.constraints.iter().all(|own| own.permit_all_of(&wide))
        };
        let lacks: Vec<_> = permit.iter().filter(lacks).map(ToString::to_string).collect();
        if lacks.is_empty() {
            return None;
        }
        let lacks = lacks.join(", ");
        Diagnostic::warning(format!("`permit` has {lacks}, but the CA `{name}` was made without"))
            .at_if(spans.permit, "more than it vouches for")
    };
    Some(
        warning
            .help("what a CA is limited to cannot be changed any more: no build makes it again")
            .help(format!(
                "`trust = [{number}, {next}]` under [ca] makes one as it is written here; \
                 Bouquet's page on certificates has the phases"
            )),
    )
}

/// Returns the limits that a CA has.
fn has(ca: &Signer) -> Limits {
    let any = |limit: fn(&Constraints) -> bool| ca.chain.constraints.iter().any(limit);
    match (any(Constraints::limit_names), any(Constraints::limit_addresses)) {
        (_, true) => Limits::NamesAndAddresses,
        (true, false) => Limits::Names,
        (false, false) => Limits::None,
    }
}

/// Says that a CA is to vouch for what it cannot vouch for.
pub(super) fn forbidden(
    ca: &Authority,
    slots: &[Slot],
    context: &Context<'_>,
) -> Option<Diagnostic> {
    let ca = &ca.signer;
    let mut outside = Outside::default();
    for slot in slots.iter().filter(|slot| slot.wanted.issuer == ca.number) {
        let wanted = &slot.wanted;
        for san in wanted.sans.iter().filter(|san| !ca.allows(san)) {
            outside.add(&san.to_string(), wanted);
            outside.sans = true;
        }
        // One that is in use goes on: etcd looks at SANs alone.
        let host = misread(ca, wanted).filter(|_| !has_issued(ca, slot));
        if let Some(host) = host {
            outside.add(host, wanted);
            outside.common_names = true;
        }
    }
    let files = Files::of(context, ca.number, &ca.origin);
    (!outside.names.is_empty()).then(|| files.not_permitted(&ca.facts, &outside))
}

/// Says which certificates OpenSSL refuses, although they are in use: etcd does not, so they go on.
pub(super) fn refused_by_openssl(ca: &Authority, slots: &[Slot]) -> Option<Diagnostic> {
    let ca = &ca.signer;
    let theirs = slots.iter().filter(|slot| slot.wanted.issuer == ca.number);
    let misread: Vec<_> = theirs
        .filter(|slot| misread(ca, &slot.wanted).is_some() && has_issued(ca, slot))
        .map(|slot| format!("`{}`", slot.wanted.subject))
        .collect();
    (!misread.is_empty()).then(|| {
        Diagnostic::warning(format!(
            "OpenSSL refuses the certificate of {}, for which the CA `{}` cannot vouch",
            misread.join(", "),
            ca.facts.common_name
        ))
        .note("it takes a common name with a dot in it for that of a host; etcd does not")
        .help("write `common-name = false` in the client's section, where OpenSSL has to accept it")
    })
}

/// Returns a common name for which OpenSSL would refuse a certificate of that CA.
fn misread<'a>(ca: &Signer, wanted: &'a Wanted) -> Option<&'a str> {
    host_in_subject(wanted).filter(|name| !ca.allows(&San::Dns((*name).to_owned().into())))
}

/// Tells whether a certificate of that subject is in place, and names that CA as its issuer.
fn has_issued(ca: &Signer, Slot { wanted, existing }: &Slot) -> bool {
    let is_it = |certificate: ParsedCertificate<'_>| {
        ca.is_named_by(&certificate) && certificate.leaf_subject().as_ref() == Some(&wanted.subject)
    };
    let mut leaves = existing.pairs().filter_map(Pair::leaf);
    leaves.any(|der| ParsedCertificate::parse(&der).is_some_and(is_it))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_domain_of_a_host_is_none_where_it_is_everybodys() {
        for (name, domain) in [
            ("orange.zyxasr.io", Some("zyxasr.io")),
            ("a.b.zyxasr.io", Some("b.zyxasr.io")),
            ("*.zyxasr.io", None),
            ("zyxasr.io", None),
            ("localhost", None),
            ("etcd.co.uk", None),
            ("etcd.CO.uk", None),
            ("orange.etcd.co.uk", Some("etcd.co.uk")),
            ("10.0.0.1", None),
            ("svc_1.prod", None),
            ("svc_1.prod.local", Some("prod.local")),
        ] {
            assert_eq!(super::domain(name).as_deref(), domain, "{name}");
        }
    }
}
