//! The values that the build put into the binary.

use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind};

/// The end of a line about clients that cannot connect where a CA limits addresses (BoringSSL).
pub(crate) const REFUSED: &str = "refused by gRPC in C++, Python, Ruby, PHP";

/// The cluster, and the facts of its certificates.
#[derive(Clone, Copy)]
pub(crate) struct Compiled<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) certificates: &'a [Certificate],
}

impl Compiled<'_> {
    /// Returns the SHA-256 of the CAs.
    pub(crate) fn cas(&self) -> Vec<[u8; 32]> {
        let cas = self.certificates.iter().filter(|certificate| certificate.kind == Kind::Ca);
        cas.map(|ca| ca.fingerprint).collect()
    }
}
