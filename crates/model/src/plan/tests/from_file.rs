//! Restores of all members from one file.

use super::cluster::{commands, flowers, lines, with};
use crate::change::Accepted;
use crate::plan::{Known, Snapshot, Step, initial_cluster, restoration, restoration_on};
use crate::running::Running;
use insta::assert_snapshot;
use std::collections::BTreeMap;

fn restored(running: &Running, files: &[&str], has_alarm: bool) -> Vec<Step> {
    let ids = BTreeMap::new();
    let accepted = Accepted::default();
    let known = Known { program: "bouquet", ids: &ids, files, accepted: &accepted };
    let list = initial_cluster(running);
    restoration(running, &flowers(), &known, &snapshot(&list, has_alarm))
}

fn snapshot(list: &str, has_alarm: bool) -> Snapshot<'_> {
    Snapshot { file: "a:b.db", sha256: "5a0d", token: "t.5a0d.20261128T134650Z", list, has_alarm }
}

#[test]
fn nothing_is_stopped_before_all_can_restore_and_nothing_is_started_before_all_are_stopped() {
    let steps = restored(&flowers(), &["etcd.service"], true);
    assert_snapshot!(lines(&steps), @r##"
    the snapshot to all nodes: 3 2 1
    stop the clients: 3 2 1
    stop all, set their data aside: 3 2 stops
    restore all, start all: 3 2 stops
    disarm alarms, then one write: 3 2 1
    record it: 3 2 1
    start the clients: 3 2 1
    "##);
    assert_snapshot!(commands(&steps[4..6]), @r##"
    == disarm alarms, then one write
    bouquet etcdctl daffodil -- compaction --physical "$(bouquet etcdctl daffodil -- endpoint status -w json | grep -o '"revision":[0-9]*' | head -n 1 | cut -d : -f 2)" || true &&
    bouquet etcdctl daffodil -- --command-timeout=5m defrag &&
    bouquet etcdctl orange -- --command-timeout=5m defrag &&
    bouquet etcdctl pink -- --command-timeout=5m defrag &&
    bouquet etcdctl daffodil -- alarm disarm &&
    bouquet etcdctl daffodil -- put bouquet/plan done &&
    bouquet etcdctl daffodil -- del bouquet/plan
    == record it
    bouquet done --restored ./a:b.db --token t.5a0d.20261128T134650Z &&
    git commit -m 'Record the restore' cluster.toml cluster.lock
    "##);
}

/// Its unit starts it from there, whatever is compiled.
#[test]
fn a_member_is_restored_into_the_folders_that_it_runs_with() {
    let running = with(flowers(), "wal-dir", "/wal of etcd");
    let list = initial_cluster(&running);
    let [_, stops, restores] =
        restoration_on(&running, "pink", &snapshot(&list, false)).expect("pink");
    assert_snapshot!(stops.join("\n"), @r##"
    systemctl stop etcd
    now=$(date +%Y%m%dT%H%M%S)
    if mountpoint -q /data/etcd; then [ ! -e /data/etcd/member ] || mv -T /data/etcd/member /data/etcd/member.$now; elif [ -e /data/etcd ]; then mv -T /data/etcd /data/etcd.$now; fi
    if mountpoint -q '/wal of etcd'; then mkdir '/wal of etcd'/$now; find '/wal of etcd' -maxdepth 1 -name '*.wal' -exec mv -t '/wal of etcd'/$now {} +; elif [ -e '/wal of etcd' ]; then mv -T '/wal of etcd' '/wal of etcd'.$now; fi
    "##);
    assert_snapshot!(restores.join("\n"), @r##"
    if systemctl is-active etcd | grep -qx -e active -e activating -e reloading && [ ! -e /root/restore-pink.db ]; then echo 'it is restored, and runs'; exit 0; fi
    ! systemctl is-active etcd | grep -qx -e active -e activating -e reloading || { echo "nothing was changed: etcd runs, and is to be stopped first" >&2; exit 1; }
    to=/data/etcd.restoring; if mountpoint -q /data/etcd; then to=/data/etcd/restoring; fi
    rm -rf "$to"
    wal='/wal of etcd.restoring'; if mountpoint -q '/wal of etcd'; then wal='/wal of etcd/restoring'; fi
    rm -rf "$wal"
    etcdutl snapshot restore /root/restore-pink.db --name=pink --wal-dir="$wal" --initial-advertise-peer-urls=https://192.168.65.102:2380 --data-dir="$to" --initial-cluster=daffodil=https://192.168.65.103:2380,orange=https://192.168.65.101:2380,pink=https://192.168.65.102:2380 --initial-cluster-token=t.5a0d.20261128T134650Z --bump-revision=1000000000 --mark-compacted
    if [ "$to" = /data/etcd/restoring ]; then mv "$to"/member /data/etcd/ && rm -r "$to"; else mv -T "$to" /data/etcd; fi
    if [ "$wal" = '/wal of etcd/restoring' ]; then mv "$wal"/*.wal '/wal of etcd'/ && rm -r "$wal"; else mv -T "$wal" '/wal of etcd'; fi
    chown -R etcd:etcd /data/etcd
    chown -R etcd:etcd '/wal of etcd'
    rm /root/restore-pink.db
    systemctl start --no-block etcd
    "##);
}

/// Where no unit starts it, a person sees whether it runs, and no line ends their shell for that.
#[test]
fn by_hand_nothing_of_systemd_is_asked() {
    let steps = restored(&flowers(), &["etcd.sh"], false);
    let text = commands(&steps);
    assert!(!text.contains("systemctl is-active") && !text.contains("exit 0"), "{text}");
    assert!(text.contains("# stop etcd") && text.contains("# start etcd"), "{text}");
}
