//! Which CAs there are: those that the spec trusts, taken or made, and what speaks against them.

mod authority;
mod copies;
mod files;
mod foreign;
mod given;
mod limits;
mod load;
mod machines;
mod outside;
mod plan;
mod recorded;
mod retired;
mod rotation;
mod warnings;
mod wrong_chain;
mod wrong_file;

pub(super) use authority::{Authority, signer};
pub(super) use copies::{Copies, put_right, sort as sort_copies};
pub(super) use files::Files;
pub(super) use given::given;
pub(super) use limits::unheeded;
pub(super) use machines::{as_recorded, issuers, owners};
pub(super) use plan::Item;
pub use plan::ca_common_name;
pub(super) use recorded::{begin_again, recorded};
pub(super) use rotation::State;
pub(super) use warnings::warnings;

use super::context::Context;
use super::existing::{ExistingCa, Passphrase, Retired, Slot};
use bouquet_model::diagnostic::Diagnostic;

/// Decides what is to be done about every CA.
///
/// # Errors
/// Everything that is wrong with any of them, and with what they are to sign.
pub(super) fn plan<'a>(
    cas: Vec<ExistingCa>,
    slots: &[Slot],
    retired: &[Retired],
    passphrase: &'a Passphrase,
    context: &Context<'a>,
) -> Result<Vec<Item<'a>>, Vec<Diagnostic>> {
    let nobody = cas.iter().all(|ca| ca.pair.certificate.is_none());
    let foreign = if nobody { foreign::issuer(slots, &[]) } else { None };
    if foreign.is_some() {
        foreign::is_retired(slots, retired, context).map_err(|error| vec![error])?;
    }
    let (mut items, mut errors) = (Vec::with_capacity(cas.len()), Vec::new());
    for ca in cas {
        match Item::decide(ca, foreign.as_deref(), passphrase, context) {
            Ok(item) => items.push(item),
            Err(more) => errors.extend(more),
        }
    }
    let existing = || items.iter().filter_map(Item::existing);
    errors.extend(foreign::twice(existing(), retired, context));
    if errors.is_empty() { Ok(items) } else { Err(errors) }
}

/// Lists what CAs are to vouch for and cannot vouch for.
pub(super) fn forbidden(
    cas: &[Authority],
    slots: &[Slot],
    context: &Context<'_>,
) -> Vec<Diagnostic> {
    cas.iter().filter_map(|ca| limits::forbidden(ca, slots, context)).collect()
}

/// Warns of certificates in use that some verifiers refuse.
pub(super) fn misread(cas: &[Authority], slots: &[Slot]) -> Vec<Diagnostic> {
    cas.iter().filter_map(|ca| limits::refused_by_openssl(ca, slots)).collect()
}

/// Takes and makes the CAs as planned.
///
/// # Errors
/// Where the system has no random numbers, or X.509 cannot carry what is asked for, such as more limits
/// than verifiers read.
pub(super) fn carry_out(
    items: Vec<Item<'_>>,
    slots: &[Slot],
    context: &Context<'_>,
) -> Result<Vec<Authority>, Vec<Diagnostic>> {
    let permitted = limits::permitted(slots, context.issuing);
    if items.iter().any(Item::is_to_be_made)
        && let Some(error) = permitted.as_ref().and_then(|p| limits::too_large(p, context.issuing))
    {
        return Err(vec![error]);
    }
    let (mut cas, mut errors) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        match item.carry_out(permitted.as_ref(), context) {
            Ok(ca) => cas.push(ca),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(cas) } else { Err(errors) }
}
