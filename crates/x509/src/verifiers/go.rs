//! What Go's `crypto/x509` and `crypto/tls` refuse of a CA, and so etcd and etcdctl.
//!
//! From Go 1.26: `parser.go` (`processExtensions`, `parsePublicKey`), `verify.go` (`isValid`,
//! `checkChainForKeyUsage`, `policiesValid`), `x509.go` (`CheckSignatureFrom`, `checkSignature`).

use super::signature::{Verdict, judge};
use crate::certificate::{CLIENT_AUTH, KEY_CERT_SIGN, Limits, ParsedCertificate, SERVER_AUTH};
use crate::public_key::rsa_bits;
use bouquet_model::time::Date;
use core::fmt;
use x509_parser::asn1_rs::Tag;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;

/// A reason why verifiers refuse whatever a CA, or one below it, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its version has no extensions, so that nothing says that it is a CA's.
    Version,
    /// basicConstraints is not there, or has CA:FALSE.
    NotACa {
        /// Whether it is there.
        says_so: bool,
    },
    /// Its key usage lacks keyCertSign.
    KeyUsage,
    /// Its extended key usage lacks these.
    Purposes(Vec<&'static str>),
    /// It has critical extensions that Go does not know: their OIDs.
    Critical(Vec<String>),
    /// Go does not read it at all.
    Unreadable(&'static str),
    /// Its key is of no use; the text continues "has".
    Key(String),
    /// The CA over it signed it with an algorithm that is refused; its name.
    WeakSignature(&'static str),
    /// The CA over it signed it with an algorithm that Go does not know; its OID.
    UnknownSignature(String),
    /// It allows fewer CAs below it than there are.
    PathLength {
        /// How many it allows.
        allowed: usize,
        /// How many there are.
        below: usize,
    },
    /// It asks for certificate policies, and leaves have none.
    Policies,
    /// Its name constraints are of a kind that is not understood.
    Constraints,
    /// It is valid from that second on.
    NotYetValid(i64),
    /// It was valid until that second.
    Expired(i64),
}

/// The place of a CA in its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    /// How many CAs are below it.
    pub(crate) below: usize,
    /// Whether it is the one that verifiers are given to trust. Its own signature is not looked at.
    pub(crate) is_anchor: bool,
}

/// Continues "the CA …".
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str(
                "is a certificate of version 1, which cannot say that it is a CA's",
            ),
            Self::NotACa { says_so: false } => {
                f.write_str("is not a CA's certificate: basicConstraints with CA:TRUE is missing")
            }
            Self::NotACa { says_so: true } => {
                f.write_str("is not a CA's certificate: its basicConstraints says CA:FALSE")
            }
            Self::KeyUsage => {
                f.write_str("may not sign certificates: its keyUsage lacks keyCertSign")
            }
            Self::Purposes(lacking) => write!(
                f,
                "may not vouch for {}: its extendedKeyUsage lacks that",
                lacking.join(" and ")
            ),
            Self::Critical(oids) => {
                let what = if oids.len() == 1 { "a critical extension" } else { "critical extensions" };
                write!(f, "has {what} that Go does not know: {}", oids.join(", "))
            }
            Self::Unreadable(why) => write!(f, "cannot be read by Go: {why}"),
            Self::Key(what) => write!(f, "has {what}"),
            Self::WeakSignature(name) => {
                write!(f, "is signed with {name}, which verifiers refuse")
            }
            Self::UnknownSignature(oid) => {
                write!(f, "is signed with an algorithm that Go does not know: {oid}")
            }
            Self::PathLength { allowed, below } => write!(
                f,
                "may have {allowed} CAs below it (pathLenConstraint), and has {below}"
            ),
            Self::Policies => f.write_str(
                "asks for certificate policies (requireExplicitPolicy), which no certificate here has",
            ),
            Self::Constraints => f.write_str("has name constraints of an unknown kind"),
            Self::NotYetValid(from) => write!(f, "is not valid before {}", Date(*from)),
            Self::Expired(on) => write!(f, "expired on {}", Date(*on)),
        }
    }
}

/// Returns what Go refuses of a CA in that seat. `upper` is the one over it.
pub(crate) fn faults(
    ca: &ParsedCertificate<'_>,
    upper: Option<&ParsedCertificate<'_>>,
    seat: Seat,
    now: i64,
) -> Vec<Fault> {
    let (x509, said) = (ca.x509(), &ca.extensions);
    let mut faults: Vec<_> = no_ca(ca).into_iter().collect();
    faults.extend(unreadable(x509).map(Fault::Unreadable));
    if said.key_usage.is_some_and(|bits| bits & KEY_CERT_SIGN == 0) {
        faults.push(Fault::KeyUsage);
    }
    let any = |purpose: &String| purpose == "anyExtendedKeyUsage";
    if !said.purposes.is_empty() && !said.purposes.iter().any(any) {
        let lacks = |purpose: &&str| !said.purposes.iter().any(|other| other == purpose);
        let lacking: Vec<_> = [SERVER_AUTH, CLIENT_AUTH].into_iter().filter(lacks).collect();
        faults.extend((!lacking.is_empty()).then_some(Fault::Purposes(lacking)));
    }
    let unknown = unknown_critical(x509);
    faults.extend((!unknown.is_empty()).then_some(Fault::Critical(unknown)));
    faults.extend(key(x509, seat).map(Fault::Key));
    if !seat.is_anchor {
        match judge(&x509.signature_algorithm) {
            Verdict::Known => {}
            Verdict::Insecure(name) => faults.push(Fault::WeakSignature(name)),
            // With a key of an unknown kind nobody signs otherwise: the CA over it is at fault.
            Verdict::Unknown(_) if upper.is_some_and(|upper| key(upper.x509(), seat).is_some()) => {
            }
            Verdict::Unknown(oid) => faults.push(Fault::UnknownSignature(oid)),
        }
    }
    if let Some(allowed) = said.path_length.filter(|allowed| *allowed < seat.below) {
        faults.push(Fault::PathLength { allowed, below: seat.below });
    }
    faults.extend(policies(ca.x509(), seat));
    if matches!(said.constraints, Limits::Unknown) {
        faults.push(Fault::Constraints);
    }
    if now < ca.not_before() {
        faults.push(Fault::NotYetValid(ca.not_before()));
    } else if now > ca.not_after() {
        faults.push(Fault::Expired(ca.not_after()));
    }
    faults
}

