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
fn number_in_another_unit_gets_the_likely_one() {
    finds!(spec().etcd(
        "quota-backend-bytes = «8»\nmax-request-bytes = «10»\nelection-timeout = «1»\n\
         heartbeat-interval = ‹1›"
    ));
}

#[test]
fn number_that_is_probably_in_another_unit_is_worth_a_warning() {
    finds!(spec().etcd(
        "quota-backend-bytes = ‹\"8MiB\"›\nmax-request-bytes = ‹1536›\nelection-timeout = ‹10›\n\
         heartbeat-interval = ‹2›"
    ));
}

#[test]
fn numbers_that_etcd_reads_as_others_are_refused() {
    finds!(spec().etcd(
        "max-txn-ops = «0»\nsnapshot-count = «0»\nmax-concurrent-streams = «0»\n\
         grpc-keepalive-min-time = «\"0s\"»\ngrpc-keepalive-interval = «\"1ns\"»\n\
         grpc-keepalive-timeout = «\"0s\"»\nbcrypt-cost = «3»\nauth-token-ttl = «9223372037»\n\
         experimental-watch-progress-notify-interval = «\"99ms\"»\n\
         experimental-snapshot-catchup-entries = «0»"
    ));
}

#[test]
fn numbers_beyond_the_arithmetic_of_etcd_are_refused() {
    finds!(spec().etcd(
        "quota-backend-bytes = «\"200TiB\"»\nmax-request-bytes = «9223372036854775807»\n\
         max-concurrent-streams = «4294967296»\n\
         experimental-bootstrap-defrag-threshold-megabytes = «17592186044416»\n\
         experimental-distributed-tracing-sampling-rate = «1000001»\nmax-wals = «-1»\n\
         experimental-compaction-batch-limit = «-1»"
    ));
}

#[test]
fn request_that_an_older_etcd_cannot_read_again_is_refused() {
    finds!(spec().version("3.4.23").etcd("max-request-bytes = «\"11MiB\"»"));
    silent(&spec().version("3.4.23").etcd("max-request-bytes = \"10MiB\""));
}

#[test]
fn numbers_that_are_rarely_meant_are_worth_a_warning() {
    finds!(spec().etcd(
        "max-request-bytes = ‹\"11MiB\"›\nsnapshot-count = ‹1›\nbcrypt-cost = ‹20›\n\
         auth-token-ttl = ‹1›\nmax-concurrent-streams = ‹1›\n\
         grpc-keepalive-min-time = ‹\"1h\"›\ngrpc-keepalive-timeout = ‹\"20ns\"›\n\
         backend-batch-interval = ‹\"100ns\"›\nexperimental-corrupt-check-time = ‹\"1ns\"›\n\
         experimental-compact-hash-check-time = ‹\"1ns\"›\n\
         experimental-compaction-batch-limit = ‹1›\n\
         experimental-compaction-sleep-interval = ‹\"10m\"›\n\
         experimental-downgrade-check-time = ‹\"5ns\"›\n\
         experimental-warning-apply-duration = ‹\"0s\"›\n\
         experimental-bootstrap-defrag-threshold-megabytes = ‹1073741824›\n\
         experimental-snapshot-catchup-entries = ‹100000000›"
    ));
}

#[test]
fn numbers_at_their_bounds_and_those_that_stand_for_something_are_accepted() {
    silent(
        &spec()
            .etcd(
                "quota-backend-bytes = 0\nmax-request-bytes = \"10MiB\"\nheartbeat-interval = 10\n\
         election-timeout = 50\nsnapshot-count = 100\nmax-snapshots = 0\nmax-wals = 0\n\
         backend-batch-interval = \"0s\"\nbackend-batch-limit = 0\nbcrypt-cost = 14\n\
         experimental-corrupt-check-time = \"0s\"\nexperimental-compaction-batch-limit = 0\n\
         experimental-compaction-sleep-interval = \"0s\"\n\
         experimental-watch-progress-notify-interval = \"0s\"\n\
         experimental-downgrade-check-time = \"0s\"\nraft-read-timeout = \"5s\"\n\
         grpc-keepalive-interval = \"1s\"\ngrpc-keepalive-min-time = \"30s\"",
            )
            .cluster("token = \"t\"\netcd = \"3.5.30\"\nformats = [\"command\"]"),
    );
    silent(&spec().etcd("quota-backend-bytes = -1"));
    silent(&spec().etcd("quota-backend-bytes = \"16MiB\""));
    silent(&spec().etcd("quota-backend-bytes = \"8GiB\""));
}

