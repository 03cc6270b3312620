//! `prometheus.yml`, `etcd.rules.yml`: what Prometheus asks of the members, and when it raises an alert.

use super::connection::{Files, addresses, quoted};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster, Member};
use crate::option::Value;
use crate::quorum::quorum;

pub(super) static SCRAPE: ClientFile = ClientFile {
    file: "prometheus.yml",
    about: "what Prometheus asks of the members: a scrape configuration",
    whom: Whom::Programs(&["prometheus"]),
    secures: false,
    leads: true,
    render: scrape,
};

pub(super) static RULES: ClientFile = ClientFile {
    file: "etcd.rules.yml",
    about: "Prometheus' alerts for etcd, its certificates and its snapshots",
    whom: Whom::Programs(&["prometheus"]),
    secures: false,
    leads: false,
    render: rules,
};

/// Renders `<scrape_config>` of Prometheus' `docs/configuration/configuration.md`; each file of
/// `scrape_config_files` has the key at its top as well.
fn scrape(cluster: &Cluster, client: &Client) -> String {
    let head = header(
        "a part of prometheus.yml, or a file of its `scrape_config_files` (from 2.43 on)\n\
         # The account of Prometheus reads these files.",
    );
    let mut yaml = Yaml::below(head)
        .block("scrape_configs")
        .item()
        .text("job_name", &job(cluster))
        .text("scheme", cluster.scheme().as_str());
    if let Some(files) = Files::of(cluster, client) {
        yaml = yaml.block("tls_config").files(["ca_file", "cert_file", "key_file"], &files).out();
    }
    yaml = yaml.block("static_configs");
    for (member, address) in cluster.members.iter().zip(addresses(cluster)) {
        yaml = yaml
            .item()
            .list("targets", &[address])
            .block("labels")
            .text("cluster", &cluster.token)
            .text("member", member.name.as_str())
            .out()
            .out();
    }
    yaml.end()
}

/// Names a job as the dashboards and alerts of others look for it, by `.*etcd.*` (etcd, `contrib/mixin/config.libsonnet`), and
/// as no other cluster of another token does.
fn job(cluster: &Cluster) -> String {
    format!("etcd/{}", cluster.token)
}

/// An alert. `CLUSTER` stands for the label that all its metrics have.
struct Alert {
    name: &'static str,
    when: When,
    /// All but the limit that it is compared with.
    compared: &'static str,
    levels: &'static [Level],
    /// What is the matter, and what to do. `PROGRAM` stands for the name of the cluster's.
    summary: &'static str,
}

