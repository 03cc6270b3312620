//! From one line of releases to the next, by one command each, on machines that had no etcd.

use super::super::spec::THREE;
use super::cluster::Spec;
use super::fault::Fault;
use super::story::Story;
use crate::support::run::etcd;

/// Each with what goes wrong on the way to it.
const LATER: [(&str, Fault); 3] =
    [("3.5.33", Fault::Killed), ("3.6.16", Fault::MemberCut), ("3.7.3", Fault::EtcdKilled)];

#[test]
fn etcd_is_upgraded_from_line_to_line_with_little_data() {
    upgraded(false, false);
}

/// 200 MB, all of which a snapshot before each upgrade has.
#[test]
fn etcd_is_upgraded_from_line_to_line_with_much_data() {
    upgraded(true, false);
}

#[test]
fn something_goes_wrong_with_each_upgrade() {
    upgraded(true, true);
}

fn upgraded(has_much: bool, goes_wrong: bool) {
    let mut story = Story::begin_with(Spec::of("3.4.23", &THREE), &with("3.4.23"));
    if has_much {
        story.journey.typed(FILLED);
    }
    for (release, fault) in LATER {
        let spec = Spec { release, ..story.spec.clone() };
        let what = if has_much { "an upgrade with 200 MB" } else { "an upgrade" };
        let fault = goes_wrong.then_some(fault);
        story.becomes(what, (spec, &with(release)), (fault, "pink", "pink"));
        let status = story.journey.etcdctl(&["orange", "pink", "daffodil"], "endpoint status");
        assert_eq!(status.stdout.matches(&format!(" {release}, ")).count(), 3, "{status:?}");
    }
    story.ends();
}

fn with(release: &str) -> String {
    format!("--etcd {}", etcd(release).display())
}

const FILLED: &str = "\
head -c 1000000 /dev/urandom | base64 -w 0 | head -c 1000000 >value
for number in $(seq 200); do
    ETCDCTL_API=3 etcdctl --endpoints=$(cat client/endpoints) --cacert=client/ca.crt --cert=client/client.crt \\
        --key=client/client.key put filled/$number <value >/dev/null
done
";
