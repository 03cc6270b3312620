//! The rows, one file for each part, and the order of the whole.
//!
//! Sources, all at the tags v3.4.0 to v3.7.1: the flags with their types and
//! defaults are `newConfig` in etcd's `etcdmain/config.go` and, from 3.6 on,
//! `Config.AddFlags` in `embed/config.go`; limits are `Config.Validate` there
//! unless a row says otherwise.

mod auth;
mod clustering;
mod discovery;
mod features;
mod identity;
mod logging;
mod member;
mod monitoring;
mod security;
mod tracing;
mod v2;

use super::etcd_option::{EtcdOption, Group};

/// Every option, in the order in which renderers emit them.
pub static OPTIONS: &[EtcdOption] = &IN_ORDER;

/// Identity and TLS first, because that is what a reader of a command looks
/// for; then as in `etcd --help`.
const PARTS: &[(Group, &[EtcdOption])] = &[
    (Group::Identity, identity::ROWS),
    (Group::Security, security::ROWS),
    (Group::Member, member::ROWS),
    (Group::Clustering, clustering::ROWS),
    (Group::Auth, auth::ROWS),
    (Group::Monitoring, monitoring::ROWS),
    (Group::Logging, logging::ROWS),
    (Group::Tracing, tracing::ROWS),
    (Group::Features, features::ROWS),
    (Group::V2, v2::ROWS),
    (Group::Discovery, discovery::ROWS),
];

const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].1.len();
        part += 1;
    }
    count
};

static IN_ORDER: [EtcdOption; COUNT] = {
    let mut all = [PARTS[0].1[0]; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let (group, rows) = PARTS[part];
        let mut row = 0;
        while row < rows.len() {
            all[at] = rows[row].within(group);
            at += 1;
            row += 1;
        }
        part += 1;
    }
    all
};