/// A limit, how long it has to be passed, and how bad that is.
type Level = (&'static str, &'static str, &'static str);

/// Says where an alert makes sense.
#[derive(PartialEq, Eq)]
enum When {
    Always,
    /// All members have `metrics = "extensive"`.
    Extensive,
    Tls,
}

const WARNING: &str = "warning";
const CRITICAL: &str = "critical";

/// The names and limits are those of etcd's own alerts (etcd, `contrib/mixin/alerts/alerts.libsonnet`), which are known
/// to those who are paged; the last six are about what this program makes and tells.
const ALERTS: &[Alert] = &[
    Alert {
        name: "etcdMembersDown",
        when: When::Always,
        compared: "up{CLUSTER, member!=\"\"} ==",
        levels: &[("0", "3m", WARNING)],
        summary: "etcd {{ $labels.member }} is not reached: PROGRAM status",
    },
    Alert {
        name: "etcdInsufficientMembers",
        when: When::Always,
        compared: "(sum(up{CLUSTER, member!=\"\"}) or vector(0)) <",
        levels: &[("QUORUM", "3m", CRITICAL)],
        summary: "fewer members of etcd are reached than the quorum, QUORUM: PROGRAM status, and docs/on-fire.md",
    },
    Alert {
        name: "etcdNoLeader",
        when: When::Always,
        compared: "etcd_server_has_leader{CLUSTER} ==",
        levels: &[("0", "1m", CRITICAL)],
        summary: "etcd {{ $labels.member }} has no leader: PROGRAM status",
    },
    Alert {
        name: "etcdHighNumberOfLeaderChanges",
        when: When::Always,
        compared: "max by (cluster) (increase(etcd_server_leader_changes_seen_total{CLUSTER}[15m])) >=",
        levels: &[("4", "5m", WARNING)],
        summary: "another etcd led {{ $value | humanize }} times in 15 minutes: look at disks and the network",
    },
    Alert {
        name: "etcdHighNumberOfFailedGRPCRequests",
        when: When::Always,
        compared: "100 * sum by (cluster, member, grpc_service, grpc_method) (rate(grpc_server_handled_total{CLUSTER, \
         grpc_code=~\"Unknown|FailedPrecondition|ResourceExhausted|Internal|Unavailable|DataLoss|DeadlineExceeded\"}[5m])) \
         / sum by (cluster, member, grpc_service, grpc_method) (rate(grpc_server_handled_total{CLUSTER}[5m])) >",
        levels: &[("1", "10m", WARNING), ("5", "5m", CRITICAL)],
        summary: "etcd {{ $labels.member }} failed {{ $value | humanize }} % of its calls of {{ $labels.grpc_method }}",
    },
    Alert {
        name: "etcdGRPCRequestsSlow",
        when: When::Extensive,
        compared: "histogram_quantile(0.99, sum by (cluster, member, grpc_service, grpc_method, le) \
         (rate(grpc_server_handling_seconds_bucket{CLUSTER, grpc_method!=\"Defragment\", grpc_type=\"unary\"}[5m]))) >",
        levels: &[("0.15", "10m", CRITICAL)],
        summary: "one in a hundred calls of {{ $labels.grpc_method }} takes etcd {{ $labels.member }} {{ $value | humanizeDuration }}",
    },
    Alert {
        name: "etcdMemberCommunicationSlow",
        when: When::Always,
        compared: "histogram_quantile(0.99, rate(etcd_network_peer_round_trip_time_seconds_bucket{CLUSTER}[5m])) >",
        levels: &[("0.15", "10m", WARNING)],
        summary: "etcd {{ $labels.member }} waits {{ $value | humanizeDuration }} for {{ $labels.To }}: look at the network",
    },
    Alert {
        name: "etcdHighNumberOfFailedProposals",
        when: When::Always,
        compared: "rate(etcd_server_proposals_failed_total{CLUSTER}[15m]) >",
        levels: &[("5", "15m", WARNING)],
        summary: "etcd {{ $labels.member }} fails {{ $value | humanize }} writes a second: PROGRAM status",
    },
    Alert {
        name: "etcdHighFsyncDurations",
        when: When::Always,
        compared: "histogram_quantile(0.99, rate(etcd_disk_wal_fsync_duration_seconds_bucket{CLUSTER}[5m])) >",
        levels: &[("0.5", "10m", WARNING), ("1", "10m", CRITICAL)],
        summary: "the disk of etcd {{ $labels.member }} takes {{ $value | humanizeDuration }} to sync",
    },
    Alert {
        name: "etcdHighCommitDurations",
        when: When::Always,
        compared: "histogram_quantile(0.99, rate(etcd_disk_backend_commit_duration_seconds_bucket{CLUSTER}[5m])) >",
        levels: &[("0.25", "10m", WARNING)],
        summary: "etcd {{ $labels.member }} takes {{ $value | humanizeDuration }} to write its database: look at its disk",
    },
    Alert {
        name: "etcdDatabaseQuotaLowSpace",
        when: When::Always,
        compared: "100 * etcd_mvcc_db_total_size_in_bytes{CLUSTER} / etcd_server_quota_backend_bytes{CLUSTER} >",
        levels: &[("95", "10m", CRITICAL)],
        summary: "the database of etcd {{ $labels.member }} is {{ $value | humanize }} % full, and writes end at 100: PROGRAM plan",
    },
    Alert {
        name: "etcdExcessiveDatabaseGrowth",
        when: When::Always,
        compared: "predict_linear(etcd_mvcc_db_total_size_in_bytes{CLUSTER}[4h], 4 * 3600) > (etcd_server_quota_backend_bytes{CLUSTER} >",
        levels: &[("0)", "10m", WARNING)],
        summary: "the database of etcd {{ $labels.member }} is full within four hours, if it goes on like this",
    },
    Alert {
        name: "etcdDatabaseHighFragmentationRatio",
        when: When::Always,
        compared: "etcd_mvcc_db_total_size_in_use_in_bytes{CLUSTER} / etcd_mvcc_db_total_size_in_bytes{CLUSTER} < 0.5 \
         and etcd_mvcc_db_total_size_in_use_in_bytes{CLUSTER} >",
        levels: &[("104857600", "10m", WARNING)],
        summary: "etcd {{ $labels.member }} uses {{ $value | humanizePercentage }} of its database's file: defragment it",
    },
    Alert {
        name: "EtcdCertificateExpires",
        when: When::Tls,
        compared: "bouquet_certificate_not_after_timestamp_seconds{CLUSTER, kind!=\"ca\"} - time() <",
        levels: &[("RENEW", "1h", WARNING), ("URGENT", "5m", CRITICAL)],
        summary: "the {{ $labels.kind }} certificate {{ $labels.common_name }} has {{ $value | humanizeDuration }} left: \
         build, and PROGRAM apply",
    },
    Alert {
        name: "EtcdCaExpires",
        when: When::Tls,
        compared: "bouquet_certificate_not_after_timestamp_seconds{CLUSTER, kind=\"ca\"} - time() <",
        levels: &[("YEAR", "1h", WARNING), ("RENEW", "1h", CRITICAL)],
        summary: "the CA {{ $labels.common_name }} has {{ $value | humanizeDuration }} left: change over to another, \
                  docs/certificates.md",
    },
    Alert {
        name: "EtcdCertificateNotRolledOut",
        when: When::Tls,
        compared: "bouquet_certificate_differs{CLUSTER} ==",
        levels: &[("1", "1h", WARNING)],
        summary: "{{ $labels.file }} on {{ $labels.instance }} is not that of the build: PROGRAM apply",
    },
    Alert {
        name: "EtcdSnapshotOld",
        when: When::Always,
        compared: "time() - bouquet_snapshot_timestamp_seconds{CLUSTER} >",
        levels: &[("26 * 3600", "1h", WARNING)],
        summary: "the last snapshot is {{ $value | humanizeDuration }} old: systemctl status etcd-snapshot",
    },
    Alert {
        name: "EtcdStatusFailing",
        when: When::Always,
        compared: "bouquet_cluster_exit_code{CLUSTER} == 3 or bouquet_cluster_exit_code{CLUSTER} ==",
        levels: &[("1", "10m", WARNING)],
        summary: "PROGRAM status on {{ $labels.instance }} ends with {{ $value }}: PROGRAM status",
    },
    Alert {
        name: "EtcdStatusOld",
        when: When::Always,
        compared: "time() - bouquet_status_timestamp_seconds{CLUSTER} >",
        levels: &[("2 * 3600", "10m", WARNING)],
        summary: "PROGRAM status on {{ $labels.instance }} looked {{ $value | humanizeDuration }} ago: look at its timer",
    },
];

/// Certificates that run out within this are urgent, in seconds.
const URGENT: u64 = 7 * 86_400;

/// A CA that runs out within this is to be changed: that takes three roll-outs.
const YEAR: u64 = 365 * 86_400;

/// Renders rules as in Prometheus' `docs/configuration/alerting_rules.md`.
fn rules(cluster: &Cluster, _: &Client) -> String {
    let program = &cluster.program;
    let head = header(&format!(
        "a file of `rule_files` in prometheus.yml\n\
         # Those of certificates, snapshots and the status are about metrics that `{program} certs --prometheus`,\n\
         # `{program} snapshot --textfile` and `{program} status --textfile` leave for node_exporter."
    ));
    let label = format!("cluster={}", quoted(&cluster.token));
    let quorum = quorum(cluster.members.len()).to_string();
    let renew = cluster.tls.as_ref().map_or(0, |tls| tls.renew_before.as_secs());
    let urgent = URGENT.min(renew / 2).to_string();
    let year = YEAR.min(cluster.tls.as_ref().map_or(0, |tls| tls.ca_valid_for.as_secs()) / 3);
    let year = year.to_string();
    // A label of an alert is a template.
    let token = cluster.token.replace("{{", "{{ `{{` }}");
    let filled = |text: &str| {
        let text = text.replace("QUORUM", &quorum).replace("RENEW", &renew.to_string());
        text.replace("URGENT", &urgent).replace("YEAR", &year).replace("CLUSTER", &label)
    };
    let is_extensive = |member: &Member| {
        let value = member.option("metrics");
        matches!(value, Some(Value::Text(text)) if text == "extensive")
    };
    let applies = |alert: &&Alert| match alert.when {
        When::Always => true,
        When::Extensive => cluster.members.iter().all(is_extensive),
        When::Tls => cluster.tls.is_some(),
    };
    let mut yaml =
        Yaml::below(head).block("groups").item().text("name", &job(cluster)).block("rules");
    for Alert { name, compared, levels, summary, .. } in ALERTS.iter().filter(applies) {
        for (limit, lasts, severity) in *levels {
            yaml = yaml
                .item()
                .word("alert", name)
                .text("expr", &filled(&format!("{compared} {limit}")))
                .word("for", lasts)
                .block("labels")
                .text("cluster", &token)
                .word("severity", severity)
                .out()
                .block("annotations")
                .text("summary", &filled(summary).replace("PROGRAM", program))
                .out()
                .out();
        }
    }
    yaml.end()
}
