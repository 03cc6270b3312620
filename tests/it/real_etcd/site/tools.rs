//! The scripts that stand for `ssh`, `scp`, `systemctl` and for the compiled program.

/// `ssh [-n] root@HOST WORDS`: they are handed to a shell there. `nodes/MACHINE` runs it on the one that has the
/// address. As the real one, it swallows what comes on stdin, but with `-n`.
pub(super) const SSH: &str = r#"#!/bin/sh
if [ "$1" = -n ]; then shift; exec </dev/null; else cat >/dev/null; fi
host=${1#root@}
shift
if [ "$host" = HOST ]; then
    # The one machine of all clients, which needs nothing but folders.
    [ "${1#mkdir -p /}" != "$1" ] || exit 1
    exec mkdir -p "$SITE/machines/HOST/${1#mkdir -p /}"
fi
machine=$(readlink "$SITE/machines/$host") || { echo "no machine at $host" >&2; exit 255; }
COMMAND="$*" exec "$SITE/nodes/$machine"
"#;

/// `scp [-r] FROM… TO`, each of which may be `root@HOST:PATH`.
pub(super) const SCP: &str = r#"#!/bin/sh
set -eu
[ "$1" != -r ] || shift
place() {
    case $1 in
    root@*) host=${1#root@}; echo "$SITE/machines/${host%%:*}${host#*:}" ;;
    *) echo "$1" ;;
    esac
}
for to do :; done
while [ $# -gt 1 ]; do cp -r "$(place "$1")" "$(place "$to")"; shift; done
"#;

/// `cargo build`: the build step, whose program is `bouquet` from then on.
pub(super) const CARGO: &str = r#"#!/bin/sh
[ "$*" = build ] || { echo "cargo $*?" >&2; exit 1; }
cd "$SITE" && OUT_DIR="$SITE" exec COMPILE_STEP cluster.toml out
"#;

/// etcd's unit and no other; `start` returns when etcd says that it is ready, as with `Type=notify`. Of what
/// comes before and after, the guard is run.
pub(super) const SYSTEMCTL: &str = r#"#!/bin/sh
unit=/etc/systemd/system/etcd.service
pid=/state/pid
# A line goes on behind a backslash, and doubled signs are single ones (systemd.service(5)).
lines() {
    sed -e ':more' -e '/\\$/{N;s/\\\n/ /;b more' -e '}' $unit | sed -n "s/^$1//p" |
        sed 's/%%/%/g; s/\$\$/$/g; s/\\\\/\\/g'
}
guard() { lines "$1=+" | grep mark= | sh -eu; }
stop() {
    [ -f $pid ] || return 0
    kill "$(cat $pid)" 2>/dev/null
    while kill -0 "$(cat $pid)" 2>/dev/null; do sleep 0.1; done
    rm $pid
}
start() {
    [ -f $unit ] || { echo 'Unit etcd.service not found.' >&2; exit 5; }
    # One that runs is left alone.
    [ ! -f $pid ] || ! kill -0 "$(cat $pid)" 2>/dev/null || return 0
    guard ExecStartPre || exit 1
    [ ! -f /state/log ] || cat /state/log >>/state/old
    : >/state/log
    setsid sh -c "exec $(lines ExecStart=)" >>/state/log 2>&1 </dev/null &
    echo $! >$pid
    # A function that is called with its output elsewhere keeps the former one open meanwhile.
    if [ "$1" = wait ]; then ready; else (exec >/dev/null 2>&1 </dev/null; ready) & fi
}
ready() {
    for i in $(seq 600); do
        if grep -q -e 'ready to serve client requests' -e 'serving client traffic' /state/log; then
            guard ExecStartPost
            return
        fi
        kill -0 "$(cat $pid)" 2>/dev/null || { tail -n 5 /state/log >&2; exit 1; }
        sleep 0.1
    done
    exit 1
}
case "$*" in
daemon-reload) ;;
'cat etcd') cat $unit ;;
'is-active etcd')
    if [ -f $pid ] && kill -0 "$(cat $pid)" 2>/dev/null; then echo active; else echo inactive; exit 3; fi ;;
'enable --now etcd' | 'start etcd') start wait ;;
'start --no-block etcd') start ;;
'disable --now etcd' | 'stop etcd') stop ;;
'restart etcd') stop; start wait ;;
*) echo "systemctl $*?" >&2; exit 1 ;;
esac
"#;

/// Anyone but root may give nothing away.
pub(super) const INSTALL: &str = r#"#!/bin/sh
for word do
    shift
    case $word in -o | -g) ;; etcd) ;; *) set -- "$@" "$word" ;; esac
done
exec /usr/bin/install "$@"
"#;

/// The compiled program: etcdctl as it calls it, for each member and for all; that something was recorded is
/// noted, but for a restore; for all else it is asked itself.
pub(super) const BOUQUET: &str = r#"#!/bin/sh
case "$*" in
'done --replaced '*) : >"$SITE/recorded"; BOUQUET_PACKAGE="$SITE" exec "$SITE/program/bouquet" "$@" --yes ;;
'done --restored '*) BOUQUET_PACKAGE="$SITE" exec "$SITE/program/bouquet" "$@" --yes ;;
done*) : >"$SITE/recorded"; exit 0 ;;
esac
[ "$1" = etcdctl ] || BOUQUET_PACKAGE="$SITE" exec "$SITE/program/bouquet" "$@"
shift
who=all
[ "$1" = -- ] || { who=$1; shift; }
shift
case " $* " in *" --endpoints="*) who=none ;; esac
exec "$SITE/etcdctl.$who" "$@"
"#;

/// Hands a step of `apply` over to whoever does it, and ends as they say.
pub(super) const HANDS: &str = r#"#!/bin/sh
cat >"$SITE/asked.new" && mv "$SITE/asked.new" "$SITE/asked"
until [ -e "$SITE/answer" ]; do sleep 0.05; done
read -r code <"$SITE/answer"
rm "$SITE/answer"
exit "$code"
"#;

/// `journalctl -u etcd`: what etcd has said since it was started first.
pub(super) const JOURNALCTL: &str = r"#!/bin/sh
cat /state/old /state/log 2>/dev/null
";
