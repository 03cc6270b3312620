//! Certificates as metrics, in the text format of Prometheus.

use super::listed::Entry;
use crate::show::label;
use bouquet_model::certificate::Certificate;
use std::fmt::Write as _;

/// Returns every metric with a sample for each certificate.
pub(super) fn metrics(cluster: &str, entries: &[Entry<'_>]) -> String {
    let mut text = String::new();
    let mut metric = |name: &str, help: &str, value: &dyn Fn(&Entry<'_>) -> Option<i64>| {
        let values: Vec<_> = entries.iter().filter_map(|e| Some((e, value(e)?))).collect();
        if values.is_empty() {
            return;
        }
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (entry, value) in values {
            let _ = writeln!(text, "{name}{{{}}} {value}", labels(cluster, entry));
        }
    };
    metric(
        "bouquet_certificate_not_before_timestamp_seconds",
        "When the certificate begins to be valid, in seconds since 1970.",
        &|entry| Some(entry.certificate.not_before),
    );
    metric(
        "bouquet_certificate_not_after_timestamp_seconds",
        "When the certificate expires, in seconds since 1970.",
        &|entry| Some(entry.certificate.not_after),
    );
    metric(
        "bouquet_certificate_differs",
        "Whether the certificate in the file is another than the build's.",
        &|entry| entry.file.as_ref().map(|_| i64::from(entry.difference.is_some())),
    );
    text
}

/// Returns a certificate's labels; `file` is there for one that was read from a file.
fn labels(cluster: &str, entry: &Entry<'_>) -> String {
    let Certificate { kind, owner, common_name, serial, .. } = &*entry.certificate;
    let file = entry.file.as_ref().map(|file| file.display().to_string());
    let labels = [
        ("cluster", Some(cluster)),
        ("kind", Some(kind.as_str())),
        ("owner", Some(owner.as_deref().unwrap_or_default())),
        ("common_name", Some(common_name)),
        ("serial", Some(serial)),
        ("file", file.as_deref()),
    ];
    let label = |(name, value): (&str, Option<&str>)| Some(label(name, value?));
    labels.into_iter().filter_map(label).collect::<Vec<_>>().join(",")
}
