//! A report as metrics, for the textfile collector of `node_exporter`.

use super::judge::Report;
use super::members::State;
use crate::show::label;
use std::fmt::Write as _;

pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, samples: &[(Vec<(&str, &str)>, i64)]| {
        if samples.is_empty() {
            return;
        }
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in samples {
            let labels: Vec<_> = labels.iter().map(|(name, value)| label(name, value)).collect();
            let _ = writeln!(text, "{name}{{{}}} {value}", labels.join(","));
        }
    };
    let cluster = ("cluster", report.token.as_str());
    gauge(
        "bouquet_cluster_exit_code",
        "The exit code of bouquet status: 0 all is as compiled, 1 something is wrong, 2 other than compiled, 3 too little seen.",
        &[(vec![cluster], i64::from(report.exit.code()))],
    );
    let up = report.rows.iter().map(|row| {
        (vec![cluster, ("member", row.name.as_str())], i64::from(row.state == State::Up))
    });
    gauge(
        "bouquet_member_up",
        "Whether the member answers as one of this cluster.",
        &up.collect::<Vec<_>>(),
    );
    let ends = report.rows.iter().flat_map(|row| {
        let both = [("client", &row.client_certificate), ("peer", &row.peer_certificate)];
        both.into_iter().filter_map(move |(port, served)| {
            let labels = vec![cluster, ("member", row.name.as_str()), ("port", port)];
            Some((labels, served.as_ref()?.not_after))
        })
    });
    gauge(
        "bouquet_served_certificate_not_after_timestamp_seconds",
        "When the certificate that the port shows ceases to be valid, in seconds since 1970.",
        &ends.collect::<Vec<_>>(),
    );
    let findings = ["error", "warning"].map(|severity| {
        let count = report.findings.iter().filter(|f| f.severity.word() == severity).count();
        (vec![cluster, ("severity", severity)], i64::try_from(count).unwrap_or(i64::MAX))
    });
    gauge("bouquet_findings", "How many findings bouquet status has.", &findings);
    text
}
