//! A member whose data is missing, comes back, is moved, restored and given up, in every shell.

use super::seat::{Seat, spec};
use super::shell::SHELLS;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use std::net::Ipv4Addr;

#[test]
fn a_member_that_has_run_does_not_start_without_its_data() {
    let all = releases();
    let all: Vec<_> = all.iter().flat_map(|release| SHELLS.map(|shell| (release, shell))).collect();
    with_each(&all, |(release, shell)| {
        let block = Block::claim();
        let options = "data-dir = '/data/etcd'\nwal-dir = '/data/log/wal'";
        let seat = Seat::of_release(&spec(&block, release, options), release);
        let address = block.address(Ipv4Addr::LOCALHOST);
        let said = seat.run(&format!("{}\naddress={address}\n{STORY}", shell.setup));
        let told = format!("{} {release}: {}{}", shell.name, said.stdout, said.stderr);
        assert!(said.ok && said.stdout.ends_with("the end\n"), "{told}");
    });
}

/// Each step is said before it is done, so that a failure tells where it is.
const STORY: &str = r#"
export ETCDCTL_API=3
mark=/opt/etcd/certs.one.started script=etcd.sh
trap '[ $? = 0 ] || cat /tmp/said; kill "$pid" 2>/dev/null || true' EXIT
ctl() {
    etcdctl --endpoints="https://$address:2379" --cacert=/root/client/ca.crt \
        --cert=/root/client/client.crt --key=/root/client/client.key "$@"
}
soon() {
    for _ in $(seq 300); do if "$@" >/tmp/soon 2>&1; then return 0; fi; sleep 0.1; done
    cat /tmp/soon
    exit 1
}
start() {
    "$sh" "$script" >/tmp/said 2>&1 &
    pid=$!
    soon ctl endpoint health
}
stop() { kill "$pid"; wait "$pid" || true; }
has() { [ "$(ctl get --print-value-only flower)" = "$1" ]; }
refused() {
    ls -RA /data >/tmp/before
    if "$sh" "$script" >/tmp/said 2>&1; then exit 1; fi
    ls -RA /data | cmp - /tmp/before
    grep -q '^etcd does not start: there is no ' /tmp/said
    grep -qF "    $1 (mounted there: " /tmp/said
}

echo 'it starts, and has the mark'
[ ! -e $mark ]
start
soon [ -e $mark ]
[ "$(grep -v '^#' $mark)" = "$(printf '%s\n' 'member one' 'data-dir /data/etcd' 'wal-dir /data/log/wal')" ]
ctl put flower pink
ctl snapshot save /data/saved.db
stop

echo 'it starts again'
start
has pink
stop

echo 'a log alone is replayed, where nothing tells that there was more'
rm /data/etcd/member/snap/db $mark
start
has pink
soon [ -e $mark ]
stop

echo 'the disk of the data is not mounted'
mv /data/etcd /data/away
refused /data/etcd
grep -q 'no database in /data/etcd/member/snap' /tmp/said
mkdir /data/etcd
refused /data/etcd
rmdir /data/etcd
mv /data/away /data/etcd

echo 'the disk of the log is not mounted'
mv /data/log /data/away
refused /data/log/wal
grep -q 'no log in /data/log/wal' /tmp/said
mv /data/away /data/log
start
has pink
stop

echo 'certificates were replaced, and the data is gone'
cp -a /opt/etcd/certs /opt/etcd/certs.new
mv /opt/etcd/certs /opt/etcd/certs.old
mv /opt/etcd/certs.new /opt/etcd/certs
rm -r /data/etcd/member /data/log/wal
refused /data/etcd

echo 'a snapshot is restored'
rm -r /data/etcd /data/log
restore=etcdctl
if command -v etcdutl >/dev/null; then restore=etcdutl; fi
url="https://$address:2380"
$restore snapshot restore /data/saved.db --name one --data-dir /data/etcd --wal-dir /data/log/wal \
    --initial-cluster "one=$url" --initial-cluster-token again --initial-advertise-peer-urls "$url"
start
has pink
stop

echo 'data-dir is another, and the data is not there'
sed 's|/data/etcd|/data/moved|' etcd.sh >moved.sh
script=moved.sh
refused /data/etcd
mv /data/etcd /data/moved
start
has pink
soon grep -qx 'data-dir /data/moved' $mark
stop

echo 'it begins again on purpose'
rm -r /data/moved /data/log
refused /data/moved
eval "$(sed -n 's/^Only if .* and added again: //p' /tmp/said)"
start
has ''
soon [ -e $mark ]
stop

echo 'the mark is not written through a link'
rm $mark
ln -s /data/others $mark
start
soon [ -f $mark -a ! -L $mark ]
[ ! -e /data/others ]
stop

echo 'there is no place for the mark'
rm $mark
mount -o remount,ro,bind /opt/etcd
start
[ "$(grep -c 'certs.one.started cannot be written' /tmp/said)" = 1 ]
stop
pid=""
echo 'the end'
"#;
