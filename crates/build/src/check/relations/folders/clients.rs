//! Clients' certificates: all of them have the same three file names.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::cluster::Client;
use bouquet_model::filesystem::{is_in_a_home, is_shared};
use bouquet_model::places::{Place, places};
use std::collections::BTreeMap;

/// Checks clients' folders, by warnings alone: the spec does not tell which machines clients are on.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    if subject.cluster.tls.is_some() {
        one_folder_each(subject, found);
        apart_from_data(subject, found);
        apart_from_the_system(subject, found);
    }
}

fn one_folder_each(subject: &Subject<'_>, found: &mut Diagnostics) {
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

fn apart_from_data(subject: &Subject<'_>, found: &mut Diagnostics) {
    let members = subject.members().flat_map(|placed| places(subject.cluster, placed.member));
    let own: Vec<_> = members.filter(Place::is_own).collect();
    for (client, written) in subject.cluster.clients.iter().zip(&subject.spec.clients) {
        let Some(folder) = &written.certs_dir else { continue };
        if let Some(own) = own.iter().find(|own| client.certs_dir.is_within(&own.path)) {
            found.push(
                Diagnostic::warning(format!("`certs-dir` of `{}` is in `{}`", client.name, own.option))
                    .at(folder.span, "")
                    .note("on a member's machine, only etcd enters it, and what is there goes with the data")
                    .help(format!("write `certs-dir = \"/etc/etcd/{}\"`", client.name)),
            );
        }
    }
}

/// Warns of folders that others share, except in a home: a client may keep its files in its own.
fn apart_from_the_system(subject: &Subject<'_>, found: &mut Diagnostics) {
    for (client, written) in subject.cluster.clients.iter().zip(&subject.spec.clients) {
        let Some(written) = &written.certs_dir else { continue };
        let (name, folder) = (&client.name, &client.certs_dir);
        if is_shared(folder) && !is_in_a_home(folder) {
            found.push(
                Diagnostic::warning(format!(
                    "`certs-dir` of `{name}` is {folder}, which is not its alone"
                ))
                .at(written.span, "")
                .note("its key would lie there as client.key, beside what others have there")
                .help(format!("write `certs-dir = \"/etc/etcd/{name}\"`")),
            );
        }
    }
}
