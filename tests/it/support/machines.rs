//! Members as processes of one shell script, which stops and starts them as a person would, each time
//! from the files of another build if need be.

use super::run::etcd;
use std::path::Path;
use std::process::Command;

/// What a script may say.
///
/// `run MEMBER RELEASE OUT` starts a member from the environment file in a build's `out/`: the one form that
/// has no guard. Certificates that are to be in `$FOLDER/certs` are those of that `out/`. `stop MEMBER`; `ask …` is etcdctl; `healthy` waits until all are; `answers` is whether
/// anybody commits a write. `$FOLDER/log.MEMBER` is what a member said, since `forget MEMBER`.
const WORDS: &str = r#"
set -eu
run() {
    sed "s#$FOLDER/certs#$3/members/$1/certs#g" "$3/members/$1/etcd.env" >"$FOLDER/env.$1"
    (cd "$FOLDER"; PATH="$TOOLS/$2:$PATH"; set -a; . "$FOLDER/env.$1"; set +a; exec etcd) >>"$FOLDER/log.$1" 2>&1 &
    echo $! >"$FOLDER/pid.$1"
}
stop() { kill "$(cat "$FOLDER/pid.$1")" 2>/dev/null || true; wait "$(cat "$FOLDER/pid.$1")" 2>/dev/null || true; }
lives() { kill -0 "$(cat "$FOLDER/pid.$1")" 2>/dev/null; }
ask() { PATH="$TOOLS/$RELEASE:$PATH" etcdctl --command-timeout=4s --endpoints="$ENDPOINTS" "$@"; }
forget() { : >"$FOLDER/log.$1"; }
within() {
    end=$(($(date +%s) + $1)); shift
    until "$@" >"$FOLDER/said" 2>&1; do
        [ "$(date +%s)" -lt $end ] || { echo "never: $*"; cat "$FOLDER/said" "$FOLDER"/log.*; exit 1; }
        sleep 0.3
    done
}
healthy() { within 40 ask endpoint health; }
answers() { ask put bouquet again >/dev/null 2>&1; }
says() { grep -qF -e "$2" "$FOLDER/log.$1"; }
refuse() { echo "not so: $*"; cat "$FOLDER"/log.*; exit 1; }
"#;

/// Runs a script in a process group of its own, in a folder that is there, and returns what it printed.
///
/// # Panics
/// If it fails, with all that it said.
pub(crate) fn machines(folder: &Path, releases: &[&str], endpoints: &str, script: &str) -> String {
    // Each of them is there, or the test says so before it starts.
    let tools: Vec<_> = releases.iter().map(|release| etcd(release)).collect();
    let output = Command::new("unshare")
        .args(["--map-root-user", "--pid", "--fork", "--kill-child", "sh", "-c"])
        .arg(format!("{WORDS}\nRELEASE={}\n{script}\necho REACHED", releases[0]))
        .env("FOLDER", folder)
        .env("TOOLS", tools[0].parent().expect("a folder"))
        .env("ENDPOINTS", endpoints)
        .env("ETCDCTL_API", "3")
        .output()
        .expect("this test needs unshare: install util-linux");
    let [said, more] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(said.ends_with("REACHED\n"), "{said}\n{more}");
    said
}
