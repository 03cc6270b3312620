//! The unit of every example: it starts on an empty machine, and again after a reboot.

use super::line;
use super::site::Site;
use crate::support::build::example;
use crate::support::scope::is_full;

/// A log of its own beside the data, as many clusters have it; three of five members are a quorum.
#[test]
fn kubernetes_boots_twice() {
    let release = if is_full() { "3.5.33" } else { "3.6.16" };
    boots_twice(&example("kubernetes"), release);
}

pub(super) fn boots_twice(spec: &str, release: &'static str) {
    let spec = spec.replace("etcd = \"3.5\"", &format!("etcd = \"{}\"", line(release)));
    let mut site = Site::of(&spec, release, 3);
    site.install();
    for (machine, units) in site.machines.iter_mut().zip(&site.units) {
        machine
            .sh(&format!("systemctl enable {0}; systemctl start --no-block {0}", units.join(" ")));
    }
    are_active(&mut site);
    // All at once, as they come back after a power cut; alone, none would be ready.
    site.machines.iter_mut().for_each(super::Machine::cut_power);
    site.machines.iter_mut().for_each(super::Machine::boot);
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
