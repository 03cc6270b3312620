//! Folders of data that are elsewhere, or cannot be moved.

use super::{Site, Spec, fails, have_the_same, json, on_each, restore, script, status};
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
            "cd machines/of-{name}; ls wal/etcd data/etcd/{name} data/etcd/{name}/member"
        ));
        assert!(!said.lines().any(|line| line == "wal"), "{said}");
        for dated in [format!("{name}.2"), "member.2".to_owned()] {
            assert_eq!(said.lines().filter(|line| line.starts_with(&dated)).count(), 1, "{said}");
        }
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

/// Where a build takes it: beside `member`, deeper, in it as by default, and on a disk that is mounted.
#[test]
fn a_log_in_the_data_folder_is_set_aside_and_restored_too() {
    on_each(|release| {
        a_log_inside(release, "/srv/etcd", "logs/of/wal");
        a_log_inside(release, "/srv/etcd", "member/wal");
        a_log_inside(release, "/mnt/data", "wal");
    });
}

fn a_log_inside(release: &str, data: &str, log: &str) {
    let options = format!("[member.etcd]\ndata-dir = \"{data}\"\nwal-dir = \"{data}/{log}\"\n");
    let spec = Spec { one: ("pink", options), ..Spec::of(release) };
    let mut site = Site::start(&spec);
    for round in 1..=2 {
        is_restored(&mut site, &spec);
        let said =
            site.types(&format!("cd machines/of-pink{data}; ls {log}; find . -name '*.wal'"));
        assert!(said.starts_with("0.tmp\n") || said.contains(".wal\n"), "{said}");
        let logs = said.lines().filter(|line| line.starts_with("./"));
        let (new, aside): (Vec<_>, Vec<_>) =
            logs.partition(|path| path.starts_with(&format!("./{log}/")));
        assert_eq!((new.len(), aside.len()), (1, round), "{said}");
        site.types("sleep 1");
    }
}

/// The link stays, and so does the disk that it leads to.
#[test]
fn what_links_lead_to_is_set_aside_and_restored_there() {
    on_each(|release| {
        linked(release, "/opt/disk");
        linked(release, "/mnt/data");
    });
}

fn linked(release: &str, disk: &str) {
    let options = "[member.etcd]\ndata-dir = \"/srv/etcd\"\nwal-dir = \"/srv/log/wal\"\n";
    let spec = Spec::of(release).of_one("pink", options);
    let mut site = Site::start(&spec);
    let address = site.address(3);
    site.types(&format!(
        "ssh -n root@{address} 'set -e; systemctl stop etcd; mkdir -p {disk}; mv -T /srv/log/wal {disk}/log; \
         mv /srv/etcd/* {disk}/; rmdir /srv/etcd; ln -s {disk} /srv/etcd; ln -s {disk}/log /srv/log/wal; \
         chown etcd:etcd {disk}; systemctl start etcd'"
    ));
    is_restored(&mut site, &spec);
    let said = site.types(&format!(
        "cd machines/of-pink; readlink srv/etcd srv/log/wal; cd .{disk}; ls -d member member.2* log log.2* | wc -l; \
         stat -c %u:%g . member member/snap/db log log/*.wal | sort -u"
    ));
    assert_eq!(said, format!("{disk}\n{disk}/log\n4\n970:970\n"), "its account on a node");
}

/// It would go with what is set aside, and come back over the new data when the machine starts again.
#[test]
fn a_disk_that_is_mounted_in_the_data_is_told_before_anything_is_stopped() {
    on_each(|release| {
        let options = "[member.etcd]\ndata-dir = \"/mnt/data/etcd\"\n";
        let spec =
            Spec::of(release).of_one("pink", &options.replace("\"/mnt\"", "\"/mnt/data/etcd\""));
        let mut site = Site::start(&spec);
        site.types("bouquet snapshot kept.db");
        // All that a command on a machine mounts goes with it.
        let (address, printed) = (site.address(3), json(&mut site, "bouquet restore kept.db"));
        let lines = script(&printed, "bring", &["scp "]);
        let lines = lines.split("ssh -n ").find(|line| line.contains(&address.to_string()));
        let lines = lines.expect("its lines").replace(
            "'set -e\n",
            "'set -e\n  mkdir -p /mnt/data/etcd/member/more; mount -t tmpfs tmpfs /mnt/data/etcd/member/more\n",
        );
        std::fs::write(site.path("bring"), format!("ssh -n {lines}")).expect("a file");
        site.types(&format!("scp kept.db root@{address}:/root/restore-pink.db"));
        let words =
            "nothing was changed: what is mounted in /mnt/data/etcd/member cannot be set aside";
        fails(&mut site, "sh -u bring", words);
    });
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
