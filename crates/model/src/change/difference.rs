//! What is different between the options of two starts.

use crate::running::RunningMember;
use std::collections::BTreeSet;

/// An option that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) name: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

impl Difference {
    /// Returns both values, if there are two.
    pub(super) fn values(&self) -> Option<(&str, &str)> {
        self.from.as_deref().zip(self.to.as_deref())
    }
}

/// Returns every option that differs, by name.
pub(super) fn differences(before: &RunningMember, after: &RunningMember) -> Vec<Difference> {
    let names = before.options.keys().chain(after.options.keys()).map(String::as_str);
    let names: BTreeSet<&str> = names.collect();
    let value = |member: &RunningMember, name: &str| member.options.get(name).cloned();
    let both = names.into_iter().map(|name| Difference {
        name: name.to_owned(),
        from: value(before, name),
        to: value(after, name),
    });
    both.filter(|difference| difference.from != difference.to).collect()
}
