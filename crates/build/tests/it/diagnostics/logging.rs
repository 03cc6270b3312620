//! Logs.

use super::support::{finds, silent, spec};

#[test]
fn rotation_needs_a_file() {
    finds!(spec().etcd("enable-log-rotation = «true»"));
}

#[test]
fn rotation_needs_one_file_alone() {
    finds!(spec().etcd("enable-log-rotation = «true»\nlog-outputs = [\"/a.log\", \"/b.log\"]"));
}

#[test]
fn rotation_of_one_file_is_accepted() {
    silent(&spec().etcd("enable-log-rotation = true\nlog-outputs = [\"/var/log/etcd/etcd.log\"]"));
}

#[test]
fn default_output_stands_alone() {
    finds!(spec().etcd("log-outputs = [«\"default\"», \"/var/log/etcd.log\"]"));
}

#[test]
fn relative_log_file_is_refused() {
    finds!(spec().etcd("log-outputs = [«\"etcd.log\"»]"));
}

#[test]
fn capnslog_writes_to_one_output() {
    finds!(
        spec()
            .version("3.4.45")
            .etcd("logger = \"capnslog\"\nlog-outputs = «[\"stderr\", \"stdout\"]»")
    );
}

#[test]
fn capnslog_is_the_logger_of_3_4_where_none_is_named() {
    finds!(spec().version("3.4.45").etcd("log-outputs = [«\"/var/log/etcd.log\"»]"));
}

#[test]
fn capnslog_writes_to_no_file() {
    finds!(
        spec()
            .version("3.4.45")
            .etcd("logger = \"capnslog\"\nlog-outputs = [«\"systemd/journal\"»]")
    );
}

#[test]
fn rotation_that_is_described_and_not_enabled_is_worth_a_warning() {
    finds!(spec().etcd("log-rotation-config-json = ‹'{\"maxsize\": 10}'›"));
}

#[test]
fn capnslog_writes_to_stderr() {
    silent(&spec().version("3.4.45").etcd("log-outputs = [\"stderr\"]"));
}