/// Says why a certificate is no CA's, if it is none.
pub(crate) fn no_ca(certificate: &ParsedCertificate<'_>) -> Option<Fault> {
    let x509 = certificate.x509();
    if x509.version().0 < 2 {
        return Some(Fault::Version);
    }
    let says_so = x509.basic_constraints().is_ok_and(|found| found.is_some());
    (!certificate.extensions.ca).then_some(Fault::NotACa { says_so })
}

/// Checks requireExplicitPolicy, which counts the certificates that may follow without a policy (RFC 5280, section
/// 6.1.4 (h) and (i)); the leaf is one more, and has to be within. That of an anchor is not looked at.
fn policies(x509: &X509Certificate<'_>, seat: Seat) -> Option<Fault> {
    let required =
        x509.extensions().iter().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::PolicyConstraints(policy) => policy.require_explicit_policy,
            _ => None,
        })?;
    let within = usize::try_from(required).is_ok_and(|required| required > seat.below + 1);
    (!seat.is_anchor && !within).then_some(Fault::Policies)
}

/// Those that Go handles: `id-ce` with these last numbers. All others it leaves to its caller, and
/// neither crypto/tls nor etcd takes them up.
const HANDLED: [&str; 12] = [
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.35",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.54",
];

fn unknown_critical(x509: &X509Certificate<'_>) -> Vec<String> {
    let critical = x509.extensions().iter().filter(|extension| extension.critical);
    let unknown = critical.filter(|extension| match extension.parsed_extension() {
        // Names of kinds that Go does not read leave it as good as unknown.
        ParsedExtension::SubjectAlternativeName(names) => !names.general_names.iter().any(is_read),
        _ => !HANDLED.contains(&&*extension.oid.to_id_string()),
    });
    unknown.map(|extension| extension.oid.to_id_string()).collect()
}

fn is_read(name: &x509_parser::extensions::GeneralName<'_>) -> bool {
    use x509_parser::extensions::GeneralName as Name;
    matches!(name, Name::DNSName(_) | Name::IPAddress(_) | Name::URI(_) | Name::RFC822Name(_))
}

/// Returns what makes Go refuse to take a certificate apart, and etcd refuse to start.
fn unreadable(x509: &X509Certificate<'_>) -> Option<&'static str> {
    let is_critical = |oid: &str| {
        let mut extensions = x509.extensions().iter();
        extensions.any(|extension| extension.critical && extension.oid.to_id_string() == oid)
    };
    if x509.raw_serial().first().is_some_and(|byte| byte & 0x80 != 0) {
        return Some("its serial number is negative");
    }
    if is_critical("2.5.29.14") {
        return Some("its subjectKeyIdentifier is marked as critical");
    }
    if is_critical("1.3.6.1.5.5.7.1.1") {
        return Some("its authorityInfoAccess is marked as critical");
    }
    None
}

/// Says what is wrong with a CA's key, if anything is.
fn key(x509: &X509Certificate<'_>, seat: Seat) -> Option<String> {
    let info = x509.public_key();
    let (parameters, bytes) = (info.algorithm.parameters.as_ref(), &info.subject_public_key.data);
    match &*info.algorithm.algorithm.to_id_string() {
        "1.2.840.113549.1.1.1" => {
            if parameters.is_none_or(|any| any.tag() != Tag::Null) {
                return Some(
                    "an RSA key whose parameters are not NULL, which Go does not read".to_owned(),
                );
            }
            // From Go 1.24 on (`rsa1024min`); what is sent in a handshake, up to 8192
            // (`crypto/tls`, `defaultMaxRSAKeySize`).
            match rsa_bits(bytes)? {
                bits @ ..1024 => {
                    Some(format!("an RSA key of {bits} bits, which Go refuses: 1024 are the least"))
                }
                bits @ 8193.. if !seat.is_anchor => {
                    Some(format!("an RSA key of {bits} bits, which Go refuses: 8192 are the most"))
                }
                _ => None,
            }
        }
        "1.2.840.10045.2.1" => {
            let curve = parameters.and_then(|any| any.as_oid().ok());
            let curve = curve.map_or_else(String::new, |oid| oid.to_id_string());
            // `namedCurveFromOID`: P-224, P-256, P-384, P-521.
            let known = ["1.3.132.0.33", "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];
            if !known.contains(&&*curve) {
                let curve = if curve.is_empty() { "written out in full" } else { &curve };
                return Some(format!("a key on a curve that Go does not know: {curve}"));
            }
            (bytes.first() != Some(&4))
                .then(|| "a key whose point is compressed, which Go does not read".to_owned())
        }
        "1.3.101.112" => None,
        other => Some(format!("a key of a kind that Go verifies nothing with: {other}")),
    }
}
