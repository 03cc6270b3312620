//! `etcd-snapshot.timer`: when snapshots are saved.

use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "etcd-snapshot.timer",
    about: "starts that unit every night; a night that the machine was off is made up for",
    whom: Whom::Root,
    secures: false,
    leads: false,
    render: timer,
};

fn timer(_: &Cluster, _: &Client) -> String {
    header("/etc/systemd/system/etcd-snapshot.timer: as the head of etcd-snapshot.service has it")
        + "\n\
           [Unit]\n\
           Description=Snapshot of etcd every night\n\
           \n\
           [Timer]\n\
           OnCalendar=*-*-* 02:00:00\n\
           RandomizedDelaySec=30min\n\
           Persistent=true\n\
           \n\
           [Install]\n\
           WantedBy=timers.target\n"
}
