//! Which states of a member's folders are refused: all that there are, without an etcd.

use super::seat::Seat;
use super::shell::SHELLS;
use crate::support::side_by_side::with_each;

/// Names that each of a shell, systemd and `sed` would read as something else.
const ODD: &str = r#"it's 50% of US$ "x" \n é"#;

fn spec(wal_dir: bool) -> String {
    let wal = if wal_dir { format!("wal-dir = '''/data/{ODD}/wal'''\n") } else { String::new() };
    format!(
        "[cluster]\ntoken = 'odd'\netcd = '3.6'\n[etcd]\ndata-dir = '''/data/{ODD}/etcd'''\n{wal}\
         [tls]\ncerts-dir = '''/opt/etcd/{ODD}/certs'''\n\
         [[member]]\nname = 'one'\nip = '127.0.0.1'\n[[client]]\nname = 'root'\n"
    )
}

/// A mark, a log, a database and a snapshot, each there or not, by bits; whether etcd is started.
const STATES: [(u8, bool); 16] = [
    (0b0000, true),
    // What an interrupted first start leaves.
    (0b0010, true),
    (0b0110, true),
    // What etcd replays.
    (0b0100, true),
    (0b0111, true),
    (0b0001, false),
    (0b0011, false),
    (0b0101, false),
    (0b1000, false),
    (0b1010, false),
    (0b1100, false),
    (0b1110, true),
    (0b1111, true),
    (0b1001, false),
    (0b1011, false),
    (0b1101, false),
];

#[test]
fn etcd_is_started_in_every_state_but_those_in_which_data_is_missing() {
    with_each(&SHELLS, |shell| {
        for wal_dir in [false, true] {
            let seat = Seat::with_program(&spec(wal_dir), "#!/bin/sh\necho etcd runs\n");
            let said = seat.does(&format!(
                "{setup}; certs='/opt/etcd/{odd}/certs' data='/data/{odd}/etcd' wal='{wal}'\n{SCRIPT}",
                setup = shell.setup,
                odd = ODD.replace('\'', r"'\''"),
                wal = if wal_dir { "../wal" } else { "member/wal" },
            ));
            for (state, starts) in STATES {
                let line = said.lines().find(|line| line.starts_with(&format!("{state} ")));
                let line = line.unwrap_or_else(|| panic!("{}: {state:04b}: {said}", shell.name));
                let expected = if starts { "started" } else { "refused" };
                assert!(line.ends_with(expected), "{}: {state:04b}: {said}", shell.name);
            }
        }
    });
}

/// For each state, its number and what happens.
const SCRIPT: &str = r#"
mkdir -p "$certs"
for state in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    rm -rf "$data/$wal" "$data" "$certs.one.started"
    mkdir -p "$data/$wal" "$data/member/snap"
    [ $((state & 8)) = 0 ] || printf '%s\n' "data-dir $data" >"$certs.one.started"
    [ $((state & 4)) = 0 ] || touch "$data/$wal/0000000000000000-0000000000000000.wal"
    [ $((state & 2)) = 0 ] || touch "$data/member/snap/db"
    [ $((state & 1)) = 0 ] || touch "$data/member/snap/0000000000000002-0000000000000006.snap"
    find "$data" "$data/$wal" | sort >before
    # It ends when the process that waits for the log has ended too.
    if [ "$($sh etcd.sh 9>&1 >said 2>&1; echo $?)" = 0 ]; then
        grep -q '^etcd runs' said
        echo "$state started"
    else
        head -n 1 said | grep -q '^etcd does not start: there is no '
        grep -qF "    $data (mounted there: " said
        # Nothing is made in the place of what is missing.
        find "$data" "$data/$wal" | sort | cmp - before
        if [ $((state & 8)) != 0 ]; then
            # What it says to do is what a shell can do.
            eval "$(sed -n 's/^Only if .* and added again: //p' said)"
            [ ! -e "$certs.one.started" ]
        fi
        echo "$state refused"
    fi
done
"#;

/// etcd would remove what is in it: a file there stands for what another log left. The busybox of this system has no
/// `mountpoint`, as it has no `findmnt`: there etcd says it.
#[test]
fn no_log_begins_in_a_mount_point_and_one_that_is_there_goes_on() {
    with_each(&SHELLS[..2], |shell| {
        for wal_dir in [false, true] {
            let seat = Seat::with_program(&spec(wal_dir), "#!/bin/sh\necho etcd runs\n");
            let said = seat.does(&format!(
                "{setup}; data='/data/{odd}/etcd' wal='{wal}'\n{MOUNTED}",
                setup = shell.setup,
                odd = ODD.replace('\'', r"'\''"),
                wal = if wal_dir { "../wal" } else { "member/wal" },
            ));
            assert!(said.contains("the end\n"), "{}: {said}", shell.name);
        }
    });
}

/// etcd would remove the link, and begin on another disk than is thought: also of a link that leads nowhere, as where that
/// disk is not mounted.
#[test]
fn no_log_begins_behind_a_link_and_one_that_is_there_goes_on() {
    with_each(&SHELLS, |shell| {
        for wal_dir in [false, true] {
            let seat = Seat::with_program(&spec(wal_dir), "#!/bin/sh\necho etcd runs\n");
            let said = seat.does(&format!(
                "{setup}; data='/data/{odd}/etcd' wal='{wal}'\n{LINKED}",
                setup = shell.setup,
                odd = ODD.replace('\'', r"'\''"),
                wal = if wal_dir { "../wal" } else { "member/wal" },
            ));
            assert!(said.contains("the end\n"), "{}: {said}", shell.name);
        }
    });
}

const LINKED: &str = r#"
mkdir -p "$data/member/snap" "$data/.." /opt/etcd/disk
ln -s /opt/etcd/disk/wal "$data/$wal"
for step in nowhere empty; do
    [ "$step" = nowhere ] || mkdir /opt/etcd/disk/wal
    if $sh etcd.sh >said 2>&1; then cat said; exit 1; fi
    head -n 1 said | grep -q '^etcd does not start: .*/wal is a symlink, and no log can begin there.$'
    grep -q '^    /opt/etcd/disk/wal$' said
    [ -h "$data/$wal" ]
done
touch "$data/$wal/0000000000000000-0000000000000000.wal"
$sh etcd.sh 9>&1 | grep -q '^etcd runs'
[ -h "$data/$wal" ]
rm "$data/$wal"
$sh etcd.sh 9>&1 | grep -q '^etcd runs'
echo 'the end'
"#;

const MOUNTED: &str = r#"
mkdir -p "$data/$wal" "$data/member/snap" "/opt/etcd"
mount -t tmpfs tmpfs "$data/$wal"
echo kept >"$data/$wal/1.wal.then"
for database in '' db; do
    [ -z "$database" ] || touch "$data/member/snap/$database"
    if $sh etcd.sh >said 2>&1; then cat said; exit 1; fi
    head -n 1 said | grep -q '^etcd does not start: .*/wal is a mount point, and no log can begin there.$'
    [ "$(ls "$data/$wal")" = 1.wal.then ]
done
grep -q 'unmount it, and take it out of /etc/fstab' said
case $wal in
    member/*) grep -qF "mount it outside $data/member, and name a folder in it as wal-dir" said ;;
    *) grep -q "name a folder in it, such as .*/wal/wal, as wal-dir" said ;;
esac
touch "$data/$wal/0000000000000000-0000000000000000.wal"
$sh etcd.sh 9>&1 | grep -q '^etcd runs'
echo 'the end'
"#;
