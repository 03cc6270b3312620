//! Disks that are full, or that nothing may be written to.

use super::{INSTALL, bare, builds, done, process, refused, renewed, says, spec};
use crate::support::package::Package;
use crate::support::scope::release;

/// Puts a folder onto a small disk of its own, with what is in it; `filled` leaves so many pages of it free, and `pages`
/// tells how many some files take.
const SMALL: &str = r#"
small() {
    cp -a "$1" /root/moved
    mount -t tmpfs -o size=256k,mode=0755 tmpfs "$1"
    cp -a /root/moved/. "$1"
    rm -r /root/moved
}
filled() {
    rm -f "$1/filler"
    dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true
    truncate -s "$(($(stat -c %s "$1/filler") - $2 * 4096))" "$1/filler"
}
pages() {
    all=0
    for file do all=$((all + ($(stat -c %s "$file") + 4095) / 4096)); done
    echo "$all"
}
"#;

#[test]
fn a_disk_without_room_is_told_before_anything_is_changed_and_room_is_all_that_it_takes() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    let sh = |script: &str| machine.sh(&format!("{SMALL}{script}"));

    // Of etcd's own disk there is less than its log takes.
    sh("mkdir -p /data; mount -t tmpfs -o size=20m,mode=0755 tmpfs /data");
    refused(machine, INSTALL, &["are free at /data", "no space left on device", "du -xh"]);
    sh("umount /data");
    done(machine, INSTALL);
    let etcd = process(machine);

    builds(&site, &package, &renewed(release, "snapshot-count = 5000"));
    sh("small /opt/etcd");
    // At each of its files, the unit and the certificates.
    let needed = sh("cd /root/new/one; pages etcd.service certs/*");
    let needed: u32 = needed.parse().expect("a number");
    for free in 0..needed {
        sh(&format!("filled /opt/etcd {free}"));
        let place = "/opt/etcd/certs.one.installed cannot be written: No space left on device";
        refused(machine, INSTALL, &[place, "the certificates are as they were", "df -h /opt/etcd"]);
    }
    sh(&format!("filled /opt/etcd {needed}"));
    let said = done(machine, INSTALL);
    assert!(said.contains("restarted etcd, for snapshot-count"), "{said}");
    sh("rm /opt/etcd/filler");
    assert_eq!(done(machine, INSTALL), "nothing to do; one runs, and is ready\n");
    assert_ne!(process(machine), etcd, "the option counts at the next start");

    builds(&site, &package, &renewed(release, "snapshot-count = 6000").replace("= 2", "= 3"));
    sh("small /etc/systemd/system; filled /etc/systemd/system 0");
    let unit = "/etc/systemd/system/etcd.service";
    refused(machine, INSTALL, &[unit, "No space left on device", "df -h"]);
    sh("rm /etc/systemd/system/filler; umount /etc/systemd/system");
    sh("mount --bind /etc /etc; mount -o remount,ro,bind /etc");
    refused(machine, INSTALL, &[unit, "Read-only file system", "mount -o remount,rw"]);
    sh("umount /etc");
    let said = done(machine, INSTALL);
    assert!(said.contains("restarted etcd, for snapshot-count"), "{said}");

    // Certificates alone need nothing of /etc.
    builds(&site, &package, &renewed(release, "snapshot-count = 6000").replace("= 2", "= 4"));
    sh("mount --bind /etc /etc; mount -o remount,ro,bind /etc");
    assert_eq!(
        done(machine, INSTALL),
        "put the certificates into their place\none runs, and is ready\n"
    );
    sh("umount /etc");
    site.all(&["endpoint", "health"]);
}

#[test]
fn etcd_starts_where_the_disk_of_its_database_alone_is_full() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, "wal-dir = \"/log/wal\""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    machine.sh("mkdir -p /data; mount -t tmpfs -o size=8m,mode=0755 tmpfs /data");
    refused(
        machine,
        INSTALL,
        &["8.0 MiB are free at /data", "the database takes 16 MiB at a time"],
    );
    machine.sh("mount -o remount,size=64m /data");
    done(machine, INSTALL);
    // Not all of it takes room before, as where a disk was filled over time.
    machine.sh(
        "systemctl stop etcd; cd /data/etcd/member/snap; cp -a --sparse=never db whole; mv whole db",
    );
    machine.sh("dd if=/dev/zero of=/data/filler bs=4k 2>/dev/null || true");
    let said = done(machine, INSTALL);
    let warning = "are free at /data/etcd, and the database may grow by ";
    assert!(said.starts_with("warning: 0 B ") && said.contains(warning), "{said}");
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
}

