//! What the operator should know of CAs: that they come to their end, or that a key is in clear.

use super::PkiError;
use super::ca::Authority;
use super::decide;
use super::issue::Issued;
use bouquet_model::cluster::Tls;
use bouquet_model::time::{DAY, Date};

pub(super) fn warnings(cas: &[Authority], issued: &[Issued], tls: &Tls, now: i64) -> Vec<PkiError> {
    let mut warnings: Vec<_> = cas.iter().filter_map(|ca| ca.in_clear.clone()).collect();
    let issuing = [tls.clients.issue, tls.peers.issue];
    for ca in cas.iter().filter(|ca| issuing.contains(&ca.number)) {
        let (name, end) = (&ca.facts.common_name, ca.facts.not_after);
        let left = end - now;
        // A year is time enough to give every member and client another CA; of a CA that was never
        // meant to last so long, a third of its life.
        let notice = (365 * DAY).min((end - ca.facts.not_before) / 3);
        if left < notice {
            let days = left / DAY;
            warnings.push(
                PkiError::new(format!("the CA `{name}` expires on {}, in {days} days", Date(end)))
                    .help("change over to another CA before that day: docs/certificates.md"),
            );
        }
        let cut = issued.iter().filter(|leaf| leaf.facts.not_after == end).count();
        if cut > 0 && now.saturating_add(decide::seconds(tls.valid_for)) > end {
            warnings.push(
                PkiError::new(format!(
                    "{cut} new certificates end on {}, with the CA `{name}`, before their `valid-for`",
                    Date(end)
                ))
                .help("a certificate is of no use without its CA; lengthen `ca-valid-for` in time"),
            );
        }
    }
    warnings
}
