//! The spec as written becomes a cluster, or the reasons why it is none.
//!
//! First each value by itself, then what they are to each other. Nothing here looks at anything but
//! the text.

mod places;
mod proven;
mod relations;
mod values;

pub(crate) use places::{MemberPlaces, Places};
pub use proven::Proven;

use crate::diagnostic::Diagnostics;
use crate::spec;
use bouquet_model::option::{EtcdOption, OPTIONS, Origin};

/// Proves a spec. Pure: no file but the spec counts, and nothing is written.
///
/// There is a cluster exactly if no finding is an error.
pub fn prove(source: &[u8]) -> (Option<Proven>, Diagnostics) {
    let written = OPTIONS.iter().filter(|option| option.origin() == Origin::User);
    let options: Vec<&str> = written.map(EtcdOption::name).collect();
    let (spec, mut found) = spec::parse_bytes(source, &options);
    let Some(spec) = spec else { return (None, found) };
    if let Some(error) = relations::too_many(&spec) {
        found.push(error);
        return (None, found);
    }
    let proven = values::check(&spec, &mut found);
    if let Some(proven) = proven.as_ref().filter(|_| spec.whole) {
        relations::check(&spec, &proven.cluster, proven.issuing.limits, &mut found);
    }
    (proven.filter(|_| !found.has_errors()), found)
}
