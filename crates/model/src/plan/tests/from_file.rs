//! Restores of all members from one file.

use super::cluster::{commands, flowers, known, lines, with};
use crate::change::Accepted;
use crate::plan::{Snapshot, Step, initial_cluster, restoration, restoration_on};
use crate::running::Running;
use insta::assert_snapshot;
use std::collections::BTreeMap;

fn restored(running: &Running, files: &[&str], has_alarm: bool) -> Vec<Step> {
    let ids = BTreeMap::new();
    let accepted = Accepted::default();
    let known = known(&ids, files, &accepted);
    let list = initial_cluster(running);
    restoration(running, &flowers(), &known, &snapshot(&list, has_alarm))
}

fn snapshot(list: &str, has_alarm: bool) -> Snapshot<'_> {
    let token = "t.5a0d.20261128T134650Z";
    Snapshot {
        file: "a:b.db",
        size: 5_000,
        sha256: "5a0d",
        token,
        list,
        has_alarm,
        is_corrupt: false,
    }
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
    bouquet etcdctl -- compaction --physical "$(bouquet etcdctl -- endpoint status -w json | grep -o '"revision":[0-9]*' | head -n 1 | cut -d : -f 2)" || true &&
    bouquet etcdctl daffodil -- --command-timeout=5m defrag &&
    bouquet etcdctl orange -- --command-timeout=5m defrag &&
    bouquet etcdctl pink -- --command-timeout=5m defrag &&
    bouquet etcdctl -- alarm disarm &&
    bouquet etcdctl -- put bouquet/plan done &&
    bouquet etcdctl -- del bouquet/plan
    == record it
    bouquet done --restored ./a:b.db --token t.5a0d.20261128T134650Z &&
    git commit -m 'Record the restore' cluster.toml cluster.lock
    "##);
}

