//! Logs.

use super::support::{finds, silent, spec};

#[test]
fn rotation_needs_a_file() {
    finds!(spec().etcd("enable-log-rotation = «true»"));
}

#[test]
fn rotation_needs_one_file_alone() {
    finds!(spec().etcd(
        "enable-log-rotation = «true»\nlog-outputs = [\"/var/log/a.log\", \"/var/log/b.log\"]"
    ));
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

#[test]
fn path_of_a_log_that_is_read_as_a_url_is_refused() {
    for path in ["/var/log/a?b.log", "/var/log/a#b.log", "/var/log/a%20b.log", "/var/log/a%zz.log"]
    {
        for version in ["3.4.45", "3.5.33"] {
            let log = format!("logger = \"zap\"\nlog-outputs = [«\"{path}\"»]");
            let said = super::support::findings(&spec().version(version).etcd(&log));
            assert!(said.contains("as a URL"), "{said}");
        }
        silent(&spec().version("3.6.16").etcd(&format!("log-outputs = [\"{path}\"]")));
    }
}

#[test]
fn path_of_a_log_that_is_rotated_is_a_url_in_every_version() {
    finds!(
        spec()
            .version("3.6.16")
            .etcd("enable-log-rotation = true\nlog-outputs = [«\"/var/log/a?b.log\"»]")
    );
}

#[test]
fn folder_is_no_log() {
    finds!(spec().version("3.6.16").etcd("log-outputs = [«\"/var/log/etcd/\"»]"));
}

#[test]
fn rotation_that_etcd_dies_of_is_refused() {
    for (json, why) in [
        ("{}", "holds nothing"),
        (r#"{"max-size": 10}"#, "did you mean `maxsize`?"),
        (r#"{"maxsize": "100"}"#, "takes an integer"),
        (r#"{"maxsize": 1.5}"#, "takes an integer"),
        (r#"{"maxsize": -1}"#, "at least 0"),
        (r#"{"localtime": 1}"#, "true or false"),
        ("maxsize: 10", "not an object of JSON"),
    ] {
        let lines = format!(
            "enable-log-rotation = true\nlog-outputs = [\"/var/log/etcd.log\"]\n\
             log-rotation-config-json = «'{json}'»"
        );
        let said = super::support::findings(&spec().etcd(&lines));
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn level_of_a_package_that_capnslog_does_not_know_is_refused() {
    finds!(spec().version("3.4.45").etcd("‹log-package-levels› = «\"etcdserver=debug\"»"));
}
