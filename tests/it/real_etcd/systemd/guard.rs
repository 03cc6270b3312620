//! A member whose data is missing, under a systemd that runs.

use super::site::Site;
use super::{GET, PUT, alone, line};
use crate::support::run::Said;
use crate::support::scope::release;
use bouquet_rig::Machine;

pub(super) const MARK: &str = "/opt/etcd/certs.one.started";
pub(super) const DATA: &str = "data-dir = \"/data/etcd\"";

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

/// The start is refused with these words, and with this folder; all that is said.
pub(super) fn refuses(machine: &mut Machine, words: &str, folder: &str) -> String {
    machine.sh("journalctl --rotate; journalctl --vacuum-time=1us");
    let Said { ok, .. } = machine.run("systemctl start etcd");
    assert!(!ok, "it starts: {}", machine.journal());
    // The last of its lines may come a moment later.
    machine.wait_for("journalctl --unit=etcd | grep -q 'Only if one is'");
    let said = machine.journal();
    assert!(said.contains(&format!("etcd does not start: there is {words}. ")), "{said}");
    assert!(said.contains(&format!("    {folder} (mounted there: /")), "{said}");
    said.lines().filter(|line| line.contains("Only if one is")).collect()
}
