//! `cluster.toml` as it is written: every key read and its type checked,
//! nothing else proven yet.
//!
//! The file is read in two steps, TOML to a tree and the tree to a [`Spec`],
//! and not by serde, which stops at the first mistake. Here every mistake of a
//! file is found in one go.

mod bytes;
mod decode;
pub mod keys;
mod tree;
mod types;
mod unknown;

pub use bytes::{LARGEST, parse_bytes};
pub use types::{
    AuthoritySpec, CaSpec, ClientSpec, ClusterSpec, MemberSpec, OptionEntry, OptionsSpec, RawValue,
    RevokedSpec, Spec, TlsSpec,
};

use crate::diagnostic::Diagnostics;

/// Reads a spec.
///
/// `options` are the names that may stand under `[etcd]`. They serve only to
/// say "belongs in `[etcd]`" where one stands elsewhere; which of them the
/// version has, and with which values, is proven later.
///
/// There is a spec whenever nothing that it must have is missing, so that the
/// next stage can go on and show its findings together with these.
pub fn parse(source: &str, options: &[&str]) -> (Option<Spec>, Diagnostics) {
    if let Some(refused) = bytes::refuse(source) {
        return (None, refused.into());
    }
    let (root, syntax) = tree::parse(source);
    let (spec, found) = decode::decode(source, &root, &syntax, options);
    let spec = spec.filter(|_| syntax.is_empty());
    let mut all = syntax;
    all.append(found);
    (spec, all)
}

#[cfg(test)]
mod tests;
