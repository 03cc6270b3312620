//! How long history is kept, how large it grows.

use super::support::{finds, silent, spec};

#[test]
fn retention_without_a_mode_would_compact_nothing_from_yaml() {
    finds!(spec().etcd("auto-compaction-retention = «\"10h\"»"));
}

#[test]
fn mode_without_a_retention_compacts_nothing() {
    finds!(spec().etcd("auto-compaction-mode = ‹\"periodic\"›"));
}

#[test]
fn retention_by_revisions_is_a_number() {
    finds!(
        spec().etcd("auto-compaction-mode = \"revision\"\nauto-compaction-retention = «\"10h\"»")
    );
}

#[test]
fn retention_by_revisions_is_accepted_as_a_number() {
    silent(&spec().etcd("auto-compaction-mode = \"revision\"\nauto-compaction-retention = 1000"));
}

#[test]
fn retention_whose_nanoseconds_overflow_is_refused() {
    let periodic = "auto-compaction-mode = \"periodic\"\nauto-compaction-retention = ";
    finds!(spec().etcd(&format!("{periodic}«2562048»")));
    let revision = "auto-compaction-mode = \"revision\"\nauto-compaction-retention = ";
    silent(&spec().etcd(&format!("{revision}2562048")));
}

#[test]
fn retention_that_etcd_cannot_divide_is_refused() {
    let periodic = "auto-compaction-mode = \"periodic\"\nauto-compaction-retention = ";
    finds!(spec().etcd(&format!("{periodic}«\"5ns\"»")));
}

#[test]
fn retention_that_is_shorter_than_a_read_is_worth_a_warning() {
    let periodic = "auto-compaction-mode = \"periodic\"\nauto-compaction-retention = ";
    finds!(spec().etcd(&format!("{periodic}‹\"1s\"›")));
    silent(&spec().etcd(&format!("{periodic}\"5m\"")));
    silent(&spec().etcd(&format!("{periodic}\"0\"")));
}

#[test]
fn retention_of_years_is_worth_a_warning() {
    finds!(spec().etcd("auto-compaction-mode = \"periodic\"\nauto-compaction-retention = ‹36000›"));
}

#[test]
fn retention_of_more_revisions_than_are_written_is_worth_a_warning() {
    let mode = "auto-compaction-mode = \"revision\"\nauto-compaction-retention = ";
    finds!(spec().etcd(&format!("{mode}‹1000000000›")));
    silent(&spec().etcd(&format!("{mode}999999999")));
}

#[test]
fn retention_of_a_few_revisions_is_worth_a_warning() {
    finds!(spec().etcd("auto-compaction-mode = \"revision\"\nauto-compaction-retention = ‹10›"));
}

#[test]
fn quota_beyond_what_etcd_advises_is_worth_a_warning() {
    finds!(spec().etcd("quota-backend-bytes = ‹\"16GiB\"›"));
}

#[test]
fn quota_of_one_member_alone_is_refused() {
    let own = |quota: &str| {
        format!("name = \"orange\"\nip = \"10.0.0.2\"\netcd = {{ quota-backend-bytes = {quota} }}")
    };
    finds!(spec().member(1, &own("«1073741824»")));
    silent(&spec().member(1, &own("2147483648")));
    silent(&spec().member(1, &own("0")));
    silent(&spec().etcd("quota-backend-bytes = 4294967296").member(1, &own("\"4GiB\"")));
}
