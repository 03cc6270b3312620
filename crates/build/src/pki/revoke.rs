//! Which certificates are revoked, and the list that says so to members.

use super::PkiError;
use super::ca::Authority;
use super::ca_error::Files;
use super::issue;
use super::ledger::{Entry, Ledger};
use crate::issuing::{Revoked, Which};
use bouquet_model::revocation::RevocationReason;
use bouquet_model::time::{DAY, Date};
use bouquet_x509::crl;
use data_encoding::HEXLOWER;
use std::collections::BTreeMap;

/// A list that is due sooner is made anew. etcd does not look at that date; others may.
const NOTICE: i64 = 30 * DAY;

/// Every serial number that is revoked, since when, and why.
pub(super) type Serials = BTreeMap<String, (i64, RevocationReason)>;

/// What is revoked: what the spec says, and what an earlier list says of certificates that nothing
/// else tells of.
pub(super) struct Revocations {
    pub(super) serials: Serials,
    /// Names that stand for no certificate, and days to come.
    pub(super) unknown: Vec<PkiError>,
}

/// Puts names into serial numbers.
///
/// A name stands for what was issued for an earlier generation than the spec's, until the end of the
/// day of its revocation. Where the ledger was lost, an earlier list is all that tells of serial
/// numbers: those that the ledger does not know stay on it as long as a name is revoked.
pub(super) fn resolve(
    revoked: &[Revoked],
    ledger: &Ledger,
    earlier: &[Vec<u8>],
    now: i64,
) -> Revocations {
    let mut serials = Serials::new();
    let mut unknown = Vec::new();
    let by_name = |revoked: &Revoked| matches!(revoked.which, Which::Of { .. });
    if revoked.iter().any(by_name) {
        for list in earlier.iter().filter_map(|list| crl::read(list)) {
            for entry in list.entries {
                let serial = HEXLOWER.encode(&entry.serial);
                if !ledger.knows(&serial) {
                    serials.insert(serial, (entry.date, entry.reason));
                }
            }
        }
    }
    for Revoked { which, date, reason } in revoked {
        if *date > now + DAY {
            unknown.push(not_yet(*date));
        }
        match which {
            Which::Serial(serial) => {
                serials.insert(serial.clone(), (*date, *reason));
            }
            Which::Of { name, current } => {
                let is_old = |entry: &Entry| current.is_none_or(|now| entry.generation < now);
                let (meant, later): (Vec<_>, Vec<_>) = ledger
                    .of(name)
                    .filter(|(_, entry)| is_old(entry))
                    .partition(|(_, entry)| entry.not_before < date + DAY);
                if !later.is_empty() {
                    unknown.push(issued_later(name, later.len(), *date));
                } else if meant.is_empty() {
                    unknown.push(nothing_known(name));
                }
                let serial = |(serial, _): (&str, _)| (serial.to_owned(), (*date, *reason));
                serials.extend(meant.into_iter().map(serial));
            }
        }
    }
    Revocations { serials, unknown }
}

/// The list for all members: one that is there and says the same, or a new one.
///
/// # Errors
/// Where a new one is needed and the CA's key is not there.
pub(super) fn list(
    serials: &Serials,
    earlier: &[Vec<u8>],
    ca: &Authority,
    now: i64,
    out: &str,
) -> Result<Vec<u8>, PkiError> {
    let entry = |(serial, (date, reason)): (&String, &(i64, RevocationReason))| {
        let serial = HEXLOWER.decode(serial.as_bytes()).unwrap_or_default();
        crl::Revoked { serial, date: *date, reason: *reason }
    };
    let mut wanted: Vec<_> = serials.iter().map(entry).collect();
    wanted.sort();
    let says_so = |list: &&Vec<u8>| {
        crl::read(list).is_some_and(|mut seen| {
            seen.entries.sort();
            let fresh = seen.next_update > now + NOTICE && ca.signed_list(&seen);
            seen.entries == wanted && (fresh || ca.issuer.is_none())
        })
    };
    if let Some(same) = earlier.iter().find(says_so) {
        return Ok(same.clone());
    }
    let Some(issuer) = &ca.issuer else {
        let what = "a new list of revoked certificates must be signed";
        let files = Files::of(out, ca.number, &ca.origin);
        return Err(files.key_needed(&ca.facts, ca.locked.as_deref(), what, &[]));
    };
    crl::issue(&wanted, issuer, now, ca.facts.not_after.max(now + 2 * NOTICE)).map_err(issue::error)
}

fn not_yet(date: i64) -> PkiError {
    PkiError::new(format!("a revocation is dated {}, which is to come", Date(date)))
        .help("etcd looks at no date: the certificate is refused as soon as the list is there")
        .help("write the day on which it ceased to be trusted, today at the latest")
}

fn issued_later(name: &str, count: usize, date: i64) -> PkiError {
    let what =
        if count == 1 { "a certificate of".to_owned() } else { format!("{count} certificates of") };
    PkiError::new(format!(
        "{what} `{name}` came after {}, the date of the revocation, and is accepted",
        Date(date)
    ))
    .help("write today's date to refuse that too")
}

fn nothing_known(name: &str) -> PkiError {
    PkiError::new(format!("`{name}` is revoked, and no certificate of that name is known"))
        .help("check the name; `out/pki/issued` lists what was issued and has not expired")
        .help("a certificate that all members share is nobody's: write its `serial`")
        .help("if that file was lost, write the `serial` of each certificate instead")
        .help(
            "once all of them have expired, remove the `[[revoked]]`: nobody accepts them any more",
        )
}
