//! A report for programs.

use super::beside::ClientEnd;
use super::report::{Report, Row, Served};
use crate::show::{instant, json};
use bouquet_model::diagnostic::Diagnostic;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was seen of a cluster.
#[derive(Serialize)]
struct ReportView<'a> {
    /// `initial-cluster-token`.
    token: &'a str,
    /// In hexadecimal; null where it is not known.
    cluster_id: Option<String>,
    /// Null where no member said who has a vote.
    voters: Option<usize>,
    /// Voters that are up and know a leader.
    voters_up: Option<usize>,
    quorum: Option<usize>,
    members: Vec<RowView<'a>>,
    clients: Vec<ClientView<'a>>,
    findings: Vec<FindingView<'a>>,
    /// What could not be asked, and why.
    unasked: &'a [String],
    /// Members and clients that `done` would record.
    unrecorded: Vec<&'a String>,
    exit: u8,
}

#[derive(Serialize)]
struct RowView<'a> {
    name: &'a str,
    id: Option<String>,
    compiled: bool,
    listed: bool,
    state: &'static str,
    reason: Option<&'a str>,
    /// How long its answer took, in milliseconds.
    took: Option<u128>,
    role: Option<&'static str>,
    version: Option<&'a str>,
    applied: Option<u64>,
    revision: Option<i64>,
    /// In bytes.
    db_size: Option<u64>,
    quota: Option<u64>,
    client_certificate: Option<ServedView<'a>>,
    peer_certificate: Option<ServedView<'a>>,
    /// Whether it has a connection to each of its peers.
    mesh: BTreeMap<&'a str, bool>,
    /// Its clock less that of this machine, in seconds.
    clock_offset: Option<i64>,
}

#[derive(Serialize)]
struct ServedView<'a> {
    serial: &'a str,
    not_after: String,
    validity: crate::expiry::Validity,
    difference: Option<&'static str>,
}

#[derive(Serialize)]
struct ClientView<'a> {
    name: &'a str,
    not_after: String,
    /// A later one was issued, and is not recorded as installed.
    renewed: bool,
}

#[derive(Serialize)]
struct FindingView<'a> {
    severity: &'static str,
    message: &'a str,
    notes: &'a [String],
    help: &'a [String],
}

pub(super) fn text(report: &Report) -> String {
    let hexadecimal = |id: u64| format!("{id:x}");
    json(&ReportView {
        token: &report.token,
        cluster_id: report.id.map(hexadecimal),
        voters: report.votes.map(|votes| votes.voters),
        voters_up: report.votes.map(|votes| votes.up),
        quorum: report.votes.map(|votes| votes.quorum),
        members: report.rows.iter().map(row).collect(),
        clients: report.clients.iter().map(client).collect(),
        findings: report.findings.iter().map(finding).collect(),
        unasked: &report.unasked,
        // What `done` records, it records of both.
        unrecorded: report.unrecorded.iter().chain(&report.leaving).collect(),
        exit: report.exit.code(),
    })
}

fn row(row: &Row) -> RowView<'_> {
    RowView {
        name: &row.name,
        id: row.id.map(|id| format!("{id:x}")),
        compiled: row.is_compiled,
        listed: row.is_listed,
        state: row.state.as_str(),
        reason: row.reason.as_deref(),
        took: row.took.map(|took| took.as_millis()),
        role: row.role.map(super::report::Role::as_str),
        version: row.version.as_deref(),
        applied: row.applied,
        revision: row.revision,
        db_size: row.db_size,
        quota: row.quota,
        client_certificate: row.client_certificate.as_ref().map(served),
        peer_certificate: row.peer_certificate.as_ref().map(served),
        mesh: row.mesh.iter().map(|(name, is_active)| (name.as_str(), *is_active)).collect(),
        clock_offset: row.clock,
    }
}

fn served(served: &Served) -> ServedView<'_> {
    ServedView {
        serial: &served.serial,
        not_after: instant(served.not_after),
        validity: served.validity,
        difference: served.differs.map(super::report::Differs::as_str),
    }
}

fn client(client: &ClientEnd) -> ClientView<'_> {
    let not_after = instant(client.not_after);
    ClientView { name: &client.name, not_after, renewed: client.is_renewed }
}

fn finding(finding: &Diagnostic) -> FindingView<'_> {
    FindingView {
        severity: finding.severity.word(),
        message: &finding.message,
        notes: &finding.notes,
        help: &finding.help,
    }
}
