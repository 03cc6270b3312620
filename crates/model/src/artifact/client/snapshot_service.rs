//! `etcd-snapshot.service`: saves the cluster's data, once.

use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::sandbox::CLOSED;
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "etcd-snapshot.service",
    about: "a hardened systemd unit that saves a snapshot; its head says how it is installed",
    whom: Whom::Root,
    secures: false,
    leads: false,
    render: unit,
};

/// The account that it runs under: none of etcd's, so that nothing that breaks into etcd reaches the snapshots.
const ACCOUNT: &str = "etcd-snapshot";

/// Where the snapshots are. They hold all that is in etcd.
const FOLDER: &str = "/var/backups/etcd";

/// Where the metrics of the last one are, which anyone may read.
const STATE: &str = "etcd-snapshot";

/// Returns a unit that systemd hands the client's key to, whichever account owns it (`LoadCredential=`, from systemd
/// 247 on): the program looks for it in `CREDENTIALS_DIRECTORY`.
fn unit(cluster: &Cluster, client: &Client) -> String {
    let (with, keys) = match cluster.tls {
        Some(_) => {
            let keys = ["ca.crt", "client.crt", "client.key"].map(|file| credential(client, file));
            (format!("the client's files in {},", client.certs_dir), keys.concat())
        }
        None => ("etcd's client port".to_owned(), String::new()),
    };
    let program = &cluster.program;
    header(
        "/etc/systemd/system/etcd-snapshot.service: saves all that is in etcd, by the timer beside it",
    ) + &format!(
        "#\n\
             # As root, on a machine that reaches the members. It needs {with}\n\
             # and the program that `cargo build --release` makes, here as ./{program}:\n\
             #   install -m 0755 {program} /usr/local/bin/{program}\n\
             #   useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {ACCOUNT}\n\
             #   install -d -m 0700 -o {ACCOUNT} -g {ACCOUNT} {FOLDER}\n\
             #   install -m 0644 etcd-snapshot.service etcd-snapshot.timer /etc/systemd/system/\n\
             #   systemctl daemon-reload && systemctl enable --now etcd-snapshot.timer\n\
             #   systemctl start etcd-snapshot.service && ls {FOLDER}\n\
             # For node_exporter, link /var/lib/{STATE}/etcd-snapshot.prom into its folder of text files.\n\
             # Later builds of the program are installed as the first one. Nothing of etcd's is restarted.\n\
             \n\
             [Unit]\n\
             Description=Snapshot of etcd\n\
             Documentation=https://etcd.io/docs/\n\
             Wants=network-online.target time-sync.target\n\
             After=network-online.target time-sync.target\n\
             \n\
             [Service]\n\
             Type=oneshot\n\
             User={ACCOUNT}\n\
             Group={ACCOUNT}\n\
             {keys}\
             ExecStart=/usr/local/bin/{program} snapshot {FOLDER} --keep 14 \\\n    \
             --client root --textfile /var/lib/{STATE}/etcd-snapshot.prom\n\
             StateDirectory={STATE}\n\
             StateDirectoryMode=0755\n\
             ReadWritePaths={FOLDER}\n\
             TimeoutStartSec=1h\n\
             Nice=10\n\
             IOSchedulingClass=idle\n\
             \n\
             # Nothing but the network, the two folders above and its own certificate.\n"
    ) + &CLOSED.join("\n")
        + "\n"
}

/// Writes a credential. The rest of such a line is a path without quotes; `%` is a specifier's (systemd.exec(5),
/// systemd.unit(5)).
fn credential(client: &Client, file: &str) -> String {
    let path = client.certs_dir.join(file).to_string().replace('%', "%%");
    format!("LoadCredential={file}:{path}\n")
}
