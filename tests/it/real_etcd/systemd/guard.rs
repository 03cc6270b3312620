//! A member whose data is missing, under a systemd that runs.

use super::site::Site;
use super::{GET, IS_ACTIVE, PUT, alone, line};
use crate::support::run::Said;
use crate::support::scope::release;
use bouquet_rig::Machine;

const MARK: &str = "/opt/etcd/certs.one.started";
const DATA: &str = "data-dir = \"/data/etcd\"";

/// A disk that something else mounts than systemd, and that is missing at the next boot.
#[test]
fn a_member_does_not_start_where_its_disk_was_not_mounted() {
    let release = release("3.5.33");
    let mut site = Site::new(&alone(line(release), DATA, "/opt/etcd/certs"), release);
    site.install();
    let machine = &mut site.machines[0];
    let mount = "mkdir -p /root/disk /data; mount --bind /root/disk /data";
    machine.sh(mount);
    machine.sh("systemctl enable etcd; systemctl start etcd");
    assert_eq!(machine.sh(&format!("stat -c '%U %a' {MARK}")), "root 644");
    site.all(&PUT);

    let machine = &mut site.machines[0];
    machine.reboot();
    refuses(machine, "no log in /data/etcd/member/wal", "/data/etcd");
    assert_eq!(machine.sh("ls -A /data"), "", "it made something in the disk's place");
    // It tries again by itself.
    machine.sh(&mount.replace("mkdir -p /root/disk /data; ", ""));
    machine.wait_for(IS_ACTIVE);
    assert_eq!(site.all(&GET), "of-flowers\n");
}

#[test]
fn a_member_starts_with_its_data_and_not_without() {
    let release = release("3.6.16");
    let mut site = Site::new(&alone(line(release), DATA, "/opt/etcd/certs"), release);
    site.install();
    site.machines[0].sh("systemctl start etcd");
    site.all(&PUT);
    let snapshot = site.scratch("snapshot.db");
    let saved = site.etcdctl(&[0], &["snapshot", "save", &snapshot]);
    assert!(saved.ok, "{}", saved.stderr);

    // Emptied, as `kubeadm reset` does.
    let machine = &mut site.machines[0];
    machine.sh("systemctl stop etcd; mkdir /root/away; mv /data/etcd/member /root/away");
    refuses(machine, "no log in /data/etcd/member/wal", "/data/etcd");
    assert_eq!(machine.sh("ls -A /data/etcd"), "");
    machine.sh("systemctl stop etcd; mv /root/away/member /data/etcd; systemctl start etcd");
    assert_eq!(site.all(&GET), "of-flowers\n");

    // The certificates are replaced as the guide has it, and it is emptied again.
    let [block] = &site.guide("Replacing certificates", 0)[..] else { panic!("one block") };
    site.copy(0, &site.machines[0]);
    site.machines[0].sh(block);
    let machine = &mut site.machines[0];
    machine.sh("systemctl stop etcd; mv /data/etcd/member /root/away");
    refuses(machine, "no log in /data/etcd/member/wal", "/data/etcd");

    // A snapshot is restored.
    let to = machine.path("/root/snapshot.db");
    std::fs::copy(&snapshot, to).expect("a snapshot");
    machine.sh("systemctl stop etcd; cd /root; url=https://192.168.65.101:2380; rmdir /data/etcd
         program=etcdctl; command -v etcdutl >/dev/null && program=etcdutl
         ETCDCTL_API=3 $program snapshot restore snapshot.db --name=one --data-dir=/data/etcd \
             --initial-cluster=one=$url --initial-advertise-peer-urls=$url
         chown -R etcd:etcd /data/etcd; systemctl start etcd");
    assert_eq!(site.all(&GET), "of-flowers\n");

    // `data-dir` is another, with the data or without.
    let machine = &mut site.machines[0];
    let unit = "/etc/systemd/system/etcd.service";
    machine.sh(&format!(
        "systemctl stop etcd; sed -i s,/data/etcd,/data/moved,g {unit}; systemctl daemon-reload"
    ));
    refuses(machine, "no log in /data/moved/member/wal", "/data/etcd");
    machine.sh("systemctl stop etcd; mv /data/etcd /data/moved; systemctl start etcd");
    assert_eq!(machine.sh(&format!("grep ^data-dir {MARK}")), "data-dir /data/moved");
    assert_eq!(site.all(&GET), "of-flowers\n");

    // It begins again on purpose, by what it says.
    let machine = &mut site.machines[0];
    machine.sh("systemctl stop etcd; rm -r /data/moved");
    let said = refuses(machine, "no log in /data/moved/member/wal", "/data/moved");
    let (_, undo) = said.rsplit_once("removed from its cluster and added again: ").expect("a way");
    machine.sh(&format!("systemctl stop etcd; {undo}; systemctl start etcd"));
    assert_eq!(site.all(&GET), "");
    site.machines[0].sh(&format!("test -e {MARK}"));
}

/// What is in /run is gone at the next boot, the mark too.
#[test]
fn a_member_with_certificates_in_run_starts_without_its_data() {
    let release = release("3.4.23");
    let mut site = Site::new(&alone(line(release), DATA, "/run/etcd/certs"), release);
    site.install();
    let machine = &mut site.machines[0];
    machine.sh("systemctl start etcd; test -e /run/etcd/certs.one.started");
    machine.sh("systemctl stop etcd; cp -a /run/etcd /root/etcd; rm -r /root/etcd/*.started");
    machine.reboot();
    machine.sh("mkdir /run/etcd; cp -a /root/etcd/certs /run/etcd; mv /data/etcd /data/away");
    machine.sh("systemctl start etcd; test -e /run/etcd/certs.one.started");

    // And where the mark cannot be written, one line says so.
    machine
        .sh("systemctl stop etcd; rm /run/etcd/*.started; mount --bind -o ro /run/etcd /run/etcd");
    machine.sh("systemctl start etcd");
    let journal = machine.journal();
    let said = "/run/etcd/certs.one.started cannot be written: ";
    assert_eq!(journal.matches(said).count(), 1, "{journal}");
}

/// The start is refused with these words, and with this folder; all that is said.
fn refuses(machine: &mut Machine, words: &str, folder: &str) -> String {
    machine.sh("journalctl --rotate; journalctl --vacuum-time=1us");
    let Said { ok, .. } = machine.run("systemctl start etcd");
    assert!(!ok, "it starts: {}", machine.journal());
    let said = machine.journal();
    assert!(said.contains(&format!("etcd does not start: there is {words}. ")), "{said}");
    assert!(said.contains(&format!("    {folder} (mounted there: /")), "{said}");
    said.lines().filter(|line| line.contains("Only if one is")).collect()
}
