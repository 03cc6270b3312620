//! The list of revoked certificates of an external CA: it is signed where its key is, too.

use super::place::FOLDER;
use crate::pki::context::Context;
use crate::pki::history::Serials;
use crate::pki::signer::Signer;
use bouquet_model::diagnostic::Diagnostic;
pub use bouquet_model::trust::SIGNED_LIST as PLACE;
use bouquet_x509::crl;
use data_encoding::HEXLOWER;

/// Returns the list for all members, in DER: the one that was put there, or else what they have already.
/// It may say more than is wanted.
///
/// # Errors
/// Where that one is of no use, or says too little; and where there is none.
pub(in crate::pki) fn list(
    serials: &Serials,
    given: Option<&[u8]>,
    earlier: &[Vec<u8>],
    ca: &Signer,
    context: &Context<'_>,
) -> Result<Vec<u8>, Diagnostic> {
    let (name, out) = (&ca.facts.common_name, context.out);
    if let Some(given) = given {
        let wrong = |what: &str| Diagnostic::error(format!("`{out}/{PLACE}` {what}"));
        let der = crl::der(given);
        let list = der.as_deref().and_then(crl::read);
        let list = list.ok_or_else(|| how(wrong("is no list of revoked certificates"), out))?;
        if !ca.signed_list(&list) {
            return Err(how(wrong(&format!("was not signed by the CA `{name}`")), out));
        }
        let lacks = lacks(serials, &list);
        if !lacks.is_empty() {
            return Err(missing(wrong("does not list all that is revoked"), &lacks, out));
        }
        return Ok(der.unwrap_or_default());
    }
    let says_all = |file: &&Vec<u8>| crl::read(file).is_some_and(|l| lacks(serials, &l).is_empty());
    earlier.iter().find(says_all).cloned().ok_or_else(|| {
        let error = Diagnostic::error(format!(
            "members need a list of revoked certificates, and the key of the CA `{name}`, which \
             signs it, is elsewhere"
        ));
        missing(error, &serials.keys().map(String::as_str).collect::<Vec<_>>(), out)
    })
}

/// Returns the serial numbers that are not on a list.
fn lacks<'a>(serials: &'a Serials, list: &crl::ParsedList<'_>) -> Vec<&'a str> {
    let is_on = |serial: &str| list.entries.iter().any(|e| HEXLOWER.encode(&e.serial) == serial);
    serials.keys().map(String::as_str).filter(|serial| !is_on(serial)).collect()
}

fn missing(error: Diagnostic, lacks: &[&str], out: &str) -> Diagnostic {
    let error = match lacks {
        [] => error,
        lacks => error.help(format!("serial numbers that have to be on it: {}", lacks.join(", "))),
    };
    how(error, out)
}

fn how(error: Diagnostic, out: &str) -> Diagnostic {
    error
        .help(format!(
            "have one signed where that key is, as by `openssl ca -gencrl -crldays 3650`, and put it \
             there as `{out}/{PLACE}`, in PEM or DER"
        ))
        .help(format!("where that folder is gone: `install -d -m 0700 {out}/{FOLDER}`"))
        .help("etcd compares serial numbers alone; it checks neither the signature nor the dates")
        .help(format!("`{out}/{FOLDER}` is read by every build: the list can stay there"))
}