/// The account is made first, and there is no etcd yet.
#[test]
fn a_first_installation_goes_on_after_a_disk_that_was_read_only() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    machine.sh("mount --bind /etc /etc; mount -o remount,ro,bind /etc");
    refused(machine, INSTALL, &["/etc/", "Read-only file system", "mount -o remount,rw"]);
    machine.sh("umount /etc; mkdir -p /opt/etcd; mount -t tmpfs -o ro tmpfs /opt/etcd");
    let said = says(machine, INSTALL, 1);
    assert!(said.starts_with("made the account etcd\n"), "{said}");
    assert!(
        said.contains("error: /opt/etcd/certs.one.installed cannot be written: Read-only"),
        "{said}"
    );
    assert_eq!(machine.sh("ls -A /etc/systemd/system"), "");
    machine.sh("umount /opt/etcd");
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
}

/// The disk of a log in the folder of the data stays where it is, and what is on it gives way first.
#[test]
fn data_gives_way_around_a_disk_that_is_mounted_in_its_folder() {
    let release = release("3.6.16");
    let spec = spec(release, "wal-dir = \"/data/etcd/log/wal\"");
    let package = Package::for_machines(&spec);
    let site = bare(&package, release);
    let machine = &site.machines[0];
    machine
        .sh("install -d -m 0700 /data/etcd/log; mount -t tmpfs -o mode=0700 tmpfs /data/etcd/log");
    machine.sh("useradd --system etcd; chown -R etcd: /data/etcd");
    done(machine, INSTALL);
    machine.sh("systemctl stop etcd");
    builds(&site, &package, &spec.replace("\"alone\"", "\"another\""));
    let said = done(machine, &format!("{INSTALL} --set-aside"));
    let names = "set aside /data/etcd/log/wal as /data/etcd/log/wal.20";
    assert!(said.contains(names) && said.contains(" /data/etcd/member as "), "{said}");
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
    let there =
        "findmnt -no FSTYPE /data/etcd/log; ls -d /data/etcd* /data/etcd/log/wal.*/*.wal | wc -l";
    assert_eq!(machine.sh(there), "tmpfs\n2");
}

/// In its usual place a log that is there goes on, and none begins: before anything is set aside.
#[test]
fn a_log_on_a_disk_in_its_usual_place_is_not_set_aside() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    done(machine, INSTALL);
    machine.sh("systemctl stop etcd; cd /data/etcd/member; mv wal moved; mkdir wal
         mount -t tmpfs -o mode=0700 tmpfs wal; cp -a moved/. wal; chown etcd: wal");
    let there = "find /data/etcd | sort";
    let before = machine.sh(there);
    let message = "the folder of the log, /data/etcd/member/wal, is a mount point";
    let way = "mount it outside /data/etcd/member";
    refused(machine, &format!("{INSTALL} --set-aside"), &[message, way]);
    assert_eq!(machine.sh(there), before);
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
}

/// etcd would remove the link, and write to another disk than an operator thinks; one that it goes on with it leaves alone.
#[test]
fn no_log_begins_behind_a_link() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, "wal-dir = \"/log/wal\""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    let message = |to: &str| {
        format!("the folder of the log, /log/wal, is a link to {to}: no log can begin there")
    };
    let refuses = |line: &str, to: &str| {
        let ways = [message(to), format!("`wal-dir = \"{to}/wal\"`"), "`rm /log/wal`".to_owned()];
        refused(machine, line, &ways.each_ref().map(String::as_str));
    };
    machine.sh("mkdir -p /log /fast; ln -s /fast /log/wal");
    refuses(INSTALL, "/fast");
    let said = done(machine, &format!("{INSTALL} --no-start"));
    assert!(said.contains(&format!("warning: {}\n", message("/fast"))), "{said}");
    assert!(!machine.run("systemctl start etcd").ok, "it starts: {}", machine.journal());
    let words = "etcd does not start: /log/wal is a symlink, and no log can begin there";
    let is_said = format!("journalctl --unit=etcd | grep -q '{words}'");
    machine.sh(&format!("for i in $(seq 100); do {is_said} && break; sleep 0.1; done; {is_said}"));
    machine.sh("systemctl stop etcd; rm /log/wal");
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");

    // It goes on behind one that an operator has made since, and gives way file by file.
    machine.sh(
        "systemctl stop etcd; mkdir /log/fast; mv /log/wal/* /log/fast/; rmdir /log/wal; ln -s /log/fast /log/wal
         chown -R etcd: /log/fast",
    );
    refuses(&format!("{INSTALL} --set-aside"), "/log/fast");
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
    assert_eq!(machine.sh("readlink /log/wal"), "/log/fast");
}

