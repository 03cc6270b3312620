//! Options.

use super::{BOTH, ROLLED, Site, Spec, becomes, is_forced_to_be, on};

#[test]
fn options_change_one_member_after_another() {
    on(&BOTH, &[a_raised_quota, a_lowered_quota, raised_timeouts, lowered_timeouts]);
}

#[test]
fn options_that_more_has_to_be_said_of_change_too() {
    on(&BOTH, &[a_default, history, tokens, unsynced, another_token]);
    on(&["3.5.33", "3.6.16"], &[the_second_api]);
}

/// Every write is refused until the alarm is switched off.
fn a_raised_quota(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec.clone().option("quota-backend-bytes = 4194304"));
    site.fill();
    site.build(&spec.option("quota-backend-bytes = 67108864"));
    let words = site.carry_out();
    assert_eq!(words, ["look", "restart", "restart", "restart", "disarm", "record"]);
    site.write();
    site.end();
}

fn a_lowered_quota(release: &str) {
    let spec = Spec::of(release);
    let less = spec.clone().option("quota-backend-bytes = 67108864");
    becomes(&spec, &less, &["look", "look", "restart", "restart", "restart", "record"]);
}

/// In between, each has the longer wait for a leader and the heartbeat of before.
fn raised_timeouts(release: &str) {
    let spec = Spec::of(release);
    let longer = spec.clone().option("heartbeat-interval = 500").option("election-timeout = 5000");
    timeouts(&spec, &longer, ["500", "5000"]);
}

fn lowered_timeouts(release: &str) {
    let spec = Spec::of(release);
    let longer = spec.clone().option("heartbeat-interval = 500").option("election-timeout = 5000");
    let shorter = spec.option("heartbeat-interval = 50").option("election-timeout = 500");
    timeouts(&longer, &shorter, ["50", "500"]);
}

fn timeouts(before: &Spec, after: &Spec, [beat, wait]: [&str; 2]) {
    let mut steps = vec!["look"];
    steps.extend(["restart"; 6]);
    steps.push("record");
    let site = becomes(before, after, &steps);
    for (member, _) in &after.members {
        for word in [format!("--heartbeat-interval={beat}"), format!("--election-timeout={wait}")] {
            assert!(site.runs_with(member, &word), "{member} {word}");
        }
    }
}

/// etcd does the same by both.
fn a_default(release: &str) {
    let spec = Spec::of(release);
    let written = spec.clone().option("heartbeat-interval = 100");
    becomes(&spec, &written, &["copy", "copy", "copy", "record"]);
}

fn history(release: &str) {
    let spec = Spec::of(release);
    let compacted = spec
        .clone()
        .option("auto-compaction-mode = \"periodic\"")
        .option("auto-compaction-retention = \"10h\"");
    becomes(&compacted, &spec, &ROLLED);
}

/// The keys are the operator's own, and are there before.
fn tokens(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    let keys = "openssl genrsa -out jwt.key 2048; openssl rsa -in jwt.key -pubout -out jwt.pub";
    site.types(keys);
    for (member, _) in &spec.members {
        for key in ["jwt.key", "jwt.pub"] {
            std::fs::copy(site.path(key), site.on_machine(member, "/srv").join(key))
                .expect("a copy");
        }
    }
    site.write();
    let keys = "jwt,sign-method=RS256,pub-key=/srv/jwt.pub,priv-key=/srv/jwt.key";
    site.build(&spec.option(&format!("auth-token = \"{keys}\"")));
    assert_eq!(site.carry_out(), ROLLED);
    site.end();
}

fn unsynced(release: &str) {
    let spec = Spec::of(release);
    let accept = ["camellia", "orange", "pink"].map(|m| format!("{m}.unsafe-no-fsync = true"));
    let accept: Vec<&str> = accept.iter().map(String::as_str).collect();
    is_forced_to_be(&spec, &spec.clone().option("unsafe-no-fsync = true"), &accept, &ROLLED);
}

/// Members that run do not read it.
fn another_token(release: &str) {
    let spec = Spec::of(release);
    let other = Spec { token: "garden", ..spec.clone() };
    let steps = ["copy", "copy", "copy", "record"];
    is_forced_to_be(&spec, &other, &["token = garden"], &steps);
}

/// Data of the second API is looked for.
fn the_second_api(release: &str) {
    let spec = Spec::of(release);
    // 3.6 has no lower stage than this one.
    let (from, to) = if release.starts_with("3.5") {
        ("not-yet", "write-only")
    } else {
        ("write-only", "write-only-drop-data")
    };
    let [from, to] =
        [from, to].map(|stage| spec.clone().option(&format!("v2-deprecation = \"{stage}\"")));
    let site = becomes(&from, &to, &["look", "look", "restart", "restart", "restart", "record"]);
    assert!(site.typed().contains("etcdutl check v2store --data-dir /data/etcd/orange"));
}
