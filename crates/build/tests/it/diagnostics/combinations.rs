//! Options that etcd takes one by one, and not beside each other.

use super::support::{findings, finds, silent, spec};

#[test]
fn second_api_and_its_end_exclude_each_other() {
    finds!(spec().etcd("‹enable-v2› = true\nv2-deprecation = «\"gone\"»"));
}

#[test]
fn each_stage_but_the_first_excludes_the_second_api() {
    finds!(
        spec()
            .version("3.5.33")
            .etcd("‹enable-v2› = true\nv2-deprecation = «\"write-only-skip-check\"»")
    );
}

#[test]
fn second_api_that_is_off_does_not_mind_its_end() {
    finds!(spec().etcd("‹enable-v2› = false\nv2-deprecation = \"gone\""));
}

#[test]
fn second_api_before_its_end_is_merely_deprecated() {
    finds!(spec().etcd("‹enable-v2› = true\nv2-deprecation = \"not-yet\""));
}

#[test]
fn emulated_api_without_the_api_is_worth_a_warning() {
    finds!(spec().etcd("‹experimental-enable-v2v3› = ‹\"/v2\"›"));
}

#[test]
fn gate_that_binds_to_a_translated_address_is_refused() {
    finds!(
        spec()
            .version("3.6.16")
            .etcd("feature-gates = [«\"SetMemberLocalAddr=true\"»]")
            .member(0, "name = \"pink\"\nip = \"203.0.113.1\"\nlisten-ip = \"10.77.0.1\"")
    );
}

#[test]
fn gate_that_binds_several_to_translated_addresses_is_refused_once() {
    let translated =
        |n: usize| format!("name = \"m{n}\"\nip = \"203.0.113.{n}\"\nlisten-ip = \"10.77.0.{n}\"");
    let members = [1, 2, 3].map(translated);
    finds!(
        spec()
            .version("3.6.16")
            .etcd("feature-gates = [«\"SetMemberLocalAddr=true\"»]")
            .members(&members.each_ref().map(String::as_str))
    );
}

#[test]
fn gate_that_comes_with_all_of_its_kind_is_found_too() {
    finds!(
        spec()
            .version("3.7.3")
            .etcd("feature-gates = [«\"AllAlpha=true\"»]")
            .member(0, "name = \"pink\"\nip = \"203.0.113.1\"\nlisten-ip = \"10.77.0.1\"")
    );
}

#[test]
fn gate_that_binds_where_nothing_is_translated_is_accepted() {
    let gates = "feature-gates = [\"SetMemberLocalAddr=true\"]";
    silent(&spec().version("3.6.16").etcd(gates));
    // By name, etcd finds no address to bind to, and lets the system choose.
    let named = "name = \"pink\"\nip = \"203.0.113.1\"\nlisten-ip = \"10.77.0.1\"\nhostname = \"pink.example\"\nadvertise = \"hostname\"";
    silent(&spec().version("3.6.16").etcd(gates).member(0, named));
    let translated = "name = \"pink\"\nip = \"203.0.113.1\"\nlisten-ip = \"10.77.0.1\"";
    let off = "feature-gates = [\"AllAlpha=true\", \"SetMemberLocalAddr=false\"]";
    silent(&spec().version("3.6.16").etcd(off).member(0, translated));
}

#[test]
fn gate_that_binds_to_what_may_be_translated_is_worth_a_warning() {
    finds!(
        spec()
            .version("3.6.16")
            .etcd("feature-gates = [‹\"SetMemberLocalAddr=true\"›]")
            .member(0, "name = \"pink\"\nip = \"203.0.113.1\"\nlisten-ip = \"0.0.0.0\"")
    );
}

#[test]
fn gate_binds_nobody_who_dials_nobody() {
    finds!(
        spec()
            .version("3.6.16")
            .etcd("feature-gates = [\"SetMemberLocalAddr=true\"]")
            .members(&["name = ‹\"pink\"›\nip = \"203.0.113.1\"\nlisten-ip = \"10.77.0.1\""])
    );
}

#[test]
fn storing_checkpoints_with_all_alpha_needs_them_made() {
    finds!(
        spec()
            .version("3.6.16")
            .etcd("feature-gates = [«\"AllAlpha=true\"», \"LeaseCheckpoint=false\"]")
    );
}

#[test]
fn storing_checkpoints_that_are_turned_off_is_refused() {
    finds!(spec().etcd(
        "experimental-enable-lease-checkpoint = false\nexperimental-enable-lease-checkpoint-persist = «true»"
    ));
}

#[test]
fn old_option_and_all_gates_of_its_kind_are_refused() {
    finds!(spec().version("3.6.16").etcd(
        "‹experimental-enable-lease-checkpoint› = «false»\nfeature-gates = [\"AllAlpha=true\"]"
    ));
}

#[test]
fn old_option_of_a_beta_feature_minds_all_beta_alone() {
    let option = "‹experimental-txn-mode-write-with-shared-buffer› = «false»";
    finds!(
        spec().version("3.6.16").etcd(&format!("{option}\nfeature-gates = [\"AllBeta=false\"]"))
    );
    let option = "‹experimental-txn-mode-write-with-shared-buffer› = false";
    let alpha = spec().version("3.6.16");
    findings(&alpha.etcd(&format!("{option}\nfeature-gates = [\"AllAlpha=false\"]")));
}

