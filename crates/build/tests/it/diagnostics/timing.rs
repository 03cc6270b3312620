//! Heartbeats and elections.

use super::support::{finds, silent, spec};

#[test]
fn election_timeout_below_five_heartbeats_is_refused() {
    finds!(spec().etcd("heartbeat-interval = 300\nelection-timeout = «1000»"));
}

#[test]
fn heartbeat_alone_is_measured_against_the_default_timeout() {
    finds!(spec().etcd("heartbeat-interval = «300»"));
}

#[test]
fn election_timeout_alone_is_measured_against_the_default_heartbeat() {
    finds!(spec().etcd("election-timeout = «400»"));
}

#[test]
fn election_timeout_beyond_etcds_limit_is_refused() {
    finds!(spec().etcd("election-timeout = «50001»"));
}

#[test]
fn election_timeout_of_exactly_five_heartbeats_is_accepted() {
    silent(&spec().etcd("heartbeat-interval = 10000\nelection-timeout = 50000"));
}

#[test]
fn timing_that_differs_between_members_is_refused() {
    finds!(
        spec().etcd("election-timeout = 2000").member(
            1,
            "name = \"orange\"\nip = \"10.0.0.2\"\netcd = { election-timeout = «3000» }"
        )
    );
}
