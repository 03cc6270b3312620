//! What is outside of the limits of a CA.

use bouquet_model::certificate::Wanted;
use std::collections::BTreeSet;

/// Holds what a CA is to certify and cannot certify.
#[derive(Default)]
pub(super) struct Outside {
    /// Each with whose it is.
    pub(super) names: BTreeSet<String>,
    /// Whether there are common names among them, which OpenSSL alone holds to the limits.
    pub(super) common_names: bool,
    /// Whether there are SANs among them.
    pub(super) sans: bool,
    /// Whose the first of them is.
    pub(super) first: Option<String>,
}

impl Outside {
    pub(super) fn add(&mut self, what: &str, wanted: &Wanted) {
        let of = wanted.subject.name();
        let text = if what == of { what.to_owned() } else { format!("{what} of {of}") };
        self.names.insert(text);
        if self.first.is_none() {
            self.first.clone_from(&wanted.owner);
        }
    }
}
