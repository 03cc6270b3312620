//! What is said of certificates that somebody else signs: which ones wait, and which are not what
//! was asked for.

use super::ca::Authority;
use super::pending::{FOLDER, Waiting, request_place};
use super::{PkiError, Reason, decide};
use bouquet_model::certificate::Wanted;
use bouquet_model::time::{DAY, Date};
use bouquet_x509::KeyFault;

/// More of them are summed up: cargo shows every line, in every build.
const LINES: usize = 20;

/// A certificate beside a request that is not what was asked for.
pub(super) fn certificate(
    wanted: &Wanted,
    reason: &Reason,
    ca: &Authority,
    now: i64,
    out: &str,
) -> PkiError {
    let place = request_place(wanted);
    let error = PkiError::new(format!(
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
        _ => asked_for(wanted, ca, now),
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
        Reason::CommonName { was, wanted } => {
            format!("has the common name `{was}` instead of `{wanted}`")
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

fn asked_for(wanted: &Wanted, ca: &Authority, now: i64) -> String {
    let sans: Vec<_> = wanted.sans.iter().map(ToString::to_string).collect();
    let sans = if sans.is_empty() { "none".to_owned() } else { sans.join(", ") };
    let (days, least) = (days(wanted, ca, now), decide::seconds(wanted.renew_before) / DAY);
    // The CA itself may end before that.
    let least =
        if days > least { format!(", and more than {least} at the least") } else { String::new() };
    format!(
        "asked for: common name `{}`; SANs: {sans}; EKU: {}; key usage: digitalSignature; valid for \
         {days} days{least}",
        wanted.common_name,
        decide::purposes(wanted.kind).join(", "),
    )
}

/// How long a certificate is to live: no longer than its CA, even if it is signed tomorrow.
fn days(wanted: &Wanted, ca: &Authority, now: i64) -> i64 {
    let left = (ca.chain.not_after - now) / DAY - 1;
    left.max(1).min(decide::seconds(wanted.valid_for) / DAY)
}

/// What waits for the signatures of a CA, a line each, and what to do about it.
pub(super) fn waiting(
    ca: &Authority,
    wanted: &[Wanted],
    waiting: &[Waiting],
    now: i64,
    out: &str,
) -> Vec<PkiError> {
    let of_ca = |waiting: &&Waiting| wanted[waiting.of].issuer == ca.number;
    let all: Vec<_> = waiting.iter().filter(of_ca).collect();
    let Some(first) = all.first() else { return Vec::new() };
    let name = &ca.facts.common_name;
    let line = |waiting: &&Waiting| {
        let place = request_place(&wanted[waiting.of]);
        let until = waiting.old.as_ref().map_or_else(String::new, |old| {
            format!("; the one in place ends on {}", Date(old.not_after))
        });
        PkiError::new(format!(
            "`{out}/{place}.csr` waits for the signature of `{name}`: {}{until}",
            waiting.reason
        ))
    };
    let mut said: Vec<_> = all.iter().take(LINES).map(line).collect();
    if let Some(more) = all.len().checked_sub(LINES).filter(|more| *more > 0) {
        said.push(PkiError::new(format!(
            "{more} more requests in `{out}/{FOLDER}` wait for `{name}`"
        )));
    }
    let first = &wanted[first.of];
    let (place, days) = (request_place(first), days(first, ca, now));
    let what =
        if all.len() == 1 { "a certificate".into() } else { format!("{} certificates", all.len()) };
    said.push(
        PkiError::new(format!("{what} must be signed where the key of the CA `{name}` is"))
            .help(format!(
                "there: `openssl x509 -req -in NAME.csr -copy_extensions copyall -days {days} -CA \
                 ca.crt -CAkey ca.key -out NAME.crt`"
            ))
            .help(
                "or: `cfssl sign -ca ca.crt -ca-key ca.key -config FILE -profile NAME NAME.csr | \
                 cfssljson -bare NAME`, with the usages of the request in the profile",
            )
            .help(format!(
                "put each result beside its request, as `{out}/{place}.crt`, and build again"
            ))
            .help("the requests hold no secret; the keys beside them stay here"),
    );
    said
}
