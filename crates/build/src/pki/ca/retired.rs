//! CAs that have files in `pki/` and that the spec does not trust: what they issued tells of a line
//! that was lost.

use crate::pki::existing::{Pair, Retired, Slot};
use bouquet_x509::{ParsedCertificate, fingerprint, pem};
use zeroize::Zeroizing;

impl Retired {
    fn own(&self) -> Option<Zeroizing<Vec<u8>>> {
        pem::certificates(&self.certificate).ok()?.into_iter().next()
    }

    /// Returns the SHA-256 of its certificate.
    pub(super) fn fingerprint(&self) -> Option<[u8; 32]> {
        self.own().map(|der| fingerprint(&der))
    }

    /// Returns its name.
    pub(super) fn name(&self) -> Option<String> {
        Some(ParsedCertificate::parse(&self.own()?)?.subject_text())
    }

    /// Tells whether it issued any of what is there.
    pub(super) fn issued_some(&self, slots: &[Slot]) -> bool {
        let own = self.own();
        let Some(ca) = own.as_ref().and_then(|der| ParsedCertificate::parse(der)) else {
            return false;
        };
        let mut leaves = slots.iter().flat_map(|slot| slot.existing.pairs()).filter_map(Pair::leaf);
        leaves.any(|der| {
            ParsedCertificate::parse(&der).is_some_and(|leaf| {
                leaf.issuer() == ca.subject() && leaf.is_signed_by(ca.public_key()) == Some(true)
            })
        })
    }
}
