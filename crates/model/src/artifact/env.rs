//! `etcd.env`: a member's options as environment variables.

use super::{double_quoted, header};
use crate::cluster::{Cluster, Member};
use crate::settings::settings;
use std::fmt::Write as _;

/// Lines that systemd's `EnvironmentFile=` and a POSIX shell read alike.
pub(super) fn file(cluster: &Cluster, member: &Member) -> String {
    let mut text = header(&format!(
        "etcd member {}: for EnvironmentFile= of systemd, or in a shell:\n\
         # set -a; . ./etcd.env; set +a; exec etcd",
        member.name
    ));
    for setting in settings(cluster, member) {
        let name = setting.option().env_name();
        let value = double_quoted(&setting.value.flag_text());
        let _ = writeln!(text, "{name}={value}");
    }
    text
}
