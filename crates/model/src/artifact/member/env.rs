//! `etcd.env`: a member's options as environment variables.

use crate::artifact::header::header;
use crate::artifact::quote::double_quoted;
use crate::artifact::row::Format;
use crate::cluster::{Cluster, Member};
use crate::settings::settings;
use std::fmt::Write as _;

pub(super) static ROW: Format = Format {
    name: "env",
    file: "etcd.env",
    executable: false,
    about: "the same options as environment variables",
    start: "`EnvironmentFile=` of a unit of your own, or `set -a; . ./etcd.env; set +a; exec etcd`",
    carries: |_, _| true,
    render: file,
};

/// Lines that systemd's `EnvironmentFile=` and a POSIX shell read alike.
fn file(cluster: &Cluster, member: &Member) -> String {
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
