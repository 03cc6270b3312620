//! The token that all IDs of a cluster depend on.

use super::class::Class;
use super::pairs::Pairs;
use super::what::{Change, Subject, What};
use std::collections::BTreeSet;

/// The option that has it.
pub(super) const TOKEN: &str = "initial-cluster-token";

/// Returns another token, once for each that runs: where one is not known, there is none.
pub(super) fn changes(all: &Pairs<'_>) -> Vec<Change> {
    let tokens = all.kept.iter().filter_map(|pair| {
        let [was, is] = [pair.was.1, pair.is.1].map(|member| member.option(TOKEN));
        Some((was?, is?))
    });
    let others: BTreeSet<_> = tokens.filter(|(was, is)| was != is).collect();
    let change = |(was, is): (&str, &str)| {
        let [from, to] = [was, is].map(|token| Some(token.to_owned()));
        let what = What::Option { name: TOKEN.to_owned(), from, to };
        Change { subject: Subject::Cluster, what, class: Class::Refused }
    };
    others.into_iter().map(change).collect()
}
