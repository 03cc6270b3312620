//! What OpenSSL refuses of a CA and Go accepts: by `-x509_strict` (`crypto/x509/x509_vfy.c`,
//! `check_extensions`), by the purpose (`crypto/x509/v3_purp.c`, `xku_reject`), by its security level (`check_key_level`), and by its search for an issuer
//! (`crypto/x509/v3_purp.c`, `X509_check_akid`).

use super::go::Seat;
use crate::certificate::{CLIENT_AUTH, ParsedCertificate, SERVER_AUTH};
use crate::public_key::rsa_bits;
use x509_parser::extensions::ParsedExtension;

/// Returns what OpenSSL refuses of a CA in that seat; each continues "it has". `upper` is the one over
/// it.
pub(crate) fn doubts(
    ca: &ParsedCertificate<'_>,
    upper: Option<&ParsedCertificate<'_>>,
    seat: Seat,
) -> Vec<&'static str> {
    let (x509, said) = (ca.x509(), &ca.extensions);
    let is_critical = |is: &dyn Fn(&ParsedExtension<'_>) -> bool| {
        let found = x509.extensions().iter().find(|extension| is(extension.parsed_extension()));
        found.map(|extension| extension.critical)
    };
    let basic = is_critical(&|e| matches!(e, ParsedExtension::BasicConstraints(_)));
    let issuer_id = is_critical(&|e| matches!(e, ParsedExtension::AuthorityKeyIdentifier(_)));
    let is_other = |upper: &ParsedCertificate<'_>| {
        let (asked, has) = (said.issuer_key_id, upper.extensions.key_id);
        asked.zip(has).is_some_and(|(asked, has)| asked != has)
    };
    let purposes = &said.purposes;
    let lacks = |purpose: &str| !purposes.is_empty() && !purposes.iter().any(|p| p == purpose);
    let is_weak = x509.public_key().algorithm.algorithm.to_id_string() == "1.2.840.113549.1.1.1"
        && rsa_bits(&x509.public_key().subject_public_key.data).is_some_and(|bits| bits < 2048);
    let all = [
        (basic == Some(false), "a basicConstraints that is not critical"),
        (said.key_usage.is_none(), "no keyUsage"),
        (x509.subject().iter().next().is_none(), "an empty subject"),
        (
            x509.issuer().iter().next().is_none() && x509.subject().iter().next().is_some(),
            "an empty issuer",
        ),
        (said.key_id.is_none(), "no subjectKeyIdentifier"),
        (!seat.is_anchor && said.issuer_key_id.is_none(), "no authorityKeyIdentifier"),
        (issuer_id == Some(true), "an authorityKeyIdentifier that is critical"),
        (
            upper.is_some_and(is_other),
            "an authorityKeyIdentifier that is not the subjectKeyIdentifier of the CA over it",
        ),
        (
            lacks(SERVER_AUTH) || lacks(CLIENT_AUTH),
            "anyExtendedKeyUsage where OpenSSL wants serverAuth and clientAuth",
        ),
        (is_weak, "an RSA key of less than 2048 bits"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect()
}
