//! `etcd.service`: a systemd unit for a member.

mod folders;
pub(super) mod guard;
mod sandbox;
mod script;

use super::command::flags;
use super::container::locks_memory;
use crate::artifact::header::member_header;
use crate::artifact::proxy::PROXY_VARIABLES;
use crate::artifact::quote::{exec_word, path_word};
use crate::artifact::row::Format;
use crate::cluster::{Cluster, Member, Setting, State};
use crate::places::{Place, places};
use crate::settings::settings;
use crate::systemd::Systemd;
use std::borrow::Cow;
use std::fmt::Write as _;

pub(super) static ROW: Format = Format {
    name: "systemd",
    file: "etcd.service",
    executable: false,
    by_default: true,
    names_release: false,
    about: "the same options in a hardened systemd unit",
    start: "a unit for `/etc/systemd/system/`; `systemctl enable --now etcd`",
    carries: |_, _| true,
    render: unit,
};

/// Until a quorum answers, etcd does not report itself ready; members of a new cluster may be
/// brought up by hand one after the other.
pub(super) const START_TIMEOUT: &str = "15min";

/// Returns a hardened unit whose flags are the whole configuration.
///
/// There is no `ExecReload=`: SIGHUP kills etcd. `Restart=on-failure` instead of `always`, so that a
/// member that was removed from its cluster comes to rest: it exits with 0 at once, and when it is
/// started again with 0 or, from 3.5.33 on in about one start of three, with 1 (`startEtcdOrProxyV2` in
/// `etcdmain/etcd.go` waits for two channels, and both are ready). Nothing limits the starts: a member
/// whose disk, address or peers are away for hours has to come back by itself.
pub(super) fn unit(cluster: &Cluster, member: &Member) -> String {
    let mut text = member_header(member, "/etc/systemd/system/etcd.service");
    let places = places(cluster, member);
    let systemd = &cluster.systemd;
    text.push_str(&head(member, &places));
    let _ = write!(
        text,
        "\n[Service]\n\
         Type=notify\n\
         User={user}\n\
         Group={group}\n\
         {environment}\
         UnsetEnvironment={proxies}\n\
         {guard}\
         {folders}\
         ExecStart={program} \\\n    {flags}\n\
         {mark}\
         TimeoutStartSec={START_TIMEOUT}\n\
         Restart=on-failure\n\
         RestartSec=10s\n\
         LimitNOFILE=65536\n\
         {memory}\
         OOMScoreAdjust=-900\n",
        proxies = PROXY_VARIABLES.join(" "),
        guard = guard::before(cluster, member),
        folders = folders::made(&places, cluster, member),
        user = systemd.user,
        group = systemd.group,
        environment = environment(systemd),
        program = path_word(systemd.program()),
        mark = guard::after(cluster, member),
        flags = words(&flags(cluster, member)),
        memory = if locks_memory(member) { "LimitMEMLOCK=infinity\n" } else { "" },
    );
    text.push_str("\n# Nothing but the network, the folders above and its own certificates.\n");
    text.push_str(&sandbox::lines(&places, cluster, member));
    text.push_str("\n[Install]\nWantedBy=multi-user.target\n");
    text
}

/// Returns the section `[Unit]`, with what etcd waits for.
pub(super) fn head(member: &Member, places: &[Place]) -> String {
    format!(
        "\n[Unit]\n\
         Documentation=https://etcd.io/docs/\n\
         Wants=network-online.target local-fs.target remote-fs.target time-sync.target\n\
         After=network-online.target local-fs.target remote-fs.target time-sync.target\n\
         StartLimitIntervalSec=0\n\
         Description=etcd member {}\n{}",
        member.name,
        folders::mounts(places),
    )
}

/// The name of the drop-in with which a member joins a cluster that runs.
pub const JOIN: &str = "10-join.conf";

/// Returns a drop-in with which a member joins a cluster that runs, by the members that it has then: etcd compares
/// their URLs with those that it knows, and reads this on an empty folder alone. `list` is `--initial-cluster`.
pub fn join_drop_in(cluster: &Cluster, member: &Member, list: &str) -> String {
    let flag = |setting: &Setting| match setting.name {
        "initial-cluster" => format!("--initial-cluster={list}"),
        "initial-cluster-state" => format!("--initial-cluster-state={}", State::Existing),
        name => format!("--{name}={}", setting.value.flag_text()),
    };
    let flags: Vec<String> = settings(cluster, member).iter().map(flag).collect();
    format!(
        "# {name} joins the cluster by this; it goes when the others know {name}.\n\
         [Service]\n\
         ExecStart=\n\
         ExecStart={program} \\\n    {flags}\n",
        name = member.name,
        program = path_word(cluster.systemd.program()),
        flags = words(&flags),
    )
}

/// Returns the arguments of `ExecStart=`, one a line.
fn words(flags: &[String]) -> String {
    flags.iter().map(|flag| exec_word(flag)).collect::<Vec<_>>().join(" \\\n    ")
}

/// Returns the variables that etcd gets, one a line.
fn environment(systemd: &Systemd) -> String {
    let line = |text: &Cow<'_, str>| format!("Environment={}\n", path_word(text));
    systemd.environment.iter().map(line).collect()
}
