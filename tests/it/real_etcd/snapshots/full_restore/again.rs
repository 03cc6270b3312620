//! A restore that ends in its middle, and is done again as it is printed.

use super::{Site, Spec, ends, fails, have_the_same, json, on_each, script, status};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// Whatever it ended at: an owner that cannot be given, a move that fails between the log and the data, a member that
/// cannot be started.
#[test]
fn a_step_that_ended_anywhere_goes_on_when_it_is_done_again() {
    on_each(again);
}

fn again(release: &str) {
    let spec = Spec::of(release).option("wal-dir = \"/wal/etcd\"");
    let mut site = Site::start(&spec);
    site.types(
        "bouquet etcdctl -- put kept 1; bouquet snapshot kept.db; bouquet etcdctl -- put lost 1",
    );
    let printed = json(&mut site, "bouquet restore kept.db");
    for action in ["bring", "stop-all", "restore-all", "record"] {
        fs::write(site.path(action), script(&printed, action, &[])).expect("a file");
    }
    site.types("sh -u bring; sh -u stop-all");
    let unit = site.on_machine("pink", "/etc/systemd/system/etcd.service");
    let text = fs::read(&unit).expect("a unit");

    // A log that was not set aside would be written over.
    let logs = "cd machines/of-pink/wal/etcd; mv -T pink.2* pink";
    site.types(&format!("name=$(ls machines/of-pink/wal/etcd); echo $name >name; {logs}"));
    fails(&mut site, "sh -u restore-all", "the log that is there is to be set aside first");
    site.types("name=$(cat name); cd machines/of-pink/wal/etcd; mv -T pink $name");
    broken(&site, "chown", "-R");
    fails(&mut site, "sh -u restore-all", "chown fails");
    mends(&site, "chown");
    broken(&site, "mv", "/data/etcd/pink/restoring/member");
    fails(&mut site, "sh -u restore-all", "mv fails");
    assert!(!site.on_machine("pink", "/data/etcd/pink/member").exists());
    mends(&site, "mv");
    fs::remove_file(&unit).expect("a unit");
    let said = ends(&mut site, "sh -u restore-all", 1);
    assert!(said.contains("Unit etcd.service not found"), "{said}");
    fs::write(&unit, text).expect("a unit");
    let said = site.types("sh -u restore-all; sh -u restore-all; sh -u record");
    // Of the second time, and of the two that were restored before.
    assert_eq!(said.matches("it is restored, and runs").count(), 5, "{said}");

    let said = site.types("bouquet etcdctl -- get kept; bouquet etcdctl -- get lost");
    assert_eq!(said, "kept\n1\n");
    have_the_same(&site);
    site.build(&spec);
    assert_eq!(status(&mut site)["exit"], 0);
    // What was there before is whole, and nothing else is there.
    let said = site.types(
        "cd machines/of-pink; (ls -d data/etcd/pink/* wal/etcd/*; ls root) | sed 's/[0-9]\\{8\\}T.*/DATE/'",
    );
    assert_eq!(
        said,
        "data/etcd/pink/member\ndata/etcd/pink/member.DATE\nwal/etcd/pink\nwal/etcd/pink.DATE\n"
    );
}

/// Without an account or a unit it could not be started: that is seen while all run.
#[test]
fn a_node_without_the_account_or_the_unit_is_told_before_anything_is_stopped() {
    on_each(|release| {
        let mut site = Site::start(&Spec::of(release));
        site.types("bouquet snapshot kept.db");
        let printed = json(&mut site, "bouquet restore kept.db");
        fs::write(site.path("bring"), script(&printed, "bring", &[])).expect("a file");
        broken(&site, "id", "etcd");
        fails(&mut site, "sh -u bring", "id fails");
        mends(&site, "id");
        let unit = site.on_machine("pink", "/etc/systemd/system/etcd.service");
        fs::rename(&unit, unit.with_extension("away")).expect("a unit");
        fails(&mut site, "sh -u bring", "etcd.service: No such file or directory");
        fs::rename(unit.with_extension("away"), &unit).expect("a unit");
        site.types("sh -u bring; bouquet etcdctl -- endpoint health");
    });
}

/// A program of pink's machine fails where it is given that word.
fn broken(site: &Site, program: &str, word: &str) {
    let place = site.path("programs/of-pink").join(program);
    let text = format!(
        "#!/bin/sh\ncase \" $* \" in *' {word} '*) echo '{program} fails' >&2; exit 1 ;; esac\nexec /usr/bin/{program} \"$@\"\n"
    );
    fs::write(&place, text).expect("a script");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).expect("a mode");
}

fn mends(site: &Site, program: &str) {
    fs::remove_file(site.path("programs/of-pink").join(program)).expect("a script");
}
