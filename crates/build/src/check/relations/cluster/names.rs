//! Names: each member, client and host has its own.

use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::cluster::State;
use std::collections::BTreeMap;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let members: Vec<_> = subject.members().collect();
    let names = members.iter().map(|m| (m.member.name.as_str(), subject.name_span(*m)));
    let help = "a member's name is its key in --initial-cluster; etcd would silently merge the two \
                into one member with two URLs";
    unique("member", names, help, found);

    let clients = subject.spec.clients.iter().map(|c| (c.name.value.as_str(), c.name.span));
    let help = "a client's name is the common name of its certificate and a folder under \
                out/clients; give each its own";
    unique("client", clients, help, found);

    // What every machine is called by itself leads to no member, and that is said elsewhere.
    let leads_to_it =
        |m: &&Placed<'_>| m.member.hostname.as_ref().is_some_and(|name| !name.is_loopback());
    let hosts = members.iter().filter(leads_to_it).filter_map(|m| {
        let written = subject.spec.members[m.index].hostname.as_ref()?;
        Some((written.value.as_str(), written.span))
    });
    let for_clients = members.iter().filter_map(|m| {
        let name = m.member.client_hostname.as_ref()?;
        let written = subject.spec.members[m.index].client_hostname.as_ref()?;
        let is_other = m.member.hostname.as_ref() != Some(name) && !name.is_loopback();
        is_other.then_some((written.value.as_str(), written.span))
    });
    let hosts = hosts.chain(for_clients);
    unique("host name", hosts, "a host name leads to one member alone: give each its own", found);

    joiners(subject, &members, found);
}

fn unique<'a>(
    what: &str,
    names: impl Iterator<Item = (&'a str, Span)>,
    help: &str,
    found: &mut Diagnostics,
) {
    let mut seen: BTreeMap<String, (&str, Span)> = BTreeMap::new();
    for (name, span) in names {
        let Some((earlier, first)) = seen.get(&name.to_ascii_lowercase()) else {
            seen.insert(name.to_ascii_lowercase(), (name, span));
            continue;
        };
        let diagnostic = if *earlier == name {
            Diagnostic::error(format!("the {what} `{name}` is there twice")).help(help)
        } else {
            Diagnostic::error(format!("the {what}s `{earlier}` and `{name}` differ in case alone"))
                .help("DNS and some file systems take them for the same; tell them apart")
        };
        found.push(diagnostic.at(span, "again here").also(*first, "first used here"));
    }
}

/// Checks members that join: etcd takes one new member at a time, and a member joins only what is there.
fn joiners(subject: &Subject<'_>, members: &[Placed<'_>], found: &mut Diagnostics) {
    let joins = |m: &&Placed<'_>| m.member.state == State::Existing;
    let joining: Vec<_> = members.iter().filter(joins).collect();
    if joining.len() == members.len() {
        return; // The whole cluster runs already; the spec took it over.
    }
    for second in joining.iter().skip(1) {
        let span = |m: &Placed<'_>| {
            let written = &subject.spec.members[m.index];
            written.state.as_ref().map_or(written.name.span, |state| state.span)
        };
        found.push(
            Diagnostic::warning(format!(
                "`{}` and `{}` both join a running cluster",
                joining[0].member.name, second.member.name
            ))
            .at(span(second), "joins too")
            .also(span(joining[0]), "joins")
            .help("add one member, wait until it is a healthy voter, then add the next")
            .help("where all have joined long ago, write `state = \"existing\"` under [cluster] instead"),
        );
    }
}
