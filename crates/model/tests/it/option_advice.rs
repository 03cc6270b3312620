//! What is said of an option that a version lacks, is about to lose, or that
//! the spec does not take.

use bouquet_model::option::{EtcdOption, OPTIONS, Origin, Raw, find};
use bouquet_model::version::EtcdVersion;

fn version(text: &str) -> EtcdVersion {
    EtcdVersion::parse(text).expect(text)
}

fn option(name: &str) -> &'static EtcdOption {
    find(name).expect(name)
}

#[test]
fn an_option_that_a_version_lacks_says_what_to_write_instead() {
    for (name, at, message, help) in [
        (
            "max-learners",
            "3.5.33",
            "etcd 3.5.33 does not have `max-learners`, which came with 3.6.0",
            "write `etcd = \"3.6.0\"` or later if that is what runs",
        ),
        (
            "tls-min-version",
            "3.5",
            "not every etcd 3.5 has `tls-min-version`, which came with 3.5.8",
            "write `etcd = \"3.5.8\"` or later if that is what runs",
        ),
        (
            "corrupt-check-time",
            "3.5.30",
            "etcd 3.5.30 does not have `corrupt-check-time`, which came with 3.6.0",
            "in etcd 3.5 its name is `experimental-corrupt-check-time`",
        ),
        (
            "compaction-sleep-interval",
            "3.5",
            "etcd 3.5 does not have `compaction-sleep-interval`, which came with 3.6.0",
            "from etcd 3.5.16 on it is there as `experimental-compaction-sleep-interval`: \
             write `etcd = \"3.5.16\"` or later if that is what runs",
        ),
        (
            "feature-gates",
            "3.5",
            "etcd 3.5 does not have `feature-gates`, which came with 3.6.0",
            "before etcd 3.6 each gate is an option of its own, such as `experimental-initial-corrupt-check`",
        ),
        (
            "experimental-corrupt-check-time",
            "3.7",
            "`experimental-corrupt-check-time` was removed in etcd 3.7",
            "write `corrupt-check-time`, its name since etcd 3.6",
        ),
        (
            "experimental-compact-hash-check-enabled",
            "3.7.1",
            "`experimental-compact-hash-check-enabled` was removed in etcd 3.7",
            "write `feature-gates = [\"CompactHashCheck=true\"]`, or `\"CompactHashCheck=false\"`",
        ),
        (
            "log-output",
            "3.5",
            "`log-output` was removed in etcd 3.5",
            "write `log-outputs`, its name since etcd 3.4",
        ),
        ("debug", "3.6", "`debug` was removed in etcd 3.5", "write `log-level = \"debug\"`"),
        (
            "enable-v2",
            "3.7",
            "`enable-v2` was removed in etcd 3.6",
            "etcd 3.6 and later serve the v3 API only",
        ),
    ] {
        let finding = option(name).unavailable(version(at)).expect(name);
        assert_eq!((finding.message.as_str(), finding.help.join("; ")), (message, help.to_owned()));
    }
}

#[test]
fn what_etcd_is_about_to_remove_is_warned_of_where_it_still_works() {
    let old = option("experimental-memory-mlock");
    assert_eq!(old.deprecation(version("3.5.33")), None);
    let finding = old.deprecation(version("3.6")).expect("a warning");
    assert_eq!(
        finding.message,
        "`experimental-memory-mlock` is deprecated, and etcd 3.6 is the last to have it"
    );
    assert_eq!(finding.help, ["write `memory-mlock`, its name since etcd 3.6"]);
    let snapshots = option("max-snapshots").deprecation(version("3.7")).expect("a warning");
    assert_eq!(snapshots.message, "`max-snapshots` is deprecated since etcd 3.6");
}

#[test]
fn what_is_derived_or_dangerous_is_not_for_the_spec() {
    for (name, message, help) in [
        ("name", "`name` is derived, and cannot be written", "it follows from the member's `name`"),
        (
            "peer-key-file",
            "`peer-key-file` is derived, and cannot be written",
            "it follows from `certs-dir` under `[tls]`",
        ),
        (
            "force-new-cluster",
            "`force-new-cluster` has no place in a described cluster",
            "it rescues one member's data when all others are lost: once, by hand, never as a matter of course",
        ),
    ] {
        let finding = option(name).accept(Raw::Bool(true), version("3.5")).expect_err(name);
        assert_eq!((finding.message.as_str(), finding.help.join("; ")), (message, help.to_owned()));
    }
    let derived =
        OPTIONS.iter().filter(|option| matches!(option.origin(), Origin::Derived { .. })).count();
    assert_eq!(derived, 8 + 8, "eight of identity, eight of TLS");
}
