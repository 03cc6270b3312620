//! The shell of someone who operates the cluster, where `ssh` and `scp` lead to the machines.

use bouquet_rig::Machine;
use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// `ssh root@ADDRESS WORDS`: they are handed to a shell there, with a search path such as accounts have that are not root's.
const SSH: &str = r#"#!/bin/sh
host=${1#root@}
shift
init=$(cat "AT/$host") || exit 255
exec nsenter --target "$init" --mount --uts --ipc --net --pid --cgroup -- \
    env -i PATH=/usr/local/bin:/usr/bin:/bin sh -c 'cd /root && exec sh -c "$1"' ssh "$*"
"#;

/// `scp [-r] FROM… root@ADDRESS:[FOLDER]`.
const SCP: &str = r#"#!/bin/sh
set -eu
[ "$1" != -r ] || shift
for to do :; done
folder=${to#*:}
while [ $# -gt 1 ]; do
    tar -c -C "$(dirname "$1")" "$(basename "$1")" | ssh "${to%%:*}" "tar -x -C ${folder:-.}"
    shift
done
"#;

/// Puts what leads to these machines into a folder, which is to be the first of the search path.
pub(super) fn put<'a>(folder: &Path, machines: impl Iterator<Item = (&'a IpAddr, &'a Machine)>) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir(folder).expect("a folder");
    for (address, machine) in machines {
        let init = machine.init().expect("it is on");
        fs::write(folder.join(address.to_string()), init).expect("a file");
    }
    let ssh = SSH.replace("AT", &folder.display().to_string());
    for (name, text) in [("ssh", ssh.as_str()), ("scp", SCP)] {
        let path = folder.join(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
}
