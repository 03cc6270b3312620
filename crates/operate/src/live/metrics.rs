//! What is read of etcd's metrics (the text format of Prometheus).

use std::collections::BTreeMap;

/// Holds what a member tells in its metrics and nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metrics {
    /// Whether it has a connection to a peer, by the peer's ID (`etcd_network_active_peers`).
    pub(crate) peers: BTreeMap<u64, bool>,
    /// The most that its database may have, in bytes (`etcd_server_quota_backend_bytes`).
    pub(crate) quota: Option<u64>,
    /// When etcd was started, in milliseconds since 1970 by its own clock (`process_start_time_seconds`).
    pub(crate) started: Option<u64>,
}

impl Metrics {
    /// Reads them. A line that is not understood is passed over.
    pub(crate) fn read(text: &str) -> Self {
        let mut metrics = Self::default();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("etcd_network_active_peers{") {
                if let Some((peer, is_active)) = peer(rest) {
                    metrics.peers.insert(peer, is_active);
                }
            } else if let Some(value) = line.strip_prefix("etcd_server_quota_backend_bytes ") {
                metrics.quota = whole(value, 1.0);
            } else if let Some(value) = line.strip_prefix("process_start_time_seconds ") {
                metrics.started = whole(value, 1000.0);
            }
        }
        metrics
    }
}

/// Reads any text as metrics, for those who try many; returns how many peers are in it.
#[doc(hidden)]
pub fn read_metrics(text: &str) -> usize {
    Metrics::read(text).peers.len()
}

/// Reads the member's ID and whether it is connected from `Local="8211f1d0f64f3269",Remote="91bc3c398fb3c146"} 1`.
/// Where the member has taken in a snapshot since its start, the number may be 2: etcd forgets to take the earlier
/// connection away (seen on 3.5.33, in one of six joins).
fn peer(labels: &str) -> Option<(u64, bool)> {
    let (_, rest) = labels.split_once("Remote=\"")?;
    let (id, value) = rest.split_once("\"} ")?;
    Some((
        u64::from_str_radix(id, 16).ok()?,
        value.trim().parse::<f64>().is_ok_and(|count| count > 0.0),
    ))
}

/// Reads a number as Go prints a float, such as `2.147483648e+09`, and returns it multiplied by `times`, without its
/// fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bytes of a quota, and milliseconds since 1970, are far below 2^53"
)]
fn whole(value: &str, times: f64) -> Option<u64> {
    let value = value.trim().parse::<f64>().ok()? * times;
    (value.is_finite() && value >= 0.0).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_and_quota_are_read_from_among_others() {
        let text = "# HELP etcd_network_active_peers The current number of active peer connections.\n\
                    # TYPE etcd_network_active_peers gauge\n\
                    etcd_network_active_peers{Local=\"8211f1d0f64f3269\",Remote=\"91bc3c398fb3c146\"} 1\n\
                    etcd_network_active_peers{Local=\"8211f1d0f64f3269\",Remote=\"fd422379fda50e48\"} 0\n\
                    etcd_network_active_peers{Local=\"8211f1d0f64f3269\",Remote=\"4a01ba1229ba7d0c\"} 2\n\
                    etcd_network_active_peers{Local=\"x\",Remote=\"y\"} 1\n\
                    etcd_server_quota_backend_bytes 2.147483648e+09\n\
                    process_start_time_seconds 1.76436528127e+09\n\
                    go_goroutines 98\n";
        let metrics = Metrics::read(text);
        let expected = [
            (0x91bc_3c39_8fb3_c146, true),
            (0xfd42_2379_fda5_0e48, false),
            (0x4a01_ba12_29ba_7d0c, true),
        ];
        assert_eq!(metrics.peers, BTreeMap::from(expected));
        assert_eq!(metrics.quota, Some(2_147_483_648));
        assert_eq!(metrics.started, Some(1_764_365_281_270));
        assert_eq!(Metrics::read("etcd_server_quota_backend_bytes NaN\n").quota, None);
    }
}
