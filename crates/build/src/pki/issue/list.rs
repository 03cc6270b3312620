//! The list of revoked certificates, where its CA's key is here.

use crate::pki::ca::Files;
use crate::pki::context::Context;
use crate::pki::fault::impossible;
use crate::pki::history::Serials;
use crate::pki::signer::{Key, Signer};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::revocation::RevocationReason;
use bouquet_model::time::DAY;
use bouquet_x509::crl;
use data_encoding::HEXLOWER;

/// A list that is due sooner is issued again. etcd does not look at that date; others may.
const NOTICE: i64 = 30 * DAY;

/// Returns the list for all members: one that is there and says the same, or a new one.
///
/// # Errors
/// Where a new one is needed and the CA's key is not there.
pub(in crate::pki) fn list(
    serials: &Serials,
    earlier: &[Vec<u8>],
    ca: &Signer,
    context: &Context<'_>,
) -> Result<Vec<u8>, Diagnostic> {
    let now = context.now;
    let entry = |(serial, (date, reason)): (&String, &(i64, RevocationReason))| {
        let serial = HEXLOWER.decode(serial.as_bytes()).unwrap_or_default();
        crl::Revoked { serial, date: *date, reason: *reason }
    };
    let mut wanted: Vec<_> = serials.iter().map(entry).collect();
    wanted.sort();
    let says_so = |list: &&Vec<u8>| {
        crl::read(list).is_some_and(|mut list| {
            list.entries.sort();
            let is_fresh = list.next_update > now + NOTICE && ca.signed_list(&list);
            list.entries == wanted && (is_fresh || !matches!(ca.key, Key::Here(_)))
        })
    };
    if let Some(same) = earlier.iter().find(says_so) {
        return Ok(same.clone());
    }
    let Key::Here(issuer) = &ca.key else {
        let what = "a new list of revoked certificates must be signed";
        return Err(Files::of(context, ca.number, &ca.origin).key_needed(ca, what, &[]));
    };
    let next_update = ca.facts.not_after.max(now + 2 * NOTICE);
    crl::issue(&wanted, issuer, now, next_update).map_err(impossible)
}
