//! What becomes of the limit of the database.

/// What becomes of `quota-backend-bytes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Quota {
    /// More is allowed: an alarm may be left over.
    Raised,
    /// Less is allowed: this, as `cluster.toml` has it.
    Lowered(String),
}

/// Nothing and 0 are etcd's default of 2 GiB, and less than 0 is no limit (`NewBackendQuota` in etcd's
/// `storage/quota.go`).
pub(super) fn quota(from: Option<&str>, to: Option<&str>) -> Option<Quota> {
    const DEFAULT: i64 = 2 << 30;
    let bytes = |text: Option<&str>| match text.unwrap_or("0").parse::<i64>() {
        Ok(0) | Err(_) => DEFAULT,
        Ok(below) if below < 0 => i64::MAX,
        Ok(bytes) => bytes,
    };
    match bytes(from).cmp(&bytes(to)) {
        core::cmp::Ordering::Less => Some(Quota::Raised),
        core::cmp::Ordering::Equal => None,
        core::cmp::Ordering::Greater => Some(Quota::Lowered(bytes(to).to_string())),
    }
}
