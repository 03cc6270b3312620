//! A first start that is killed at one operation after another: whatever it leaves, and etcd goes on from,
//! is not refused.

use super::seat::{Seat, spec};
use crate::support::operations::{changes, strace};
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::scope::cases;
use crate::support::side_by_side::with_each;
use bouquet_model::artifact::shell_word;
use std::fs;

#[test]
fn first_start_that_is_killed_at_any_operation_is_followed_by_another() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let seat = Seat::of_release(&spec(&block, release, "data-dir = '/data/etcd'"), release);
        seat.does(&format!("{}\ntraced -o /data/trace\nis_served\nkilled\n", script()));
        let trace = fs::read_to_string(seat.output.beside("data/trace")).expect("a trace");
        let mut operations = changes(&trace);
        // Most writes go to sockets, and none of them makes or removes a file.
        operations.retain(|(name, _)| !name.contains("write"));
        operations.sort();
        operations.dedup();
        assert!(operations.len() > 20, "{trace}");
        let few = operations.len().div_ceil(cases(10, 1000) as usize);
        let lines: Vec<_> = operations
            .iter()
            .step_by(few)
            .map(|(name, number)| format!("follow {name} {number}"))
            .collect();
        let said = seat.does(&(script() + FOLLOW + &lines.join("\n")));
        let count = |words: &str| said.lines().filter(|line| line.contains(words)).count();
        assert_eq!(count("etcd runs"), lines.len(), "{release}: {said}");
        // The log comes last: in nothing that it leaves is data missing.
        assert!(count("without a log") > 0 && count("with a log") > 0, "{release}: {said}");
        assert_eq!(count("with a log and no database"), 0, "{release}: {said}");
    });
}

/// Defines `traced`, which starts etcd by `etcd.sh` under an strace with further options; `is_served`,
/// which waits until it serves or has ended; `killed`.
fn script() -> String {
    let strace = strace();
    let words = std::iter::once(strace.get_program()).chain(strace.get_args());
    let words = words.map(|word| shell_word(word.to_str().expect("text")).into_owned());
    let words = words.collect::<Vec<_>>().join(" ");
    SCRIPT.replace("STRACE", &words)
}

const SCRIPT: &str = r#"
mkdir /tmp/traced
cat >/tmp/traced/etcd <<'END'
#!/bin/sh
exec STRACE $options /tmp/untraced/etcd "$@"
END
mkdir /tmp/untraced
cat >/tmp/untraced/etcd <<'END'
#!/bin/sh
echo $$ >/tmp/pid
exec /usr/local/bin/etcd "$@"
END
chmod +x /tmp/traced/etcd /tmp/untraced/etcd
start() {
    rm -f /tmp/ended
    # It ends when the process that waits for the log has ended too. A child that has ended looks alive
    # until it is waited for.
    { : "$(sh etcd.sh 9>&1 >/tmp/said 2>&1 || true)"; touch /tmp/ended; } &
    started=$!
}
traced() {
    rm -rf /data/etcd /opt/etcd/certs.one.started /tmp/pid
    export options="$*"
    PATH=/tmp/traced:$PATH start
}
is_served() {
    for _ in $(seq 200); do
        if grep -q 'ready to serve client requests' /tmp/said; then return 0; fi
        [ ! -e /tmp/ended ] || return 1
        sleep 0.1
    done
    cat /tmp/said
    exit 1
}
killed() {
    kill -KILL "$(cat /tmp/pid)" 2>/dev/null || true
    wait "$started"
}
"#;

/// Defines `follow`, which kills etcd at an operation and starts it again: for each kind of state without
/// a log etcd itself, which has to serve, else a program in its place.
const FOLLOW: &str = r#"
mkdir /tmp/stub
printf '#!/bin/sh\necho etcd runs\n' >/tmp/stub/etcd
chmod +x /tmp/stub/etcd
states=""
follow() {
    traced -e "inject=$1:signal=KILL:when=$2" -o /dev/null
    is_served || true
    killed
    state=$(cd /data && find . -path './etcd*' | sed 's/[0-9a-f-]\{16,\}/N/g' | sort | tr '\n' ' ')
    log="without a log"
    for file in /data/etcd/member/wal/*.wal; do [ ! -e "$file" ] || log="with a log"; done
    [ -e /data/etcd/member/snap/db ] || log="$log and no database"
    PATH=/tmp/stub:$PATH start
    wait "$started"
    echo "$1 $2: $log: $(cat /tmp/said)"
    case "$states" in *"<$state>"*) return ;; esac
    states="$states<$state>"
    case $log in "with a log"*) return ;; esac
    PATH=/tmp/untraced:$PATH start
    is_served
    killed
}
"#;
