//! What waits for the signature of an external CA.

use super::place::{FOLDER, request_place};
use super::request::Requested;
use crate::pki::check::Reason;
use crate::pki::context::{Context, LINES};
use crate::pki::signer::Signer;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::Date;

/// Returns what waits for the signatures of a CA, a line each, and what to do about it.
pub(in crate::pki) fn waiting(
    ca: &Signer,
    requested: &[&Requested],
    context: &Context<'_>,
) -> Vec<Diagnostic> {
    let Context { now, out, .. } = *context;
    let all: Vec<_> = requested.iter().filter(|one| one.wanted.issuer == ca.number).collect();
    let Some(first) = all.first() else { return Vec::new() };
    let name = &ca.facts.common_name;
    let line = |waiting: &&&Requested| {
        let place = request_place(&waiting.wanted);
        let until = waiting.old.as_ref().map_or_else(String::new, |old| {
            let which = if waiting.reason == Reason::Lost { "it" } else { "the one in place" };
            format!("; {which} ends on {}", Date(old.not_after))
        });
        Diagnostic::warning(format!(
            "`{out}/{place}.csr` waits for the signature of `{name}`: {}{until}",
            waiting.reason
        ))
    };
    let mut said: Vec<_> = all.iter().take(LINES).map(line).collect();
    if let Some(more) = all.len().checked_sub(LINES).filter(|more| *more > 0) {
        said.push(Diagnostic::warning(format!(
            "{more} more requests in `{out}/{FOLDER}` wait for `{name}`"
        )));
    }
    let (place, days) = (request_place(&first.wanted), ca.leaf_days(now, first.wanted.valid_for));
    let what =
        if all.len() == 1 { "a certificate".into() } else { format!("{} certificates", all.len()) };
    let all_must =
        Diagnostic::warning(format!("{what} must be signed where the key of the CA `{name}` is"))
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
            .help("the requests hold no secret; the keys beside them stay here");
    said.push(if all.iter().any(|one| one.reason == Reason::Lost) {
        all_must.help(
            "before anything is signed, look for those that another clone has: `cargo run -- secrets import < FILE`",
        )
    } else {
        all_must
    });
    said
}