#[test]
fn checkpoints_that_are_not_stored_kill_an_etcd_that_logs_by_capnslog() {
    finds!(spec().version("3.4.23").etcd("experimental-enable-lease-checkpoint = «true»"));
}

#[test]
fn a_line_of_releases_may_be_one_that_dies_of_checkpoints() {
    finds!(
        spec()
            .version("3.4")
            .etcd("logger = \"capnslog\"\nexperimental-enable-lease-checkpoint = «true»")
    );
}

#[test]
fn checkpoints_are_fine_where_they_are_stored_or_logged_by_zap_or_older() {
    let made = "experimental-enable-lease-checkpoint = true";
    silent(&spec().version("3.4.23").etcd(&format!("logger = \"zap\"\n{made}")));
    silent(&spec().version("3.4.19").etcd(made));
    silent(
        &spec()
            .version("3.4.23")
            .etcd(&format!("{made}\nexperimental-enable-lease-checkpoint-persist = true")),
    );
}

#[test]
fn whitelist_of_hosts_with_tls_is_worth_a_warning() {
    finds!(spec().etcd("host-whitelist = ‹[\"etcd.example\"]›"));
}

#[test]
fn whitelist_without_the_member_itself_is_worth_a_warning() {
    finds!(
        spec()
            .clients("")
            .tls("enabled = ‹false›")
            .etcd("host-whitelist = ‹[\"10.0.0.1\", \"10.0.0.2\"]›")
    );
}

#[test]
fn whitelist_of_every_host_is_the_default() {
    silent(&spec().etcd("host-whitelist = [\"*\"]"));
}

#[test]
fn public_key_beside_a_secret_is_refused() {
    finds!(spec().etcd(
        "auth-token = «\"jwt,pub-key=/etc/etcd/jwt.pub,priv-key=/etc/etcd/jwt.key,sign-method=HS512\"»"
    ));
}

#[test]
fn public_key_alone_makes_no_tokens() {
    finds!(spec().etcd("auth-token = ‹\"jwt,sign-method=RS256,pub-key=/etc/etcd/jwt.pub\"›"));
}

#[test]
fn keys_that_fit_their_method_are_accepted() {
    for keys in [
        "sign-method=HS256,priv-key=/etc/etcd/jwt.key",
        "sign-method=PS512,priv-key=/etc/etcd/jwt.key",
        "sign-method=ES384,pub-key=/etc/etcd/jwt.pub,priv-key=/etc/etcd/jwt.key",
    ] {
        silent(&spec().etcd(&format!("auth-token = \"jwt,{keys}\"")));
    }
}

#[test]
fn old_name_of_the_log_is_not_what_etcd_goes_by() {
    finds!(spec().version("3.4.23").etcd("log-output = «[\"stdout\"]»"));
}

#[test]
fn both_names_of_the_log_are_said_once() {
    finds!(
        spec().version("3.4.23").etcd("log-outputs = [\"stderr\"]\nlog-output = «[\"stdout\"]»")
    );
}

#[test]
fn options_that_nothing_looks_at_are_worth_a_warning() {
    finds!(spec().version("3.7.3").etcd(
        "distributed-tracing-address = ‹\"10.0.0.9:4317\"›\ncompact-hash-check-time = ‹\"5m\"›\n\
         auth-token-ttl = ‹600›\nauth-token = \"jwt,sign-method=ES256,priv-key=/etc/etcd/jwt.key\""
    ));
}

#[test]
fn levels_of_packages_mean_nothing_to_zap() {
    finds!(
        spec()
            .version("3.4.23")
            .etcd("logger = \"zap\"\n‹log-package-levels› = ‹\"etcdmain=DEBUG\"›")
    );
}

#[test]
fn options_that_something_looks_at_are_accepted() {
    silent(&spec().version("3.7.3").etcd(
        "enable-distributed-tracing = true\ndistributed-tracing-address = \"10.0.0.9:4317\"\n\
         feature-gates = [\"CompactHashCheck=true\"]\ncompact-hash-check-time = \"5m\"\n\
         auth-token-ttl = 600",
    ));
}

#[test]
fn members_that_count_learners_differently_are_refused() {
    finds!(
        spec()
            .version("3.6.16")
            .etcd("max-learners = 2")
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\netcd = { max-learners = «3» }")
    );
}

#[test]
fn members_that_make_other_tokens_are_refused() {
    finds!(spec().member(
        2,
        "name = \"camellia\"\nip = \"10.0.0.3\"\n\
         etcd = { auth-token = «\"jwt,sign-method=ES256,priv-key=/etc/etcd/jwt.key\"» }"
    ));
}

#[test]
fn members_that_verify_the_same_tokens_are_accepted() {
    let member = |name: &str, n: usize, key: &str| {
        format!(
            "name = \"{name}\"\nip = \"10.0.0.{n}\"\n\
             etcd = {{ auth-token = \"jwt,sign-method=ES256,priv-key={key},ttl=5m\" }}"
        )
    };
    let members = [member("pink", 1, "/a.key"), member("orange", 2, "/b.key")];
    silent(&spec().members(&[&members[0], &members[1], &member("camellia", 3, "/c.key")]));
}
