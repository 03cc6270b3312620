//! The unit of every example: it starts on an empty machine, and again after a reboot.

use crate::real_etcd::systemd::line;
use crate::real_etcd::systemd::site::Site;
use crate::support::build::{EXAMPLES, example};
use crate::support::scope::LINES;
use bouquet_rig::Machine;

#[test]
fn every_example_boots_twice_on_one_line_of_releases_or_another() {
    let own = include_str!("../../../../../cluster.toml").to_owned();
    let examples = EXAMPLES.into_iter().chain(["embed"]).map(example).chain([own]);
    for (spec, release) in examples.zip(LINES.into_iter().cycle()) {
        boots_twice(&spec, release);
    }
}

/// As many clusters have it, beside the data; three of five members are a quorum.
#[test]
fn a_log_of_its_own_boots_twice_on_each_line_of_releases() {
    for release in LINES {
        boots_twice(&example("kubernetes"), release);
    }
}

fn boots_twice(spec: &str, release: &'static str) {
    let spec = spec.replace("etcd = \"3.5\"", &format!("etcd = \"{}\"", line(release)));
    let mut site = Site::of(&spec, release, 3);
    site.install();
    for (machine, units) in site.machines.iter_mut().zip(&site.units) {
        machine
            .sh(&format!("systemctl enable {0}; systemctl start --no-block {0}", units.join(" ")));
    }
    are_active(&mut site);
    // All at once, as they come back after a power cut; alone, none would be ready.
    site.machines.iter_mut().for_each(Machine::cut_power);
    site.machines.iter_mut().for_each(Machine::boot);
    are_active(&mut site);
}

fn are_active(site: &mut Site) {
    for (machine, units) in site.machines.iter_mut().zip(&site.units) {
        for unit in units {
            machine.wait_for(&format!("systemctl is-active {unit}"));
        }
        let warnings = machine.sh("journalctl --priority=warning _PID=1 --output=cat");
        assert_eq!(warnings.lines().find(|line| line.contains("etcd")), None, "systemd complains");
    }
}
