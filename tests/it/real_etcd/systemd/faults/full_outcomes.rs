//! What programs are told, what anybody is told, and files that are put there alone.

use super::{INSTALL, bare, builds, done, process, refused, says, spec};
use crate::support::package::Package;
use crate::support::scope::release;
use bouquet_rig::Machine;
use serde_json::Value;

#[test]
fn programs_are_told_whether_something_changed() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    let anybody = "setpriv --reuid=1234 --regid=1234 --clear-groups";
    machine.sh("mkdir -p /opt/tools; cp -r /root/new/. /opt/tools; chmod -R a+rX /opt/tools; chmod -R go= /opt/tools/one/certs");
    let of_anybody = format!("{anybody} /opt/tools/bouquet install one");
    refused(machine, &of_anybody, &["only root may change a node", "sudo ", "install one"]);
    refused(
        machine,
        &format!("{of_anybody} --dry-run"),
        &["/opt/tools/one/certs", "Permission denied", "root"],
    );

    let told = told(machine, "--no-start", true);
    assert_eq!(told["state"], "is in its place; etcd was not started");
    let unit = "systemctl is-enabled etcd || true; systemctl is-active etcd || true";
    assert_eq!(machine.sh(unit), "disabled\ninactive");
    assert_eq!(self::told(machine, "--no-start", false)["done"], Value::Array(Vec::new()));
    let said = self::told(machine, "", true);
    assert_eq!(said["done"][0], "had etcd start with the machine");
    assert_eq!(
        (&said["restarted"], &said["state"]),
        (&Value::Bool(false), &"runs, and is ready".into())
    );
    let etcd = process(machine);
    assert_eq!(self::told(machine, "", false)["state"], "runs, and is ready");
    assert_eq!(process(machine), etcd);

    builds(&site, &package, &spec(release, "snapshot-count = 5000"));
    // Without a start nothing is restarted either, and the next one catches up.
    let said = self::told(machine, "--no-start", true);
    assert_eq!((&said["restarted"], process(machine)), (&Value::Bool(false), etcd));
    assert_eq!(self::told(machine, "", true)["restarted"], true);
    assert_eq!(self::told(machine, "--rollback", true)["restarted"], true);
    let refused = machine.run(&format!("{INSTALL} --rollback --json"));
    assert!(!refused.ok && refused.stdout.is_empty(), "{}", refused.stdout);
    assert!(refused.stderr.starts_with("error: no version is kept"), "{}", refused.stderr);
    assert_eq!(self::told(machine, "", true)["restarted"], true);
    let both = says(machine, &format!("{INSTALL} --json --dry-run"), 64);
    assert!(both.contains("cannot be used with"), "{both}");

    machine.sh("systemctl stop etcd");
    let said = self::told(machine, "--set-aside", true);
    assert!(said["done"].to_string().contains("set aside /data/etcd as /data/etcd.20"), "{said}");
    assert_eq!(said["state"], "runs, and is ready");
    assert_eq!(done(machine, INSTALL), "nothing to do; one runs, and is ready\n");
}

#[test]
fn etcd_that_is_let_be_goes_on_up_or_down_and_the_next_one_restarts_it() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    let unit = "systemctl is-enabled etcd || true; systemctl is-active etcd || true; \
                systemctl show --value --property=NeedDaemonReload etcd";

    let said = told(machine, "--no-restart", true);
    assert_eq!(said["state"], "is in its place; etcd does not run, and was not started");
    assert_eq!(machine.sh(unit), "disabled\ninactive\nno");
    assert_eq!(told(machine, "--no-restart", false)["state"], said["state"]);
    told(machine, "", true);
    let etcd = process(machine);
    let state = told(machine, "--no-restart", false)["state"].clone();
    assert_eq!(state, "is in its place; etcd runs on, and needs no restart");

    builds(&site, &package, &spec(release, "snapshot-count = 5000"));
    let said = told(machine, "--no-restart", true);
    assert_eq!(
        said["state"],
        "is in its place; etcd runs on, until it is restarted for snapshot-count"
    );
    assert_eq!((&said["restarted"], process(machine)), (&Value::Bool(false), etcd));
    assert_eq!(machine.sh(unit), "enabled\nactive\nno");
    // It stays to be done, as often as it is asked.
    assert_eq!(told(machine, "--no-restart", false)["state"], said["state"]);
    let planned = says(machine, &format!("{INSTALL} --dry-run"), 2);
    assert_eq!(planned, "would restart etcd, for snapshot-count\n");
    let said = told(machine, "", true);
    assert_eq!(
        (&said["restarted"], &said["state"]),
        (&Value::Bool(true), &"runs, and is ready".into())
    );
    for other in ["--no-start", "--rollback", "--retire", "--set-aside", "--bootstrap"] {
        let both = says(machine, &format!("{INSTALL} --no-restart {other}"), 64);
        assert!(both.contains("cannot be used with"), "{both}");
    }
}

/// What is told in JSON, and it alone is on stdout.
#[track_caller]
fn told(machine: &Machine, flags: &str, changed: bool) -> Value {
    let said = machine.run(&format!("{INSTALL} --json {flags}"));
    let value: Value = serde_json::from_str(&said.stdout)
        .unwrap_or_else(|error| panic!("{flags}: {error}: {}{}", said.stdout, said.stderr));
    assert!(said.ok && said.stderr.is_empty(), "{flags}: {}", said.stderr);
    assert_eq!(value["member"], "one");
    assert_eq!(value["changed"], changed, "{flags}: {value}");
    assert_eq!(value["done"].as_array().is_some_and(|done| !done.is_empty()), changed, "{value}");
    value
}
