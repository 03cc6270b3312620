//! `cloud-init.yaml`: what makes a new machine a member's node at its first boot (cloud-init's `users`, `write_files` and
//! `runcmd`).
//!
//! It has no key: a machine's user data can be read by any process on it, from the cloud's metadata service. So
//! the unit is there and enabled, and etcd starts once its certificates and its program came another way.

use super::systemd::unit;
use crate::artifact::header::member_header;
use crate::artifact::row::Format;
use crate::artifact::yaml::Yaml;
use crate::cluster::{Cluster, Member};

pub(super) static ROW: Format = Format {
    name: "cloud-init",
    file: "cloud-init.yaml",
    executable: false,
    by_default: false,
    names_release: false,
    about: "user data for cloud-init: the account and the unit, and no key",
    start: "the user data of a new machine: [by cloud-init](#by-cloud-init)",
    carries: |_, _| true,
    render: user_data,
};

/// cloud-init knows user data of this kind by its first line.
const KIND: &str = "#cloud-config\n";

fn user_data(cluster: &Cluster, member: &Member) -> String {
    let head =
        KIND.to_owned() + &member_header(member, "the user data of its machine, for cloud-init");
    let systemd = &cluster.systemd;
    let name = format!("{}.service", cluster.unit_name(member));
    let data = Yaml::below(head);
    let data = if systemd.user == "root" {
        data
    } else {
        let users = data
            .list("groups", &[systemd.group.to_string()])
            .block("users")
            .items(&["default"])
            .item()
            .text("name", &systemd.user)
            .text("primary_group", &systemd.group)
            .word("system", "true")
            .word("no_create_home", "true")
            .text("shell", "/usr/sbin/nologin")
            .out();
        users.top()
    };
    let place = format!("/etc/systemd/system/{name}");
    data.block("write_files")
        .item()
        .text("path", &place)
        .text("permissions", "0644")
        .literal("content", &unit(cluster, member))
        .top()
        .block("runcmd")
        .items(&["systemctl daemon-reload", &format!("systemctl enable --now --no-block {name}")])
        .end()
}
