//! Which certificates are revoked.

use crate::issuing::{Revoked, Which};
use bouquet_lock::{Entry, Issued};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::revocation::RevocationReason;
use bouquet_model::time::{DAY, Date};
use bouquet_x509::crl;
use data_encoding::HEXLOWER;
use std::collections::BTreeMap;

/// Every serial number that is revoked, since when, and why.
pub(in crate::pki) type Serials = BTreeMap<String, (i64, RevocationReason)>;

/// All that is revoked: what the spec says, and what an earlier list says of certificates that
/// nothing else tells of.
pub(in crate::pki) struct Revocations {
    pub(in crate::pki) serials: Serials,
    /// Names that stand for no certificate, and days to come.
    pub(in crate::pki) unknown: Vec<Diagnostic>,
}

/// Puts names into serial numbers.
///
/// A name stands for what was issued for an earlier generation than the spec's, until the end of
/// the day of its revocation. Where the lock was lost, an earlier list is all that tells of
/// serial numbers: those that the lock does not know stay on it as long as a name is revoked.
pub(in crate::pki) fn resolve(
    revoked: &[Revoked],
    issued: &Issued,
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
                if !issued.knows(&serial) {
                    serials.insert(serial, (entry.date, entry.reason));
                }
            }
        }
    }
    for Revoked { span, which, date, reason } in revoked {
        if *date > now + DAY {
            unknown.push(not_yet(*date).at(*span, ""));
        }
        match which {
            Which::Serial(serial) => {
                serials.insert(serial.clone(), (*date, *reason));
            }
            Which::Of { name, current } => {
                let is_old = |entry: &Entry| current.is_none_or(|now| entry.generation < now);
                let (meant, later): (Vec<_>, Vec<_>) = issued
                    .of(Some(name))
                    .filter(|(_, entry)| is_old(entry))
                    .partition(|(_, entry)| entry.not_before < date + DAY);
                if !later.is_empty() {
                    unknown.push(issued_later(name, later.len(), *date).at(*span, ""));
                } else if meant.is_empty() {
                    unknown.push(nothing_known(name).at(*span, ""));
                }
                let serial = |(serial, _): (&str, _)| (serial.to_owned(), (*date, *reason));
                serials.extend(meant.into_iter().map(serial));
            }
        }
    }
    Revocations { serials, unknown }
}

fn not_yet(date: i64) -> Diagnostic {
    Diagnostic::warning(format!("a revocation is dated {}, which is to come", Date(date)))
        .help("etcd looks at no date: the certificate is refused as soon as the list is there")
        .help("write the day on which it ceased to be trusted, today at the latest")
}

fn issued_later(name: &str, count: usize, date: i64) -> Diagnostic {
    let what =
        if count == 1 { "a certificate of".to_owned() } else { format!("{count} certificates of") };
    Diagnostic::warning(format!(
        "{what} `{name}` came after {}, the date of the revocation, and is accepted",
        Date(date)
    ))
    .help("write today's date to refuse that too")
}

fn nothing_known(name: &str) -> Diagnostic {
    Diagnostic::warning(format!("`{name}` is revoked, and no certificate of that name is known"))
        .help("check the name; `cluster.lock` lists what was issued and has not expired")
        .help("a certificate that all members share is nobody's: write its `serial`")
        .help("if that file was lost, write the `serial` of each certificate instead")
        .help(
            "once all of them have expired, remove the `[[revoked]]`: nobody accepts them any more",
        )
}
