//! Who accepts whose certificate: the rules of Go and of etcd, run before there is any.

use bouquet_model::certificate::Wanted;
use bouquet_model::cluster::San;
use bouquet_model::name::HostName;
use bouquet_model::url::Host;
use std::net::IpAddr;

/// Tells whether a certificate vouches for the host of a URL: Go's `x509.Certificate.VerifyHostname`,
/// which every dialling etcd and every client runs. The common name plays no part.
pub(super) fn vouches_for(certificate: &Wanted, host: &Host) -> bool {
    certificate.sans.iter().any(|san| match (san, host) {
        (San::Ip(san), Host::Ip(ip)) => san == ip,
        (San::Dns(pattern), Host::Name(name)) => matches(pattern, name.as_str()),
        _ => false,
    })
}

/// Tells whether a listening etcd accepts the certificate from a source address: `checkCertSAN` in
/// etcd's `client/pkg/transport/listener_tls.go`, which the peer and the HTTPS metrics listeners
/// run. `names` is what DNS will answer, as far as the spec says it.
pub(super) fn accepted_from(
    certificate: &Wanted,
    source: IpAddr,
    names: &[(&HostName, IpAddr)],
) -> bool {
    if certificate.sans.is_empty() || vouches_for(certificate, &Host::Ip(source)) {
        return true;
    }
    certificate.sans.iter().any(|san| match san {
        San::Ip(_) => false,
        // The address is looked up backwards, and names without a wildcard forwards.
        San::Dns(pattern) => names
            .iter()
            .any(|(name, ip)| *ip == source && pattern.eq_ignore_ascii_case(name.as_str())),
    })
}

/// Matches a name as Go's `matchHostnames` does: a `*` stands for the whole first label and for that alone.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix("*."), name.split_once('.')) {
        (Some(domain), Some((_, rest))) => domain.eq_ignore_ascii_case(rest),
        (Some(_), None) => false,
        (None, _) => pattern.eq_ignore_ascii_case(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_model::certificate::{Kind, Subject};
    use bouquet_model::cluster::{KeyKind, Renew};
    use std::time::Duration;

    fn certificate(sans: &[San]) -> Wanted {
        Wanted {
            kind: Kind::Peer,
            owner: None,
            subject: Subject::CommonName("10.0.0.9".into()),
            sans: sans.to_vec(),
            key: KeyKind::EcdsaP256,
            valid_for: Duration::ZERO,
            renew_before: Duration::ZERO,
            issuer: 1,
            generation: 1,
            renew: Renew::NewKey,
            places: Vec::new(),
        }
    }

    fn name(text: &str) -> Host {
        Host::Name(HostName::parse(text).unwrap())
    }

    #[test]
    fn the_common_name_vouches_for_nothing() {
        assert!(!vouches_for(&certificate(&[]), &Host::v4(10, 0, 0, 9)));
    }

    #[test]
    fn a_wildcard_stands_for_exactly_one_label() {
        let cert = certificate(&[San::Dns("*.zyxasr.io".into())]);
        assert!(vouches_for(&cert, &name("orange.ZYXASR.io")));
        assert!(!vouches_for(&cert, &name("a.orange.zyxasr.io")));
        assert!(!vouches_for(&cert, &name("zyxasr.io")));
    }

    #[test]
    fn an_address_is_vouched_for_by_an_address_alone() {
        let cert = certificate(&[San::Dns("10.0.0.1".into()), San::Ip([10, 0, 0, 2].into())]);
        assert!(!vouches_for(&cert, &Host::v4(10, 0, 0, 1)));
        assert!(vouches_for(&cert, &Host::v4(10, 0, 0, 2)));
    }

    #[test]
    fn a_listener_accepts_a_certificate_without_sans_from_anywhere() {
        assert!(accepted_from(&certificate(&[]), [10, 0, 0, 1].into(), &[]));
    }

    #[test]
    fn a_listener_refuses_another_source_unless_a_name_leads_there() {
        let orange = HostName::parse("orange.zyxasr.io").unwrap();
        let source = IpAddr::from([10, 0, 0, 1]);
        let ip_only = certificate(&[San::Ip([10, 0, 0, 2].into())]);
        assert!(!accepted_from(&ip_only, source, &[(&orange, source)]));
        let named = certificate(&[San::Dns("orange.zyxasr.io".into())]);
        assert!(accepted_from(&named, source, &[(&orange, source)]));
        assert!(!accepted_from(&named, source, &[]));
        let wildcard = certificate(&[San::Dns("*.zyxasr.io".into())]);
        assert!(!accepted_from(&wildcard, source, &[(&orange, source)]));
    }
}
