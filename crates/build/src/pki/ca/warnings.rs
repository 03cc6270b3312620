//! What the operator should know of CAs: that they come to their end, or that a key is in clear.

use super::authority::Authority;
use super::files::Files;
use crate::pki::context::Context;
use crate::pki::existing::Origin;
use crate::pki::signer::{Key, seconds};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::{DAY, Date};

/// Warns of them. `ends` has the second at which each certificate ends that was issued just now.
pub(in crate::pki) fn warnings(
    cas: &[Authority],
    ends: &[i64],
    context: &Context<'_>,
) -> Vec<Diagnostic> {
    let Context { tls, now, .. } = *context;
    let mut warnings: Vec<_> = cas.iter().filter_map(|ca| ca.in_clear.clone()).collect();
    for ca in cas.iter().map(|ca| &ca.signer) {
        let files = Files::of(context, ca.number, &ca.origin);
        warnings.extend(ca.chain.doubts.iter().map(|doubt| files.doubted(doubt)));
    }
    let issuing = [tls.clients.issue, tls.peers.issue];
    // Of those that issued before, the key is to be destroyed.
    let first = issuing.into_iter().min();
    for ca in cas.iter().map(|ca| &ca.signer).filter(|ca| Some(ca.number) >= first) {
        let is_gone = matches!(ca.key, Key::Missing);
        warnings.extend(is_gone.then(|| Files::of(context, ca.number, &ca.origin).key_gone()));
    }
    for ca in cas.iter().map(|ca| &ca.signer).filter(|ca| issuing.contains(&ca.number)) {
        let first = &ca.chain.first_to_end;
        let (name, end) = (&first.common_name, first.not_after);
        let left = end - now;
        // A year is time enough to give every member and client another CA; of a CA that was never
        // meant to last so long, a third of its life.
        let notice = (365 * DAY).min((end - first.not_before) / 3);
        if left < notice {
            let days = left / DAY;
            warnings.push(
                Diagnostic::warning(format!(
                    "the CA `{name}` expires on {}, in {days} days",
                    Date(end)
                ))
                .help("change over to another CA before that day: Bouquet's page on certificates has the steps"),
            );
        }
        let cut = ends.iter().filter(|leaf_end| **leaf_end == end).count();
        if cut > 0 && now.saturating_add(seconds(tls.valid_for)) > end {
            let next = match ca.origin {
                Origin::Minted => "`ca-valid-for` counts for the next CA",
                Origin::Files { .. } => {
                    "have that CA renewed in time, or change over to another one"
                }
            };
            warnings.push(
                Diagnostic::warning(format!(
                    "{cut} new certificates end on {}, with the CA `{name}`, before their `valid-for`",
                    Date(end)
                ))
                .help(format!("a certificate is of no use without its CA; {next}")),
            );
        }
    }
    warnings
}
