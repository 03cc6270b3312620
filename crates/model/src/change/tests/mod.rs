//! Unit tests of changes.

mod accept;
mod clients;
mod members;
mod options;
mod properties;
mod slips;
mod tls;
mod versions;
mod words;

use super::{Accepted, Change, Class, Names, Subject, What, as_written, changes};
use crate::digest::Digest;
use crate::running::{Running, RunningClient, RunningMember};
use crate::trust::Trust;
use crate::version::EtcdVersion;
use std::collections::BTreeMap;

/// Returns a member of 3.5.33 with these options, in plain text.
fn member(options: &[(&str, &str)]) -> RunningMember {
    let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    RunningMember {
        version: version("3.5.33"),
        options: options.collect(),
        clients: None,
        peers: None,
        certificates: BTreeMap::new(),
        crl: None,
        unit: [].into(),
        digest: Digest([0; 32]),
    }
}

/// Returns a member that its peers find at this port of one machine.
fn at(port: u16) -> RunningMember {
    member(&[("initial-advertise-peer-urls", &format!("http://10.0.0.1:{port}"))])
}

fn version(text: &str) -> EtcdVersion {
    EtcdVersion::parse(text).expect(text)
}

fn running<'a>(members: impl IntoIterator<Item = (&'a str, RunningMember)>) -> Running {
    let members = members.into_iter().map(|(name, member)| (name.to_owned(), member));
    Running { members: members.collect(), clients: BTreeMap::new() }
}

/// Returns members by their names and ports.
fn cluster(members: &[(&str, u16)]) -> Running {
    running(members.iter().map(|(name, port)| (*name, at(*port))))
}

/// Returns the changes of one member, `a`, with these options before and after.
fn of_options(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<Change> {
    let [before, after] = [before, after].map(|options| running([("a", member(options))]));
    changes(&before, &after)
}

fn trust(issue: u32, trust: &[u32]) -> Trust {
    Trust { issue, trust: trust.to_vec().into() }
}

/// Returns a client with certificates of CA 1.
fn client() -> RunningClient {
    RunningClient {
        endpoints: vec!["https://10.0.0.1:1".into(), "https://10.0.0.1:2".into()],
        common_name: true,
        certs_dir: "/certs".into(),
        trust: Some(trust(1, &[1])),
        certificate: Some("01".into()),
    }
}

fn clients(of: &[(&str, RunningClient)]) -> Running {
    let clients = of.iter().map(|(name, client)| ((*name).to_owned(), client.clone()));
    Running { members: BTreeMap::new(), clients: clients.collect() }
}

/// Returns each change as a line: class, whose, what.
fn lines(changes: &[Change]) -> Vec<String> {
    let line = |Change { subject, what, class }: &Change| {
        let whose = match subject {
            Subject::Cluster => "cluster".to_owned(),
            Subject::Member(name) => name.clone(),
            Subject::Client(name) => format!("client {name}"),
        };
        format!("{class}: {whose}: {what}")
    };
    changes.iter().map(line).collect()
}

/// Returns the words that accept what is refused.
fn accepts(changes: &[Change]) -> Vec<String> {
    let refused = changes.iter().filter(|change| change.class == Class::Refused);
    refused.map(|change| change.accept().expect("what is refused can be accepted")).collect()
}
