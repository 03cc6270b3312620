//! What etcd takes where an option is given in an odd form, or not at all.

use crate::option::quota as bytes;

/// The option that limits the database (`--quota-backend-bytes`).
pub(crate) const QUOTA: &str = "quota-backend-bytes";

/// How often a leader says that it is there (`--heartbeat-interval`).
pub(crate) const HEARTBEAT: &str = "heartbeat-interval";

/// How long the others wait for that before they choose another one (`--election-timeout`).
pub(crate) const ELECTION: &str = "election-timeout";

/// Returns a quota in bytes: of none, and of 0, etcd's own, and of a negative one, which is no limit, the
/// largest number. A text that is no number is etcd's own, too: etcd does not start with it.
pub(crate) fn quota(text: Option<&str>) -> i64 {
    bytes(text.and_then(|text| text.parse().ok()))
}

/// Returns a timeout in milliseconds; etcd's own is the same in all versions (`DefaultConfig` of its
/// `embed/config.go`).
pub(crate) fn timeout(option: &str, text: Option<&str>) -> i64 {
    let own = if option == HEARTBEAT { 100 } else { 1000 };
    text.and_then(|text| text.parse().ok()).unwrap_or(own)
}
