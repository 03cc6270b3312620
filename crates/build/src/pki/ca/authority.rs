//! A CA that the spec trusts.

use crate::pki::signer::Signer;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;

/// A CA that the spec trusts, as it was found or made.
pub(in crate::pki) struct Authority {
    pub(in crate::pki) signer: Signer,
    /// PEM, as it was found or made: its own certificate and those over it.
    pub(in crate::pki) file: String,
    /// Whether it was made just now.
    pub(in crate::pki) is_new: bool,
    /// What its key's file is to hold from now on, where that changes.
    pub(in crate::pki) new_key: Option<Secret>,
    /// The warning that its key is in clear, where it should not be and cannot be helped for now.
    pub(in crate::pki) in_clear: Option<Diagnostic>,
}

/// Returns the CA of that number.
///
/// # Errors
/// Where it is not among those that are trusted, which the spec has been proven not to ask for.
pub(in crate::pki) fn signer(cas: &[Authority], number: u32) -> Result<&Signer, Diagnostic> {
    let ca = cas.iter().find(|ca| ca.signer.number == number);
    ca.map(|ca| &ca.signer).ok_or_else(|| {
        Diagnostic::error(format!("CA {number} is to issue certificates, but is not trusted"))
    })
}
