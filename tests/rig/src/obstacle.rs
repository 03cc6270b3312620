//! Whether machines can be booted on this computer.

use crate::run::run;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::Command;

/// Makes the namespaces and the cgroup of a machine, and removes them again.
const PROBE: &str = r#"
name=rig-probe-$$
unshare --mount --uts --ipc --pid --net --fork true || exit 1
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ -e "$tree/cgroup.procs" ] || continue
    mkdir "$tree/$name" || exit 1
    rmdir "$tree/$name"
done
"#;

/// Returns what keeps machines from being booted here, and the way out, if anything does.
pub fn obstacle() -> Option<String> {
    let why = if is_root() {
        let said = run(Command::new("sh").args(["-c", PROBE]));
        if said.ok {
            return None;
        }
        format!("there are no namespaces or cgroups for them:\n{}", said.stderr.trim_end())
    } else {
        "only root does that: run this by `sudo`".to_owned()
    };
    Some(format!("no machine can be booted here: {why}"))
}

/// Whether this process may do anything.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
