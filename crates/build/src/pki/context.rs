//! What every step of a build has in common.

use crate::issuing::Issuing;
use bouquet_model::cluster::Tls;
use std::path::Path;

/// More lines than this about one matter are summed up: cargo shows every one of them, in every
/// build.
pub const LINES: usize = 20;

/// How many certificates a thread takes at once. Fewer than two such blocks are not worth a thread,
/// which takes as long to start as some certificates to issue.
pub(super) const BLOCK: usize = 16;

/// The spec and the moment that certificates are judged and issued by.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The cluster's settings.
    pub tls: &'a Tls,
    /// What the spec says of CAs and of revoked certificates.
    pub issuing: &'a Issuing,
    /// Seconds since 1970.
    pub now: i64,
    /// Whether nothing is to be issued: what is due, or not here, stays as `cluster.lock` has it.
    pub locked: bool,
    /// The folder that holds `pki/`, `members/` and `clients/`, for messages only.
    pub out: &'a str,
    /// That folder and the lock, in commands.
    pub typed: Typed<'a>,
}

/// Paths as they are in a command that the reader of a message types.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// `cluster.lock`.
    pub lock: &'a Path,
    /// `out/`.
    pub out: &'a Path,
}