/// What is asked of a mount point: as a unit has it that is disabled, or `/etc/fstab` with `noauto`, which etcd's own unit
/// starts, and as `wal-dir`.
#[test]
fn a_disk_that_the_start_of_etcd_mounts_is_asked_for_and_no_log_begins_in_a_mount_point() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, "wal-dir = \"/log/wal\""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    let message = "the folder of the log, /log/wal, is a mount point: no log can begin there";
    let refuses = |line: &str| {
        refused(machine, line, &[message, "`umount /log/wal`"]);
    };
    // By a link as well, of which the list of mounts knows nothing.
    machine.sh("mkdir -p /srv/log/wal; ln -s srv/log /log; mount -t tmpfs tmpfs /srv/log/wal");
    refuses(INSTALL);
    machine.sh("umount /srv/log/wal; rm /log; rm -r /srv/log");
    let mounts = "mkdir -p /log/wal; mount -t tmpfs tmpfs /log/wal";
    machine.sh(mounts);
    refuses(INSTALL);
    // Where it is not started, what else brings a log there may come first, as a restore.
    let warns = |message: &str, state: &str| {
        let said = done(machine, &format!("{INSTALL} --no-start"));
        assert!(said.contains(&format!("warning: {message}\n")), "{said}");
        assert!(said.ends_with(state), "{said}");
    };
    warns(message, "is in its place; etcd was not started\n");
    warns(message, "nothing to do; one is in its place; etcd was not started\n");
    machine.sh("umount /log/wal; echo 'tmpfs /log/wal tmpfs nofail 0 0' >>/etc/fstab");
    let told = "a disk belongs at /log/wal, and is not mounted: /log/wal belongs on it";
    warns(told, "etcd was not started\n");
    machine.sh("sed -i /nofail/d /etc/fstab; rmdir /log/wal /log");

    let unit =
        "[Mount]\\nWhat=tmpfs\\nType=tmpfs\\nWhere=/data\\n[Install]\\nWantedBy=local-fs.target\\n";
    let place = "/etc/systemd/system/data.mount";
    machine.sh(&format!(
        "printf '{unit}' >{place}; systemctl daemon-reload; systemctl enable data.mount"
    ));
    refused(machine, INSTALL, &["a disk belongs at /data", "`systemctl start data.mount`"]);
    let told = "a disk for /data is not mounted, and will be when etcd starts: /data/etcd would be on it then";
    let gone = "remove that unit, and `systemctl daemon-reload`";
    machine.sh("systemctl disable data.mount");
    refused(machine, INSTALL, &[told, "disk: `systemctl start data.mount`", gone]);
    machine.sh(&format!(
        "rm {place}; echo 'tmpfs /data tmpfs noauto 0 0' >>/etc/fstab; systemctl daemon-reload"
    ));
    let gone = "take its line out of /etc/fstab, and `systemctl daemon-reload`";
    refused(machine, INSTALL, &[told, "disk: `mount /data`", gone]);

    // It is as it was told.
    done(machine, &format!("{INSTALL} --no-start"));
    let starts = || {
        let on = "systemctl start etcd; findmnt -no FSTYPE /data; systemctl is-active data.mount";
        assert_eq!(machine.sh(on), "tmpfs\nactive");
    };
    starts();
    machine.sh(&format!(
        "systemctl stop etcd; umount /data; sed -i /noauto/d /etc/fstab; printf '{unit}' >{place}
         systemctl daemon-reload; rm -r /opt/etcd/certs.one.started /log/wal"
    ));
    refused(machine, INSTALL, &[told]);
    starts();
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");

    // It goes on in one that it was moved to, and does not begin again.
    machine.sh(&format!(
        "systemctl stop etcd; mv /log/wal /log/moved; {mounts}; cp -a /log/moved/. /log/wal"
    ));
    let logs = machine.sh("ls /log/wal");
    refuses(&format!("{INSTALL} --set-aside"));
    assert_eq!(machine.sh("ls /log/wal"), logs);
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");

    // What starts etcd without asking comes upon the guard, before etcd removes what is in there.
    machine.sh("systemctl stop etcd; rm -r /opt/etcd/certs.one.started /data/etcd/member");
    machine.sh("for log in /log/wal/*.wal; do mv $log $log.then; done; journalctl --rotate");
    let logs = machine.sh("ls /log/wal/*.then");
    assert!(!machine.run("systemctl start etcd").ok, "it starts: {}", machine.journal());
    let words = "etcd does not start: /log/wal is a mount point, and no log can begin there";
    let is_said = format!("journalctl --unit=etcd | grep -q '{words}'");
    machine.sh(&format!("for i in $(seq 100); do {is_said} && break; sleep 0.1; done; {is_said}"));
    assert_eq!(machine.sh("systemctl stop etcd; ls /log/wal/*.then"), logs);

    // Data on a disk that is not there at the moment would come back under its own name.
    machine.sh("echo 'tmpfs /data tmpfs defaults 0 0' >>/etc/fstab");
    machine.sh("systemctl stop etcd; umount /data; systemctl daemon-reload");
    refused(machine, &format!("{INSTALL} --retire"), &["a disk belongs at /data", "`mount /data`"]);
    // Whatever mounts it once more.
    machine.sh("mount /data; umount /log/wal; echo 'tmpfs /log/wal tmpfs noauto 0 0' >>/etc/fstab");
    let told = "a disk for /log/wal is not mounted: /log/wal belongs on it";
    refused(machine, &format!("{INSTALL} --retire"), &[told, "`mount /log/wal`"]);
}
