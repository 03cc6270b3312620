//! `[etcd]`: names and values of single options, and options that contradict each other.

use super::support::{finds, silent, spec};

#[test]
fn unknown_option_gets_the_nearest_name() {
    finds!(spec().etcd("«hartbeat-interval» = 100"));
}

#[test]
fn unknown_option_like_no_other_is_told_how_options_are_written() {
    finds!(spec().etcd("«turbo» = true"));
}

#[test]
fn option_as_an_environment_variable_is_corrected() {
    finds!(spec().etcd("«ETCD_HEARTBEAT_INTERVAL» = 100"));
}

#[test]
fn option_with_its_dashes_is_corrected() {
    finds!(spec().etcd("«--heartbeat-interval» = 100"));
}

#[test]
fn derived_options_say_where_they_come_from() {
    finds!(spec().etcd(
        "«name» = \"pink\"\n«initial-cluster» = \"pink=https://10.0.0.1:2380\"\n\
         «listen-client-urls» = [\"https://0.0.0.0:2379\"]\n«cert-file» = \"/server.crt\"\n\
         «client-cert-auth» = true\n«initial-cluster-token» = \"x\""
    ));
}

#[test]
fn derived_option_of_one_member_says_where_it_comes_from() {
    finds!(spec().member(
        0,
        "name = \"pink\"\nip = \"10.0.0.1\"\n[member.etcd]\n«advertise-client-urls» = [\"http://0.0.0.0:2379\"]"
    ));
}

#[test]
fn options_that_a_described_cluster_has_no_place_for_say_why() {
    finds!(spec().etcd(
        "«force-new-cluster» = true\n«auto-tls» = true\n«discovery-srv» = \"example\"\n\
         «config-file» = \"/etc/etcd.yml\"\n«proxy» = \"on\""
    ));
}

#[test]
fn value_of_another_type_is_shown_as_it_must_be() {
    finds!(spec().etcd(
        "heartbeat-interval = «\"100ms\"»\npre-vote = «\"yes\"»\ngrpc-keepalive-interval = «7200»\n\
         log-outputs = «\"stderr\"»\nquota-backend-bytes = «8.5»\nlogger = «{}»\n\
         cipher-suites = [«1»]\nauto-compaction-retention = «1979-05-27»"
    ));
}

#[test]
fn time_in_days_is_not_a_duration() {
    finds!(
        spec().etcd("auto-compaction-mode = \"periodic\"\nauto-compaction-retention = «\"1d\"»")
    );
}

#[test]
fn size_that_may_be_two_sizes_is_refused() {
    finds!(spec().etcd("quota-backend-bytes = «\"8GB\"»"));
}

#[test]
fn relative_paths_are_refused() {
    finds!(
        spec()
            .etcd("data-dir = «\"data\"»\nwal-dir = «\"./wal\"»")
            .tls("certs-dir = «\"certs\"»")
            .clients("[[client]]\nname = \"root\"\ncerts-dir = «\"~/certs\"»")
    );
}

#[test]
fn raft_timeouts_below_five_seconds_are_not_what_etcd_would_use() {
    finds!(
        spec()
            .cluster("token = \"t\"\netcd = \"3.5.30\"\nformats = [\"command\"]")
            .etcd("raft-read-timeout = «\"1s\"»\nraft-write-timeout = «\"4999ms\"»")
    );
}

#[test]
fn word_that_an_option_does_not_know_is_refused() {
    finds!(spec().etcd("log-level = «\"verbose\"»\nmetrics = «\"all\"»"));
}

#[test]
fn control_character_in_a_value_is_refused() {
    finds!(spec().etcd("experimental-distributed-tracing-service-name = «\"a\\nb\"»"));
}

#[test]
fn values_that_are_regretted_are_worth_a_warning() {
    finds!(spec().etcd("strict-reconfig-check = ‹false›\nunsafe-no-fsync = ‹true›"));
}

