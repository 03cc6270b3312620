//! `etcd.service`: a systemd unit for a member.

use super::command::flags;
use crate::artifact::header::header;
use crate::artifact::proxy::PROXY_VARIABLES;
use crate::artifact::quote::{exec_word, path_word};
use crate::artifact::row::Format;
use crate::cluster::{Cluster, Member};
use crate::option::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(super) static ROW: Format = Format {
    name: "systemd",
    file: "etcd.service",
    executable: false,
    about: "the same options in a hardened systemd unit",
    start: "a unit for `/etc/systemd/system/`; `systemctl enable --now etcd`",
    carries: |_, _| true,
    render: unit,
};

/// Until a quorum answers, etcd does not report itself ready; members of a new cluster may be
/// brought up by hand one after the other.
const START_TIMEOUT: &str = "15min";

/// The account that etcd runs under; distributions' packages create it.
const USER: &str = "etcd";

/// A hardened unit whose flags are the whole configuration.
///
/// There is no `ExecReload=`: SIGHUP kills etcd. `Restart=on-failure` instead of `always`: a
/// member that was removed from its cluster exits with 0 and must stay down.
fn unit(cluster: &Cluster, member: &Member) -> String {
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
    text.push_str(&mounts(cluster, member));
    let _ = write!(
        text,
        "\n[Service]\n\
         Type=notify\n\
         User={USER}\n\
         Group={USER}\n\
         UnsetEnvironment={proxies}\n\
         {folders}\
         ExecStart=etcd \\\n    {flags}\n\
         TimeoutStartSec={START_TIMEOUT}\n\
         Restart=on-failure\n\
         RestartSec=10s\n\
         LimitNOFILE=65536\n\
         {memory}\
         OOMScoreAdjust=-900\n",
        proxies = PROXY_VARIABLES.join(" "),
        folders = folders(member),
        flags = flags(cluster, member)
            .iter()
            .map(|f| exec_word(f))
            .collect::<Vec<_>>()
            .join(" \\\n    "),
        memory = if locks_memory(member) { "LimitMEMLOCK=infinity\n" } else { "" },
    );
    text.push_str("\n# Nothing but the network, the folders above and its own certificates.\n");
    text.push_str(&sandbox(cluster, member));
    text.push_str("\n[Install]\nWantedBy=multi-user.target\n");
    text
}

/// A disk that `/etc/fstab` calls `nofail` may come late or never. Without this, etcd would then
/// begin with an empty folder below the place of the disk, as a member that lost its data.
fn mounts(cluster: &Cluster, member: &Member) -> String {
    let folders: BTreeSet<_> = &written_folders(member) | &read_folders(cluster);
    let line = |folder: &String| format!("RequiresMountsFor={}\n", path_word(folder));
    folders.iter().map(line).collect()
}

/// The folders that etcd writes to. They are created before the sandbox is entered, which cannot
/// open what is not there; `+` runs that as root.
fn folders(member: &Member) -> String {
    let mut text = String::new();
    let make = |mode| format!("install -d -m {mode} -o {USER} -g {USER}");
    for folder in data_folders(member) {
        let _ = writeln!(text, "ExecStartPre=+{} {}", make("0700"), exec_word(&folder));
    }
    for folder in log_folders(member) {
        // Not etcd's alone: one that is there, such as /var/log, stays as it is.
        let script = format!("test -d \"$0\" || {} \"$0\"", make("0750"));
        let (script, folder) = (exec_word(&script), exec_word(&folder));
        let _ = writeln!(text, "ExecStartPre=+sh -c {script} {folder}");
    }
    for folder in written_folders(member) {
        let _ = writeln!(text, "ReadWritePaths=-{}", path_word(&folder));
    }
    if member.option("data-dir").is_none() {
        // etcd's default data-dir is `NAME.etcd` in the working directory.
        text.push_str("StateDirectory=etcd\nStateDirectoryMode=0700\nWorkingDirectory=%S/etcd\n");
    }
    text
}

fn written_folders(member: &Member) -> BTreeSet<String> {
    &data_folders(member) | &log_folders(member)
}

fn read_folders(cluster: &Cluster) -> BTreeSet<String> {
    cluster.tls.iter().map(|tls| tls.certs_dir.trim_end_matches('/').to_owned()).collect()
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
    let folders = paths.filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder);
    folders.map(|folder| if folder.is_empty() { "/" } else { folder }.to_owned()).collect()
}

fn sandbox(cluster: &Cluster, member: &Member) -> String {
    let (written, read) = (written_folders(member), read_folders(cluster));
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
    let homes = ["/home", "/root", "/run/user"];
    let shared = ["/tmp", "/var/tmp"];
    if below(&homes, &written) {
        lines.retain(|line| *line != "ProtectHome=yes");
    } else if below(&homes, &read) {
        let home = lines.iter_mut().find(|line| **line == "ProtectHome=yes");
        *home.expect("it is above") = "ProtectHome=read-only";
    }
    if below(&shared, &(&written | &read)) {
        lines.retain(|line| *line != "PrivateTmp=yes");
    }
    if member.option("enable-log-rotation") == Some(&Value::Bool(true)) {
        // Each new file is given to the owner of the one before.
        lines.push("SystemCallFilter=@chown");
    }
    lines.join("\n") + "\n"
}

fn below(roots: &[&str], folders: &BTreeSet<String>) -> bool {
    let inside = |folder: &String| {
        roots.iter().any(|root| folder.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')))
    };
    folders.iter().any(inside)
}

fn ports(member: &Member) -> impl Iterator<Item = u16> {
    let more = ["listen-client-http-urls", "listen-metrics-urls"].into_iter().flat_map(|name| {
        let urls = match member.option(name) {
            Some(Value::List(urls)) => urls.as_ref(),
            _ => &[],
        };
        urls.iter().filter_map(|url| url.trim_end_matches('/').rsplit_once(':')?.1.parse().ok())
    });
    let urls = member.listen_peer_urls.iter().chain(member.listen_client_urls.iter());
    urls.map(|url| url.port).chain(more)
}

fn locks_memory(member: &Member) -> bool {
    ["memory-mlock", "experimental-memory-mlock"]
        .iter()
        .any(|name| member.option(name) == Some(&Value::Bool(true)))
}
