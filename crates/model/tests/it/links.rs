//! The other names of a member's files: what a build lays and what follows from what runs is one.

use crate::artifacts::CLUSTER;
use bouquet_model::prelude::*;
use bouquet_model::running::Running;
use bouquet_model::settings::{NAMED_FILES, links};
use std::collections::BTreeMap;

#[test]
fn what_runs_has_the_links_that_a_build_wants() {
    for layout in Layout::ALL {
        for (client_auth, peers) in [(true, 1), (true, 2), (false, 1), (false, 2)] {
            for named in 0..1 << NAMED_FILES.len() {
                let cluster = named_by(*layout, client_auth, peers, named);
                let tls = cluster.tls.as_ref().expect("TLS");
                let wanted = links(tls, &cluster.members[0]);
                let running = Running::of(&cluster, &[]);
                let derived = running.members["pink"].links();
                let derived: BTreeMap<_, _> =
                    derived.into_iter().map(|(name, file)| (name.to_owned(), file)).collect();
                assert_eq!(derived, wanted, "{layout} {client_auth} {peers} {named:b}");
            }
        }
    }
}

#[test]
fn a_link_leads_to_the_file_of_the_first_option_that_names_it() {
    let all = |layout, client_auth, peers| {
        let cluster = named_by(layout, client_auth, peers, usize::MAX);
        let tls = cluster.tls.as_ref().expect("TLS");
        let links = links(tls, &cluster.members[0]).into_iter();
        links.map(|(name, file)| format!("{name} {file}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        all(Layout::Combined, true, 1),
        "pink-cert-file server.crt, pink-key-file server.key, pink-trusted-ca-file ca.crt"
    );
    assert_eq!(
        all(Layout::Separate, false, 2),
        "pink-cert-file server.crt, pink-key-file server.key, pink-peer-cert-file peer.crt, \
         pink-peer-key-file peer.key, pink-peer-trusted-ca-file peer-ca.crt"
    );
}

/// A cluster in which each option has a name for its file whose bit is set.
fn named_by(layout: Layout, client_auth: bool, peers: u32, named: usize) -> Cluster {
    let mut cluster = CLUSTER.clone();
    let tls = cluster.tls.as_mut().expect("TLS");
    let has_name = |(at, _): &(usize, _)| named & (1 << at) != 0;
    let given = NAMED_FILES.iter().enumerate().filter(has_name).map(|(_, (option, _))| Setting {
        name: option,
        value: Value::Text(format!("{{name}}-{option}").into()),
    });
    tls.file_names = given.collect::<Vec<_>>().into();
    tls.layout = layout;
    tls.client_auth = client_auth;
    // Peers have CAs of their own where they have certificates of their own.
    if layout == Layout::Separate {
        tls.peers.trust = vec![peers].into();
    }
    cluster
}
