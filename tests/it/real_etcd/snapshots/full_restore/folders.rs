//! Folders of data that are elsewhere, or cannot be moved.

use super::{Site, Spec, have_the_same, on_each, restore, status};
use std::os::unix::fs::MetadataExt as _;

/// A log of its own is set aside and restored with the data.
#[test]
fn a_log_of_its_own_is_set_aside_and_restored_too() {
    on_each(a_log_elsewhere);
}

fn a_log_elsewhere(release: &str) {
    let spec = Spec::of(release).option("wal-dir = \"/wal/etcd\"");
    let mut site = Site::start(&spec);
    is_restored(&mut site, &spec);
    for name in ["camellia", "orange", "pink"] {
        let said = site.types(&format!(
            "cd machines/of-{name}; ls wal/etcd data/etcd data/etcd/{name}/member"
        ));
        assert!(!said.lines().any(|line| line == "wal"), "{said}");
        let dated = said.lines().filter(|line| line.starts_with(&format!("{name}.2")));
        assert_eq!(dated.count(), 2, "the data and the log: {said}");
        let log = site.on_machine(name, &format!("/wal/etcd/{name}"));
        assert!(std::fs::read_dir(log).expect("a folder").count() > 0);
    }
}

/// It cannot be renamed: what is in it is.
#[test]
fn a_data_folder_that_is_a_mount_point_stays_and_its_content_is_set_aside() {
    on_each(a_mount_point);
}

fn a_mount_point(release: &str) {
    // On the machines of a site these are folders that are mounted.
    let spec = Spec::of(release).of_one("pink", "[member.etcd]\ndata-dir = \"/mnt/data\"\n");
    let mut site = Site::start(&spec);
    let address = site.address(3);
    site.types(&format!(
        "ssh -n root@{address} 'mountpoint -q /mnt/data && mkdir /mnt/data/lost+found && echo mine >/mnt/data/notes'"
    ));
    let folder = std::fs::metadata(site.on_machine("pink", "/mnt/data")).expect("a folder");
    is_restored(&mut site, &spec);
    let after = std::fs::metadata(site.on_machine("pink", "/mnt/data")).expect("a folder");
    assert_eq!(folder.ino(), after.ino());
    let said =
        site.types("cd machines/of-pink/mnt/data; ls; cat notes; ls member member.2*/snap/db");
    let names: Vec<_> = said.lines().take(4).collect();
    assert_eq!((names[0], names[1], names[3]), ("lost+found", "member", "notes"), "{said}");
    assert!(names[2].starts_with("member.2"), "{said}");
    // A second time, with what is there from the first.
    site.types("sleep 1");
    is_restored(&mut site, &spec);
    let said = site.types("cd machines/of-pink/mnt/data; ls -d member.2*");
    assert_eq!(said.lines().count(), 2, "{said}");
}

/// The same is there after a restore, and nothing else.
fn is_restored(site: &mut Site, spec: &Spec) {
    site.types("bouquet etcdctl -- put kept 1; bouquet snapshot kept.db --force; bouquet etcdctl -- put lost 1");
    restore(site, "kept.db");
    let said = site.types("bouquet etcdctl -- get kept; bouquet etcdctl -- get lost");
    assert_eq!(said, "kept\n1\n");
    have_the_same(site);
    site.has_its_members();
    site.build(spec);
    assert_eq!(status(site)["exit"], 0);
}
