//! What is typed on the control host, and what comes of it.

use super::super::super::journey::Journey;
use super::super::super::spec::{Member, THREE, address, spec};
use crate::support::run::Said;
use serde_json::Value;
use std::time::{Duration, Instant};

pub(in super::super) const RELEASE: &str = "3.6.16";
pub(super) const CAMELLIA: Member = ("camellia", 100);
pub(super) const PINK: Member = THREE[1];
/// Those of the guide, after one came for another.
pub(super) const LATER: [Member; 3] = [CAMELLIA, THREE[0], PINK];
pub(super) const NAMES: [&str; 3] = ["camellia", "orange", "pink"];

/// For how long no write may succeed: several times what was ever seen.
pub(in super::super) const LONGEST: Duration = Duration::from_secs(15);
/// What the hook was asked for since the last time.
pub(super) fn asked(journey: &Journey) -> Vec<Value> {
    let steps = journey.typed("cat asked; rm asked");
    let steps = steps.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    steps.map(|mut step| step["action"].take()).collect()
}

/// The spec of these members, each with the way to its node.
pub(in super::super) fn by_ssh(members: &[Member], option: &str) -> String {
    let plain = spec(RELEASE, members, "").replace("[etcd]\n", &format!("[etcd]\n{option}"));
    members.iter().fold(plain, |text, member| {
        let ip = address(*member);
        text.replace(&format!("ip = \"{ip}\"\n"), &format!("ip = \"{ip}\"\nssh = \"root@{ip}\"\n"))
    })
}

/// Has the plan carried out, whatever comes of it.
pub(in super::super) fn applies(journey: &Journey, options: &str) -> Said {
    // Snapshots go home.
    let script = "export HOME=$PWD; ./bouquet apply --yes OPTIONS || echo \"ends with $?\"";
    journey.types(&script.replace("OPTIONS", options))
}

/// The same where it has to succeed.
#[track_caller]
pub(in super::super) fn applied(journey: &Journey, what: &str, options: &str) -> Said {
    let began = Instant::now();
    let said = applies(journey, options);
    has_succeeded(what, began, &said);
    said
}

#[track_caller]
pub(super) fn has_succeeded(what: &str, began: Instant, said: &Said) {
    let Said { ok, stdout, stderr } = said;
    assert!(*ok && !stdout.contains("ends with "), "{what}:\n{stdout}\n{stderr}");
    println!("{stdout}\n{stderr}\n{what}: {:.1} s", began.elapsed().as_secs_f32());
}

/// Nothing is left to do, and `status` finds nothing.
#[track_caller]
pub(in super::super) fn is_recorded(journey: &Journey) {
    journey.is_well();
    let said = journey.typed("./bouquet plan");
    assert!(said.contains("nothing to do"), "{said}");
}

#[track_caller]
pub(super) fn run_with(journey: &Journey, option: &str) {
    for name in NAMES {
        let line = journey.typed(&format!(
            "ssh root@{} 'tr \"\\0\" \" \" </proc/$(systemctl show --property=MainPID --value etcd)/cmdline'",
            journey.host(name)
        ));
        assert!(line.contains(option), "{name}: {line}");
    }
}
