//! `etcd.sh`: a member's command line.

use super::guard;
use crate::artifact::header::member_header;
use crate::artifact::proxy::PROXY_VARIABLES;
use crate::artifact::quote::shell_word;
use crate::artifact::row::Format;
use crate::cluster::{Cluster, Member};
use crate::settings::settings;

pub(super) static ROW: Format = Format {
    name: "command",
    file: "etcd.sh",
    executable: true,
    by_default: true,
    names_release: false,
    about: "runs the member in the foreground",
    start: "`sh etcd.sh` runs etcd in the foreground, as its caller",
    carries: |_, _| true,
    render: script,
};

/// Returns a POSIX shell script that execs etcd.
///
/// etcd dies where an option stands both in the environment and among the flags, and ignores
/// every flag where `ETCD_CONFIG_FILE` is set; so the script forgets what the calling shell has of
/// etcd's variables. `ETCD_UNSUPPORTED_ARCH` is no option and stays.
fn script(cluster: &Cluster, member: &Member) -> String {
    let flags = flags(cluster, member);
    format!(
        "#!/bin/sh\n{header}set -eu\n\n\
         # This file alone says how etcd runs: an option that is also in the environment is fatal.\n\
         for variable in $(env | sed -n 's/^\\(ETCD_[A-Z0-9_]*\\)=.*/\\1/p'); do\n    \
             [ \"$variable\" = ETCD_UNSUPPORTED_ARCH ] || unset \"$variable\"\n\
         done\n\
         # Members are reached directly, and not by a proxy that the environment names.\n\
         unset {proxies}\n\n\
         {guard}\n\
         exec etcd \\\n    {flags}\n",
        header = member_header(member, "runs it in the foreground"),
        proxies = PROXY_VARIABLES.join(" "),
        guard = guard::shell(cluster, member),
        flags = flags.iter().map(|f| shell_word(f)).collect::<Vec<_>>().join(" \\\n    "),
    )
}

/// Returns every option as `--name=value`: the only form that a boolean has with a value.
pub(super) fn flags(cluster: &Cluster, member: &Member) -> Vec<String> {
    let all = settings(cluster, member);
    all.iter().map(|s| format!("--{}={}", s.name, s.value.flag_text())).collect()
}