#[test]
fn origins_that_no_parser_of_urls_takes_are_refused() {
    for origin in [
        "http://exa mple.com:80",
        "http://[foo]:80",
        "http://a%b:80",
        "http://a:+80",
        "https://a\\\\b:443",
        "http://u@a:8080",
        "http://a:8080/path",
        "http://127.1:8080",
        "HTTP://a:8080",
        "http://A:8080",
        "null",
    ] {
        let said = super::support::findings(&spec().etcd(&format!("cors = [«\"{origin}\"»]")));
        assert!(said.contains("help:"), "{said}");
    }
    silent(&spec().etcd("cors = [\"https://ui.example:8443\", \"http://my_ui:8080\"]"));
    silent(&spec().etcd("cors = [\"*\"]"));
}

#[test]
fn origin_with_the_port_of_its_scheme_is_worth_a_warning() {
    finds!(spec().etcd("cors = [‹\"https://ui.example:443\"›]"));
}

#[test]
fn host_of_a_request_has_no_port() {
    finds!(spec().etcd("host-whitelist = [«\"etcd.example:2379\"»]"));
}

#[test]
fn host_of_a_request_is_no_wildcard() {
    finds!(spec().etcd("host-whitelist = [«\"*.example\"»]"));
}

#[test]
fn hosts_of_requests_are_whole_names_and_addresses() {
    let own = "\"10.0.0.1\", \"10.0.0.2\", \"10.0.0.3\"";
    let hosts = format!("host-whitelist = [\"etcd.example\", {own}, \"fd00::1\"]");
    // TLS aside, nothing is said of it.
    finds!(spec().clients("").tls("enabled = ‹false›").etcd(&hosts));
    silent(&spec().etcd("host-whitelist = [\"*\"]"));
}

#[test]
fn name_that_a_certificate_has_to_carry_is_no_wildcard() {
    finds!(spec().etcd("client-cert-allowed-hostname = [«\"*.example\"»]"));
}

#[test]
fn collector_of_traces_is_a_host_and_a_port() {
    for (address, why) in [
        ("http://otel:4317", "is a URL"),
        ("otel", "is not a host and a port"),
        ("otel:0", "is not a host and a port"),
        ("otel:70000", "is not a host and a port"),
        ("::1:4317", "is not a host and a port"),
        ("a b:4317", "is not a host and a port"),
        ("%zz", "is not a host and a port"),
    ] {
        let option = "experimental-distributed-tracing-address";
        let said = super::support::findings(&spec().etcd(&format!("{option} = «\"{address}\"»")));
        assert!(said.contains(why), "{said}");
    }
    for address in ["localhost:4317", "[fd00::1]:4317", "otel_collector:4317"] {
        let on = "experimental-enable-distributed-tracing = true";
        let line = format!("experimental-distributed-tracing-address = \"{address}\"");
        silent(&spec().etcd(&format!("{on}\n{line}")));
    }
}

#[test]
fn how_long_a_token_is_valid_is_told_with_what_to_write() {
    for (ttl, help) in [
        ("0s", "write `ttl=5m`, for example, or leave it out"),
        ("5", "write `ttl=5m`, for example, or leave it out"),
        ("900000000h", "write `ttl=5m`, for example, or leave it out"),
        ("5m,ttl=6m", "keep one of them"),
    ] {
        let token = format!("auth-token = «\"jwt,sign-method=RS256,priv-key=/k,ttl={ttl}\"»");
        let said = super::support::findings(&spec().etcd(&token));
        assert!(said.contains(help), "{ttl}: {said}");
    }
    finds!(spec().etcd("auth-token = ‹\"jwt,sign-method=RS256,priv-key=/k,ttl=1ns\"›"));
    let said = super::support::findings(&spec().etcd("auth-token-ttl = ‹300000›"));
    assert!(said.contains("is rarely more than 86400 seconds"), "{said}");
    silent(&spec().etcd("auth-token = \"jwt,sign-method=RS256,priv-key=/k,ttl=10s\""));
    silent(&spec().etcd("auth-token-ttl = 86400"));
}

#[test]
fn an_origin_at_the_port_of_its_scheme_cannot_be_named() {
    finds!(spec().etcd("cors = [«\"https://ui.example.org\"»]"));
    let said = super::support::findings(&spec().etcd("cors = [«\"https://a b\"»]"));
    assert!(said.contains("has no port"), "{said}");
}

#[test]
fn token_by_a_secret_needs_the_secret() {
    finds!(spec().etcd("auth-token = «\"jwt,sign-method=HS256,pub-key=/jwt.pub\"»"));
    silent(&spec().etcd("auth-token = \"jwt,sign-method=HS256,priv-key=/jwt.key\""));
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
