//! Keys that are kept although their certificate is not.

use super::reason::Reason;
use crate::pki::existing::Slot;
use bouquet_model::cluster::Renew;
use bouquet_x509::{Algorithm, NewKey, ParsedCertificate, prove};

/// Returns the key that a certificate which is issued again keeps: where the spec says so, the old one is
/// sound and of the wanted kind, and nothing suggests that someone else has it.
pub(in crate::pki) fn kept_key(slot: &Slot, reason: &Reason) -> Option<NewKey> {
    let Slot { wanted, existing } = slot;
    if wanted.renew != Renew::KeepKey
        || matches!(reason, Reason::Generation { .. } | Reason::Revoked)
    {
        return None;
    }
    existing.pairs().find_map(|pair| {
        let der = pair.leaf()?;
        let certificate = ParsedCertificate::parse(&der)?;
        let (public, key) = (certificate.public_key(), pair.key.as_ref()?);
        let Algorithm::Ours(kind) = public.algorithm else { return None };
        let sound = prove(key.expose(), public).is_ok() && kind == wanted.key;
        sound.then(|| NewKey { kind, public: public.bytes.to_vec(), secret: key.clone() })
    })
}
