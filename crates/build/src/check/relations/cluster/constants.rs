//! The constants that a program has for members and clients: each its own.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use std::collections::BTreeMap;

/// Warns of names that would have one constant: the cluster is as good as any other. Names that differ in case
/// alone are refused elsewhere, and not mentioned here again.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let members = subject.members().map(|placed| {
        let name = &placed.member.name;
        (name.as_str(), name.constant(), subject.name_span(placed))
    });
    shared("members", members, found);
    let clients = subject.cluster.clients.iter().zip(&subject.spec.clients);
    let clients = clients
        .map(|(client, written)| (client.name.as_str(), client.name.constant(), written.name.span));
    shared("clients", clients, found);
}

fn shared<'a>(
    list: &str,
    names: impl Iterator<Item = (&'a str, String, Span)>,
    found: &mut Diagnostics,
) {
    let mut firsts: BTreeMap<String, (&str, Span)> = BTreeMap::new();
    for (name, constant, span) in names {
        let Some((first, place)) = firsts.get(&constant) else {
            firsts.insert(constant, (name, span));
            continue;
        };
        if name.eq_ignore_ascii_case(first) {
            continue;
        }
        found.push(
            Diagnostic::warning(format!(
                "neither `{first}` nor `{name}` gets a constant: both would be \
                 `cluster::{list}::{constant}`"
            ))
            .at(span, "this one too")
            .also(*place, "this one")
            .help("a program that is to name them needs names that differ in more than `.`, `_` and `-`"),
        );
    }
}
