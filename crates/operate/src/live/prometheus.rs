//! A report as metrics, for the textfile collector of `node_exporter`.

use super::members::State;
use super::report::{Report, Role, Row};
use crate::show::label;
use std::fmt::Write as _;

pub(super) fn text(report: &Report, now: i64) -> String {
    of_cluster(report, now) + &of_members(report) + &of_certificates(report)
}

/// A value, with its labels.
type Sample<'a> = (Vec<(&'a str, &'a str)>, i64);

/// Writes a metric with all its samples; nothing where there is none.
fn gauge(name: &str, help: &str, samples: &[Sample<'_>]) -> String {
    if samples.is_empty() {
        return String::new();
    }
    let mut text = format!("# HELP {name} {help}\n# TYPE {name} gauge\n");
    for (labels, value) in samples {
        let labels: Vec<_> = labels.iter().map(|(name, value)| label(name, value)).collect();
        let _ = writeln!(text, "{name}{{{}}} {value}", labels.join(","));
    }
    text
}

fn of_cluster(report: &Report, now: i64) -> String {
    let cluster = ("cluster", report.token.as_str());
    let mut text = gauge(
        "bouquet_cluster_exit_code",
        "The exit code of `status`: 0 all is as compiled, 1 something is wrong, 2 other than compiled, 3 too little seen.",
        &[(vec![cluster], i64::from(report.exit.code()))],
    );
    text += &gauge(
        "bouquet_status_timestamp_seconds",
        "When `status` looked, in seconds since 1970.",
        &[(vec![cluster], now)],
    );
    if let Some(votes) = report.votes {
        let count = |count: usize| [(vec![cluster], number(count))];
        text += &gauge("bouquet_cluster_voters", "Members with a vote.", &count(votes.voters));
        text += &gauge(
            "bouquet_cluster_voters_up",
            "Members with a vote that answer and know a leader.",
            &count(votes.up),
        );
        text += &gauge(
            "bouquet_cluster_quorum",
            "How many voters it takes to write.",
            &count(votes.quorum),
        );
    }
    let findings = ["error", "warning"].map(|severity| {
        let count = report.findings.iter().filter(|f| f.severity.word() == severity).count();
        (vec![cluster, ("severity", severity)], number(count))
    });
    text + &gauge("bouquet_findings", "How many findings `status` has.", &findings)
}

fn of_members(report: &Report) -> String {
    let cluster = ("cluster", report.token.as_str());
    let mut text = String::new();
    let mut members = |name: &str, help: &str, value: &dyn Fn(&Row) -> Option<i64>| {
        let samples = report
            .rows
            .iter()
            .filter_map(|row| Some((vec![cluster, ("member", row.name.as_str())], value(row)?)));
        text += &gauge(name, help, &samples.collect::<Vec<_>>());
    };
    members("bouquet_member_up", "Whether the member answers as one of this cluster.", &|row| {
        Some(i64::from(row.state == State::Up))
    });
    members("bouquet_member_leader", "Whether the member leads.", &|row| {
        row.role.map(|role| i64::from(role == Role::Leader))
    });
    members("bouquet_member_db_size_bytes", "The size of the member's database.", &|row| {
        row.db_size.map(number)
    });
    members(
        "bouquet_member_quota_bytes",
        "The most that the member's database may have.",
        &|row| row.quota.map(number),
    );
    members(
        "bouquet_member_applied_index",
        "How much of the log the member has applied.",
        &|row| row.applied.map(number),
    );
    members(
        "bouquet_member_clock_offset_seconds",
        "The member's clock less that of the machine that asked, to a second.",
        &|row| row.clock,
    );
    let mesh = report.rows.iter().flat_map(|row| {
        row.mesh.iter().map(move |(peer, is_active)| {
            let labels = vec![cluster, ("member", row.name.as_str()), ("peer", peer.as_str())];
            (labels, i64::from(*is_active))
        })
    });
    text + &gauge(
        "bouquet_peer_connected",
        "Whether the member has a connection to that peer.",
        &mesh.collect::<Vec<_>>(),
    )
}

fn of_certificates(report: &Report) -> String {
    let cluster = ("cluster", report.token.as_str());
    let ends = report.rows.iter().flat_map(|row| {
        let both = [("client", &row.client_certificate), ("peer", &row.peer_certificate)];
        both.into_iter().filter_map(move |(port, served)| {
            let labels = vec![cluster, ("member", row.name.as_str()), ("port", port)];
            Some((labels, served.as_ref()?.not_after))
        })
    });
    let served = gauge(
        "bouquet_served_certificate_not_after_timestamp_seconds",
        "When the certificate that the port shows expires, in seconds since 1970.",
        &ends.collect::<Vec<_>>(),
    );
    let clients = report
        .clients
        .iter()
        .map(|client| (vec![cluster, ("client", client.name.as_str())], client.not_after));
    served
        + &gauge(
            "bouquet_client_certificate_not_after_timestamp_seconds",
            "When the certificate that a client is recorded to have expires, in seconds since 1970.",
            &clients.collect::<Vec<_>>(),
        )
}

fn number(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