#[test]
fn option_that_all_share_is_reported_once() {
    finds!(spec().etcd("unsafe-no-fsync = ‹true›"));
}

#[test]
fn option_of_one_member_is_reported_there() {
    finds!(
        spec()
            .etcd("unsafe-no-fsync = false")
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\netcd = { unsafe-no-fsync = ‹true› }")
    );
}

#[test]
fn old_and_new_name_together_are_refused() {
    finds!(
        spec()
            .version("3.6.14")
            .etcd("‹experimental-corrupt-check-time› = «\"1h\"»\ncorrupt-check-time = \"1h\"")
    );
}

#[test]
fn option_and_its_gate_together_are_refused() {
    finds!(spec().version("3.6.14").etcd(
        "‹experimental-initial-corrupt-check› = «true»\nfeature-gates = [\"InitialCorruptCheck=true\"]"
    ));
}

#[test]
fn gate_that_etcd_does_not_have_is_refused() {
    finds!(spec().version("3.6.14").etcd("feature-gates = [«\"InitialCorruption=true\"»]"));
}

#[test]
fn gate_of_a_later_version_says_when_it_came() {
    finds!(spec().version("3.6.14").etcd("feature-gates = [«\"FastLeaseKeepAlive=true\"»]"));
}

#[test]
fn gate_given_on_and_off_is_refused() {
    finds!(
        spec()
            .version("3.6.14")
            .etcd("feature-gates = [\"CompactHashCheck=true\", «\"CompactHashCheck=false\"»]")
    );
}

#[test]
fn storing_lease_checkpoints_needs_lease_checkpoints() {
    finds!(spec().etcd("experimental-enable-lease-checkpoint-persist = «true»"));
}

#[test]
fn storing_lease_checkpoints_by_gate_needs_the_other_gate() {
    finds!(spec().version("3.6.14").etcd("feature-gates = [«\"LeaseCheckpointPersist=true\"»]"));
}

#[test]
fn storing_lease_checkpoints_is_accepted_with_lease_checkpoints() {
    silent(&spec().etcd(
        "experimental-enable-lease-checkpoint = true\nexperimental-enable-lease-checkpoint-persist = true",
    ));
    silent(
        &spec()
            .version("3.6.14")
            .etcd("feature-gates = [\"LeaseCheckpoint=true\", \"LeaseCheckpointPersist=true\"]"),
    );
}

#[test]
fn unknown_keys_get_the_nearest_name() {
    finds!(
        spec()
            .cluster("token = \"t\"\netcd = \"3.5\"\n«stat» = \"new\"")
            .tls("«certs_dir» = \"/c\"\n«heartbeat-interval» = 100")
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\n«adress» = \"10.0.0.1\"")
    );
}

#[test]
fn items_of_a_list_are_each_found_at_their_place() {
    finds!(spec().version("3.6.14").etcd(
        "cors = [«\"*\"», «\"https://a\"», \"https://a.example:443\"]\n\
         feature-gates = [\"CompactHashCheck=true\", «\"Nope=true\"», «\"CompactHashCheck=maybe\"»]\n\
         log-outputs = [\"stderr\", «\"nowhere\"», «\"stderr\"»]\n\
         listen-metrics-urls = [\"https://127.0.0.1:2381\", «\"ftp://127.0.0.1:1\"»]"
    ));
}

#[test]
fn an_item_that_is_no_text_is_found_at_its_place() {
    finds!(
        spec().etcd("cipher-suites = [\"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\", «1301», true]")
    );
}

#[test]
fn items_that_do_not_fit_others_are_found_at_their_place() {
    finds!(spec().version("3.6.14").etcd(
        "feature-gates = [«\"LeaseCheckpointPersist=true\"», \"CompactHashCheck=true\"]\n\
             cipher-suites = [\"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\", «\"TLS_NOPE\"»]"
    ));
}
