//! What is wrong with a cluster, or other than compiled, in the words of an operator who is paged.
//!
//! A file for each question, and a function for each kind of finding.

mod certificates;
mod data;
mod definition;
mod reach;
mod unasked;

pub(super) use data::{doubts, is_corrupt, is_full};
pub(super) use unasked::unasked;

use super::found::{Findings, Found};
use super::report::Gravity;
use bouquet_model::diagnostic::{Diagnostic, Severity};

/// Returns every finding, the gravest first, else as they were found.
pub(super) fn all(found: &Found<'_>) -> Vec<(Gravity, Diagnostic)> {
    let kinds: [fn(&Found<'_>) -> Findings; 17] = [
        reach::votes,
        reach::leaderless,
        reach::refusing,
        reach::states,
        reach::foreign,
        reach::lists,
        data::alarms,
        data::diverged,
        certificates::served,
        certificates::clients,
        reach::mesh,
        data::sizes,
        data::lag,
        certificates::clocks,
        definition::membership,
        definition::versions,
        definition::options,
    ];
    let mut all: Findings = kinds.iter().flat_map(|kind| kind(found)).collect();
    all.sort_by_key(|(gravity, finding)| (*gravity, finding.severity != Severity::Error));
    all
}
