//! Clients' certificates: all of them have the same three file names.

use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::cluster::Client;
use std::collections::BTreeMap;

/// Only a warning: clients may be on different machines, which the spec does not tell.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    if subject.cluster.tls.is_none() {
        return;
    }
    let mut folders: BTreeMap<_, Vec<(&Client, Span)>> = BTreeMap::new();
    for (client, written) in subject.cluster.clients.iter().zip(&subject.spec.clients) {
        let span = written.certs_dir.as_ref().map_or(written.name.span, |folder| folder.span);
        let there = folders.entry(&client.certs_dir).or_default();
        // A name that is there twice is said already.
        if there.iter().all(|(other, _)| other.name != client.name) {
            there.push((client, span));
        }
    }
    for (folder, clients) in folders {
        let [(first, there), (second, here), others @ ..] = &clients[..] else { continue };
        let names = match others.len() {
            0 => format!("`{}` and `{}`", first.name, second.name),
            more => format!("`{}`, `{}` and {more} more", first.name, second.name),
        };
        found.push(
            Diagnostic::warning(format!("{names} have one `certs-dir`, {folder}"))
                .at(*here, "")
                .also(*there, "first used here")
                .note("each has its own client.crt and client.key: on one machine those of one overwrite the other's")
                .help(format!("write `certs-dir = \"{}\"`", folder.join(second.name.as_str()))),
        );
    }
}
