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
fn quota_beyond_what_etcd_advises_is_worth_a_warning() {
    finds!(spec().etcd("quota-backend-bytes = ‹\"16GiB\"›"));
}
