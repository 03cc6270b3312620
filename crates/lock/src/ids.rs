//! The IDs that etcd computes at a static bootstrap, computed before it.
//!
//! `computeMemberId` and `genID` in etcd's `server/etcdserver/api/membership/{member,cluster}.go`.

use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::url::Url;
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};

/// Returns a member's ID: SHA-1 over its peer URLs in the order of their texts, then the token. The
/// member's name plays no part.
pub fn member_id(peer_urls: &[Url], token: &str) -> MemberId {
    let mut texts: Vec<String> = peer_urls.iter().map(Url::to_string).collect();
    texts.sort();
    let parts = texts.iter().map(String::as_bytes).chain([token.as_bytes()]);
    MemberId(first_eight_bytes(parts))
}

/// Returns a cluster's ID: SHA-1 over its first members' IDs in numeric order. It never changes.
pub fn cluster_id(members: &[MemberId]) -> ClusterId {
    let mut ids: Vec<u64> = members.iter().map(|id| id.0).collect();
    ids.sort_unstable();
    let bytes: Vec<[u8; 8]> = ids.iter().map(|id| id.to_be_bytes()).collect();
    ClusterId(first_eight_bytes(bytes.iter().map(<[u8; 8]>::as_slice)))
}

fn first_eight_bytes<'a>(parts: impl Iterator<Item = &'a [u8]>) -> u64 {
    let mut sha1 = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    parts.for_each(|part| sha1.update(part));
    sha1.finish().as_ref().iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_model::url::{Host, Scheme};

    fn ids(scheme: Scheme, token: &str) -> Vec<MemberId> {
        let url = |port| Url { scheme, host: Host::v4(127, 0, 0, 1), port };
        [43000, 43010, 43020].map(|port| member_id(&[url(port)], token)).to_vec()
    }

    // Seen on etcd 3.4.23, 3.5.1 and 3.5.30.
    #[test]
    fn ids_of_an_http_cluster_are_those_that_etcd_gave() {
        let ids = ids(Scheme::Http, "etcd-cluster");
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["70ea0deaa847e84a", "39c7d4f059e676b7", "c82158b892c18332"]);
        assert_eq!(cluster_id(&ids).to_string(), "adac6e3506f9d615");
    }

    #[test]
    fn ids_of_an_https_cluster_are_those_that_etcd_gave() {
        let ids = ids(Scheme::Https, "tok-1");
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["623392d6be43c92b", "ae2253cccd7c4a07", "a56203c66f4c29fd"]);
        assert_eq!(cluster_id(&ids).to_string(), "613b1210db53dadd");
    }
}