/// Under it, a compaction is refused.
#[test]
fn an_alarm_that_members_differ_is_off_before_anything_is_compacted() {
    let (ids, accepted, running) = (BTreeMap::new(), Accepted::default(), flowers());
    let list = initial_cluster(&running);
    let known = known(&ids, &["etcd.service"], &accepted);
    let corrupt = Snapshot { is_corrupt: true, ..snapshot(&list, true) };
    let steps = restoration(&running, &running, &known, &corrupt);
    assert_snapshot!(commands(&steps[4..5]), @r##"
    == disarm alarms, then one write
    bouquet etcdctl -- alarm disarm &&
    bouquet etcdctl -- compaction --physical "$(bouquet etcdctl -- endpoint status -w json | grep -o '"revision":[0-9]*' | head -n 1 | cut -d : -f 2)" || true &&
    bouquet etcdctl daffodil -- --command-timeout=5m defrag &&
    bouquet etcdctl orange -- --command-timeout=5m defrag &&
    bouquet etcdctl pink -- --command-timeout=5m defrag &&
    bouquet etcdctl -- put bouquet/plan done &&
    bouquet etcdctl -- del bouquet/plan
    "##);
}

/// Its unit starts it from there, whatever is compiled.
#[test]
fn a_member_is_restored_into_the_folders_that_it_runs_with() {
    let running = with(flowers(), "wal-dir", "/wal of etcd");
    let [can, stops, restores] = on_pink(&running, &["etcd.service"]);
    assert_snapshot!(can, @r##"
    ( set -e
      chmod 0600 /root/restore-pink.db
      head -c -32 /root/restore-pink.db | sha256sum | grep -q ^5a0d || { echo "/root/restore-pink.db is not the file that was read" >&2; exit 1; }
      etcd --version | grep -Fx "etcd Version: 3.5.33" || { echo "etcd 3.5.33 is not installed here" >&2; exit 1; }
      etcdutl snapshot restore --help | grep -q -e --bump-revision || { echo "the etcdutl of 3.5.10 or later is not installed here" >&2; exit 1; }
      id etcd
      systemctl cat etcd >/dev/null
      member=$(readlink -m /data/etcd/member); ! grep -F -e " $member " -e " $member/" /proc/mounts || { echo "nothing was changed: what is mounted in $member cannot be set aside" >&2; exit 1; }
      room=/data/etcd; until [ -d "$room" ]; do room=$(dirname "$room"); done
      free=$(df --output=avail -B1 "$room" | tail -n 1 | tr -d ' '); [ "$free" -ge 134222728 ] || { echo "$room has $free bytes of space, and a restore takes 134222728" >&2; exit 1; }
      room='/wal of etcd'; until [ -d "$room" ]; do room=$(dirname "$room"); done
      free=$(df --output=avail -B1 "$room" | tail -n 1 | tr -d ' '); [ "$free" -ge 134217728 ] || { echo "$room has $free bytes of space, and a restore takes 134217728" >&2; exit 1; }
    )
    "##);
    assert_snapshot!(stops, @r##"
    ( set -e
      systemctl stop etcd
      now=$(date +%Y%m%dT%H%M%S)
      log=$(readlink -m '/wal of etcd')
      if mountpoint -q "$log"; then mkdir "$log"/$now; find "$log" -maxdepth 1 -name '*.wal' -exec mv -t "$log"/$now {} +; elif [ -e "$log" ]; then mv -T "$log" "$log".$now; fi
      [ ! -e /data/etcd/member ] || mv -T /data/etcd/member /data/etcd/member.$now
    )
    "##);
    assert_snapshot!(restores, @r##"
    ( set -e
      if systemctl is-active etcd | grep -qx -e active -e activating -e reloading && grep -qsFx -e t.5a0d.20261128T134650Z /data/etcd/member/restored; then rm -f /root/restore-pink.db; echo 'it is restored, and runs'; exit 0; fi
      ! systemctl is-active etcd | grep -qx -e active -e activating -e reloading || { echo "nothing was changed: etcd runs, and is to be stopped first" >&2; exit 1; }
      if ! grep -qsFx -e t.5a0d.20261128T134650Z /data/etcd/member/restored; then
        ! [ -e /data/etcd/member ] || { echo "nothing was changed: the data that is there is to be set aside first" >&2; exit 1; }
        log=$(readlink -m '/wal of etcd')
        mkdir -p -m 0700 /data/etcd "$log"
        chown etcd:etcd /data/etcd "$log"
        grep -qsFx -e t.5a0d.20261128T134650Z "$log"/restored || ! ls "$log" | grep '\.wal$' || { echo "nothing was changed: the log that is there is to be set aside first" >&2; exit 1; }
        rm -rf /data/etcd/restoring "$log"/restoring
        etcdutl snapshot restore /root/restore-pink.db --name=pink --initial-advertise-peer-urls=https://192.168.65.102:2380 --data-dir=/data/etcd/restoring --wal-dir="$log"/restoring --initial-cluster=daffodil=https://192.168.65.103:2380,orange=https://192.168.65.101:2380,pink=https://192.168.65.102:2380 --initial-cluster-token=t.5a0d.20261128T134650Z --bump-revision=1000000000 --mark-compacted
        printf "%s\n" t.5a0d.20261128T134650Z >/data/etcd/restoring/member/restored
        chown -R etcd:etcd /data/etcd/restoring "$log"/restoring
        printf "%s\n" t.5a0d.20261128T134650Z >"$log"/restored
        mv -f "$log"/restoring/*.wal "$log"/
        mv -T /data/etcd/restoring/member /data/etcd/member
        rm -r /data/etcd/restoring "$log"/restoring "$log"/restored
      fi
      systemctl start --no-block etcd
      rm -f /root/restore-pink.db
    )
    "##);
}

/// etcd may have its log anywhere in the folder of its data.
#[test]
fn a_log_in_what_is_set_aside_goes_with_it_and_any_other_is_set_aside_first() {
    let with_log = |path| on_pink(&with(flowers(), "wal-dir", path), &["etcd.service"]);
    let [_, plain_stops, _] = on_pink(&flowers(), &["etcd.service"]);
    for inside in ["/data/etcd/member/wal", "/data/etcd/member/log/of"] {
        let [_, stops, restores] = with_log(inside);
        assert_eq!(stops, plain_stops, "{inside}");
        let new = inside.replace("/data/etcd/", " --wal-dir=/data/etcd/restoring/");
        assert!(restores.contains(&format!("{new} --initial-cluster=")), "{restores}");
        assert!(!restores.contains("$log"), "{restores}");
    }
    for apart in ["/data/etcd/wal", "/data/etcd/logs/of/wal", "/data/etcd/members", "/wal/etcd"] {
        let [_, stops, restores] = with_log(apart);
        let at = |words: &str| {
            stops.find(words).or_else(|| restores.find(words)).unwrap_or_else(|| panic!("{words}"))
        };
        assert!(
            at("mv -T \"$log\" \"$log\".$now")
                < at("mv -T /data/etcd/member /data/etcd/member.$now")
        );
        assert!(at("mv -f \"$log\"/restoring/*.wal") < at("mv -T /data/etcd/restoring/member"));
        assert_eq!(restores.matches(&format!("log=$(readlink -m {apart})")).count(), 1);
    }
}

/// Its health would be waited for for ever, and it may be the one that is asked.
#[test]
fn each_line_that_a_node_takes_part_in_names_it_alone() {
    for has_alarm in [false, true] {
        let steps = restored(&flowers(), &["etcd.service"], has_alarm);
        let text = commands(&steps[..5]);
        let (_, text) = text.split_once("== restore all").unwrap();
        let read = if has_alarm { "get health" } else { "endpoint health" };
        for name in ["daffodil", "orange", "pink"] {
            let wait = format!("\nuntil bouquet etcdctl {name} -- {read}; do sleep 2; done");
            assert_eq!(text.matches(&wait).count(), 1, "{text}");
        }
        assert!(text.contains("\nbouquet etcdctl -- put bouquet/plan done &&\n"), "{text}");
        assert!(!text.contains("&& sleep 5"), "{text}");
    }
}

/// Where no unit starts it, a person sees whether it runs, and no line ends their shell for that.
#[test]
fn by_hand_nothing_of_systemd_is_asked() {
    let text = commands(&restored(&flowers(), &["etcd.sh"], false));
    let blocks = on_pink(&flowers(), &["etcd.sh"]).join("\n");
    assert!(blocks.lines().all(|line| line.starts_with("# ")), "{blocks}");
    for text in [text, blocks] {
        for word in [
            "systemctl stop etcd",
            "systemctl start --no",
            "is-active",
            "systemctl cat",
            "exit 0",
            "id etcd",
        ] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        assert!(text.contains("# stop etcd") && text.contains("# start etcd"), "{text}");
    }
}

/// One unit cannot start both.
#[test]
fn of_two_members_on_one_machine_each_is_restored_by_hand() {
    let mut running = flowers();
    let orange = running.members["orange"].options.clone();
    let pink = running.members.get_mut("pink").unwrap();
    let urls = "initial-advertise-peer-urls";
    pink.options.insert(urls.to_owned(), orange[urls].replace(":2380", ":3380"));
    let [_, stops, _] = on_pink(&running, &["etcd.service"]);
    assert!(stops.starts_with("# stop etcd\n"), "{stops}");
}

/// Returns what is printed for the node of pink.
fn on_pink(running: &Running, files: &[&str]) -> [String; 3] {
    let list = initial_cluster(running);
    restoration_on(running, "pink", files, &snapshot(&list, false)).expect("pink")
}
