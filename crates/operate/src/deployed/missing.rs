//! The files that a folder lacks of all that its member or client is to have.

use super::place::file_of;
use super::trouble::Cause;
use crate::compiled::Compiled;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::settings::{CRL, links};
use bouquet_model::trust::Side;

/// Returns the names of the files that are not there. `has` tells of a name whether it is; links are made on the node
/// alone, in the `certs-dir` itself (`is_in_place`).
pub(super) fn missing(
    compiled: &Compiled<'_>,
    is_theirs: &dyn Fn(&Certificate) -> bool,
    (owner, is_in_place): (&str, bool),
    has: &dyn Fn(&str) -> bool,
) -> Vec<(String, Cause)> {
    let Some(tls) = &compiled.cluster.tls else { return Vec::new() };
    let leaves = || compiled.certificates.iter().filter(|c| c.kind != Kind::Ca && is_theirs(c));
    // A member and a client may have one name. What is there then tells whose folder it is.
    let is_client = compiled.cluster.member(owner).is_none()
        || leaves().any(|c| c.kind == Kind::Client)
            && has("client.crt")
            && !has("server.crt")
            && !has("peer.crt");

    let mut all = Vec::new();
    let mut need = |file: &str, cause| {
        let there = has(file);
        if !there {
            all.push((file.to_owned(), cause));
        }
        there
    };
    need(tls.trust_file(Side::Clients), Cause::NoFile);
    if tls.has_peer_trust() && !is_client {
        need(tls.trust_file(Side::Peers), Cause::NoFile);
    }
    for leaf in leaves().filter(|c| (c.kind == Kind::Client) == is_client) {
        let file = file_of(compiled, leaf);
        // Where there is no certificate, its key is not missed.
        if need(file, Cause::NoFile) {
            need(&file.replace(".crt", ".key"), Cause::NoFile);
        }
    }
    let member = compiled.cluster.member(owner).filter(|_| is_in_place && !is_client);
    if let Some(member) = member {
        for (name, file) in links(tls, member) {
            need(&name, Cause::NoLink(file));
        }
    }
    if tls.crl && !is_client {
        need(CRL, Cause::NoList);
    }
    all
}
