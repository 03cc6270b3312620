//! `etcd.container`: a member as a container of Podman's, of which Quadlet makes a systemd unit (podman-systemd.unit(5)).
//!
//! The unit has the guard that the unit without a container has: it does not start where etcd has run and its data is
//! missing. etcd is root in the container, and so its folders are root's.

use super::command::flags;
use super::container::{FILES, Mount, OOM_SCORE, image, locks_memory, mounts};
use super::systemd::{START_TIMEOUT, guard, head};
use crate::artifact::header::member_header;
use crate::artifact::quote::exec_word;
use crate::artifact::row::Format;
use crate::cluster::{Cluster, Member};
use crate::places::{WORKING_FOLDER, places};
use std::fmt::Write as _;

pub(super) static ROW: Format = Format {
    name: "quadlet",
    file: "etcd.container",
    executable: false,
    by_default: false,
    names_release: true,
    about: "the same options in a container of Podman's, which systemd starts",
    start: "for `/etc/containers/systemd/`; `systemctl daemon-reload`, `systemctl start etcd`: [in a container](#in-a-container)",
    carries: |_, _| true,
    render: container,
};

fn container(cluster: &Cluster, member: &Member) -> String {
    let mut text = member_header(member, "/etc/containers/systemd/etcd.container");
    text.push_str(&head(member, &places(cluster, member)));
    let _ = write!(
        text,
        "\n[Container]\n\
         Image={image}\n\
         ContainerName=etcd-{name}\n\
         Network=host\n\
         Notify=true\n\
         NoNewPrivileges=true\n\
         Ulimit=nofile={FILES}:{FILES}\n\
         {memory}\
         PodmanArgs=--http-proxy=false --oom-score-adj={OOM_SCORE}\n",
        name = member.name,
        image = image(cluster.version),
        memory = if locks_memory(member) { "Ulimit=memlock=-1:-1\n" } else { "" },
    );
    let mounts = mounts(cluster, member);
    for mount in &mounts {
        let _ = writeln!(text, "Mount={}", bind(mount));
    }
    if member.option("data-dir").is_none() {
        let _ = writeln!(text, "WorkingDir={WORKING_FOLDER}");
    }
    let flags: Vec<String> = flags(cluster, member).iter().map(|flag| exec_word(flag)).collect();
    let _ = writeln!(text, "Exec=etcd \\\n    {}", flags.join(" \\\n    "));
    let _ = write!(text, "\n[Service]\n{}", guard::before(cluster, member));
    for mount in mounts.iter().filter(|mount| mount.is_made && !mount.is_file) {
        let _ = writeln!(text, "ExecStartPre=mkdir -p {}", exec_word(mount.path.as_str()));
    }
    let _ = write!(
        text,
        "{}TimeoutStartSec={START_TIMEOUT}\nRestart=on-failure\nRestartSec=10s\n\
         \n[Install]\nWantedBy=multi-user.target\n",
        guard::after(cluster, member),
    );
    text
}

/// Returns a folder of the node at the same path: a word of fields as CSV has them (podman-run(1), `--mount`). It has to be
/// there: Podman makes none for a mount of this kind.
fn bind(mount: &Mount) -> String {
    let field = |key: &str| match format!("{key}={}", mount.path) {
        plain if !plain.contains([',', '"']) => plain,
        field => format!("\"{}\"", field.replace('"', "\"\"")),
    };
    let rest = if mount.is_written { "" } else { ",ro=true" };
    exec_word(&format!("type=bind,{},{}{rest}", field("source"), field("destination")))
}
