//! What an external CA answers, held to the same rules as what is issued here: anyone who signed it
//! has to know where it breaks one.

use super::place::request_place;
use super::request::generation;
use crate::pki::check::{Good, Reason, as_wanted, purposes};
use crate::pki::context::Context;
use crate::pki::existing::{ExistingRequest, Pair, Slot};
use crate::pki::history::History;
use crate::pki::signer::{Signer, seconds};
use bouquet_model::certificate::{Certificate, Subject, Wanted};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::{DAY, Date};
use bouquet_x509::{KeyFault, Secret, pem};

/// A certificate that is what was asked for.
pub(in crate::pki) struct Answer {
    /// PEM: what its file is to hold.
    pub(in crate::pki) certificate: String,
    pub(in crate::pki) key: Secret,
    pub(in crate::pki) facts: Certificate,
}

/// Takes the answer to a request, if there is one.
///
/// # Errors
/// Where it is not what was asked for.
pub(in crate::pki) fn answer(
    slot: &Slot,
    ca: &Signer,
    history: History<'_>,
    context: &Context<'_>,
) -> Result<Option<Answer>, Diagnostic> {
    let Slot { wanted, existing } = slot;
    let ExistingRequest { text, pair } = &existing.request;
    if pair.certificate.is_none() {
        return Ok(None);
    }
    let good = as_wanted(wanted, pair, ca, history.revoked, context.now);
    let good = good.and_then(|good| {
        let asked = text.as_deref().and_then(generation).unwrap_or(wanted.generation);
        let known = history.issued.knows(&good.facts.serial);
        let was = if known { history.issued.generation(&good.facts.serial) } else { asked };
        let is_current = was >= wanted.generation;
        is_current.then_some(good).ok_or(Reason::Generation { was, wanted: wanted.generation })
    });
    let good = good.map_err(|reason| wrong(wanted, &reason, ca, context))?;
    Ok(Some(Answer {
        certificate: pem::certificate(&good.leaf) + &ca.chain.between,
        key: good.key.clone(),
        facts: good.facts,
    }))
}

/// Tells whether a request is what a pair in its place came from: a build that installed it was
/// interrupted before it removed the request.
pub(in crate::pki) fn is_answered(request: &ExistingRequest, installed: &Good<'_>) -> bool {
    let Pair { certificate, key } = &request.pair;
    key.as_ref() == Some(installed.key)
        && (certificate.is_none() || request.pair.leaf().as_ref() == Some(&installed.leaf))
}

/// Reports a certificate beside a request that is not what was asked for.
fn wrong(wanted: &Wanted, reason: &Reason, ca: &Signer, context: &Context<'_>) -> Diagnostic {
    let (place, out) = (request_place(wanted), context.out);
    let error = Diagnostic::error(format!(
        "`{out}/{place}.crt` {}",
        fault(reason, &format!("{out}/{place}.key"))
    ));
    let asked = match reason {
        Reason::Generation { .. } | Reason::Revoked => {
            return error.help("remove it: the build then asks for another one");
        }
        Reason::NotYetValid(_) => "set the clock of this machine right if it is wrong".to_owned(),
        Reason::Unreadable(_) => "put the certificate there, in PEM".to_owned(),
        Reason::Key(_) | Reason::KeyMissing => {
            format!("it has to be the answer to `{out}/{place}.csr` as that is now")
        }
        _ => asked_for(wanted, ca, context.now),
    };
    error.help(asked).help(format!(
        "have `{out}/{place}.csr` signed again, with its extensions copied; or remove this file to \
         go on waiting"
    ))
}

/// Continues the name of the file.
fn fault(reason: &Reason, key: &str) -> String {
    match reason {
        Reason::Unreadable(what) => (*what).to_owned(),
        Reason::KeyMissing => format!("is there without its key, `{key}`"),
        Reason::Key(KeyFault::Mismatch) => format!("is for another key than `{key}`"),
        Reason::Key(fault) => format!("is there, but its key, `{key}`, {fault}"),
        Reason::OtherCa { issuer } => format!("was signed by another CA, `{issuer}`"),
        Reason::Signature => "does not bear the signature of the CA".to_owned(),
        Reason::Subject { was, wanted: Subject::CommonName(name) } => {
            format!("has the common name `{was}` instead of `{name}`")
        }
        Reason::Subject { was, wanted } => {
            format!("has the subject `{was}` instead of {}", described(wanted))
        }
        Reason::KeyKind { wanted, .. } => format!("has a key of another kind than {wanted}"),
        Reason::Sans { added, removed } => {
            let list = |what: &str, sans: &[String]| {
                (!sans.is_empty()).then(|| format!("{what} {}", sans.join(", ")))
            };
            let faults = [list("lack", added), list("name besides", removed)];
            format!(
                "has SANs that {}",
                faults.into_iter().flatten().collect::<Vec<_>>().join(", and ")
            )
        }
        Reason::Purposes { was, wanted } => {
            let was = if was.is_empty() { "none".to_owned() } else { was.join(", ") };
            format!("has the EKU {was} instead of {}", wanted.join(", "))
        }
        Reason::KeyUsage => "has another key usage than digitalSignature alone".to_owned(),
        Reason::NotYetValid(from) => format!("is not valid before {}", Date(*from)),
        Reason::Expired(on) => format!("expired on {}", Date(*on)),
        Reason::Expires { on, .. } => {
            format!("ends on {}, so soon that it would be due at once", Date(*on))
        }
        Reason::Outlives { .. } => reason.to_string(),
        Reason::Revoked => "is revoked".to_owned(),
        Reason::Generation { was, wanted } => {
            format!("was asked for when the generation was {was}, and it is {wanted} now")
        }
        Reason::Missing | Reason::Lost => "is missing".to_owned(),
    }
}

fn described(subject: &Subject) -> String {
    match subject {
        Subject::CommonName(name) => format!("common name `{name}`"),
        Subject::Organization(name) => format!("organization `{name}`, without a common name"),
    }
}

fn asked_for(wanted: &Wanted, ca: &Signer, now: i64) -> String {
    let sans: Vec<_> = wanted.sans.iter().map(ToString::to_string).collect();
    let sans = if sans.is_empty() { "none".to_owned() } else { sans.join(", ") };
    let (days, least) = (ca.leaf_days(now, wanted.valid_for), seconds(wanted.renew_before) / DAY);
    // The CA itself may end before that.
    let least =
        if days > least { format!(", and more than {least} at the least") } else { String::new() };
    format!(
        "asked for: {}; SANs: {sans}; EKU: {}; key usage: digitalSignature; valid for \
         {days} days{least}",
        described(&wanted.subject),
        purposes(wanted.kind).join(", "),
    )
}
