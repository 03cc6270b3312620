//! `etcd.service`: a systemd unit for a member.

use super::command::flags;
use super::header;
use super::quote::exec_word;
use crate::cluster::{Cluster, Member};
use crate::option::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Until a quorum answers, etcd does not report itself ready; members of a new cluster may be
/// brought up by hand one after the other.
const START_TIMEOUT: &str = "15min";

/// The account that etcd runs under; distributions' packages create it.
const USER: &str = "etcd";

/// A hardened unit whose flags are the whole configuration.
///
/// There is no `ExecReload=`: SIGHUP kills etcd. `Restart=on-failure` instead of `always`: a
/// member that was removed from its cluster exits with 0 and must stay down.
pub(super) fn unit(cluster: &Cluster, member: &Member) -> String {
    let mut text =
        header(&format!("etcd member {}: /etc/systemd/system/etcd.service", member.name));
    text.push_str(
        "\n[Unit]\n\
         Documentation=https://etcd.io/docs/\n\
         Wants=network-online.target local-fs.target remote-fs.target time-sync.target\n\
         After=network-online.target local-fs.target remote-fs.target time-sync.target\n\
         StartLimitIntervalSec=0\n",
    );
    let _ = writeln!(text, "Description=etcd member {}", member.name);
    let _ = write!(
        text,
        "\n[Service]\n\
         Type=notify\n\
         User={USER}\n\
         Group={USER}\n\
         {folders}\
         ExecStart=etcd \\\n    {flags}\n\
         TimeoutStartSec={START_TIMEOUT}\n\
         Restart=on-failure\n\
         RestartSec=10s\n\
         LimitNOFILE=65536\n\
         {memory}\
         OOMScoreAdjust=-900\n",
        folders = folders(member),
        flags = flags(cluster, member)
            .iter()
            .map(|f| exec_word(f))
            .collect::<Vec<_>>()
            .join(" \\\n    "),
        memory = if locks_memory(member) { "LimitMEMLOCK=infinity\n" } else { "" },
    );
    text.push_str("\n# Nothing but the network, the folders above and its own certificates.\n");
    text.push_str(&sandbox(member));
    text.push_str("\n[Install]\nWantedBy=multi-user.target\n");
    text
}

/// The folders that etcd writes to. Its own are created before the sandbox is entered, which
/// cannot open what is not there; `+` runs that as root.
fn folders(member: &Member) -> String {
    let mut text = String::new();
    for folder in data_folders(member) {
        let folder = exec_word(&folder);
        let _ = writeln!(text, "ExecStartPre=+install -d -m 0700 -o {USER} -g {USER} {folder}");
        let _ = writeln!(text, "ReadWritePaths=-{folder}");
    }
    for folder in log_folders(member) {
        let _ = writeln!(text, "ReadWritePaths=-{}", exec_word(&folder));
    }
    if member.option("data-dir").is_none() {
        // etcd's default data-dir is `NAME.etcd` in the working directory.
        text.push_str("StateDirectory=etcd\nStateDirectoryMode=0700\nWorkingDirectory=%S/etcd\n");
    }
    text
}

fn data_folders(member: &Member) -> BTreeSet<String> {
    let folder = |name| match member.option(name) {
        Some(Value::Text(path)) => Some(path.trim_end_matches('/').to_owned()),
        _ => None,
    };
    ["data-dir", "wal-dir"].into_iter().filter_map(folder).collect()
}

/// `log-outputs` also takes words such as `stderr` and `systemd/journal`, which are no paths.
fn log_folders(member: &Member) -> BTreeSet<String> {
    let outputs = match member.option("log-outputs") {
        Some(Value::List(outputs)) => outputs.as_ref(),
        _ => &[],
    };
    let paths = outputs.iter().filter(|output| output.starts_with('/'));
    paths.filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder.to_owned()).collect()
}

fn sandbox(member: &Member) -> String {
    let written: BTreeSet<String> = &data_folders(member) | &log_folders(member);
    let below = |roots: &[&str]| {
        let inside = |path: &String, root: &&str| path.starts_with(&format!("{root}/"));
        written.iter().any(|path| roots.iter().any(|root| inside(path, root)))
    };
    let privileged = ports(member).any(|port| port < 1024);
    let mut lines = vec![
        "AmbientCapabilities=",
        "CapabilityBoundingSet=",
        "DevicePolicy=closed",
        "KeyringMode=private",
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "NoNewPrivileges=yes",
        "PrivateDevices=yes",
        "PrivateTmp=yes",
        "PrivateUsers=yes",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHome=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectProc=invisible",
        "ProtectSystem=strict",
        "RemoveIPC=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallArchitectures=native",
        "SystemCallErrorNumber=EPERM",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged @resources",
        "UMask=0077",
    ];
    if privileged {
        lines[0] = "AmbientCapabilities=CAP_NET_BIND_SERVICE";
        lines[1] = "CapabilityBoundingSet=CAP_NET_BIND_SERVICE";
        // A capability in a user namespace of its own opens no port of the host's.
        lines.retain(|line| *line != "PrivateUsers=yes");
    }
    if below(&["/home", "/root", "/run/user"]) {
        lines.retain(|line| *line != "ProtectHome=yes");
    }
    if below(&["/tmp", "/var/tmp"]) {
        lines.retain(|line| *line != "PrivateTmp=yes");
    }
    lines.join("\n") + "\n"
}

fn ports(member: &Member) -> impl Iterator<Item = u16> {
    member.listen_peer_urls.iter().chain(member.listen_client_urls.iter()).map(|url| url.port)
}

fn locks_memory(member: &Member) -> bool {
    ["memory-mlock", "experimental-memory-mlock"]
        .iter()
        .any(|name| member.option(name) == Some(&Value::Bool(true)))
}
