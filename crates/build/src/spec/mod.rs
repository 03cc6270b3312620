//! `cluster.toml` as it is written: every key read and its type checked,
//! nothing else proven yet.
//!
//! `toml` reads the file and serde its tables, whose types in `tables` are all that declares their
//! keys. Both stop early, so they are given what is sound, piece by piece, and every mistake of a
//! file is found in one go.

mod bytes;
mod context;
mod document;
mod keys;
mod read;
mod sections;
mod syntax;
mod tables;
mod type_errors;
mod unknown;
mod value;

pub use bytes::LARGEST;
pub use keys::{Key, Kind, Required, Section};
pub use tables::{
    AuthoritySpec, CaSpec, ClientSpec, ClusterSpec, MemberSpec, RevokedSpec, SECTIONS, Spec,
    SystemdSpec, TlsSpec,
};
pub(crate) use value::article;
pub use value::{FlagOrPort, FlagOrText, OptionEntry, OptionsSpec, Spanned};

use crate::diagnostic::Diagnostics;
use context::Context;
use document::Document;
use keys::Table;
use sections::Tables;

/// Reads a spec from the bytes of a file; see [`parse`].
///
/// Spans count in what [`String::from_utf8_lossy`] makes of the bytes, which
/// for a file in UTF-8 is the file.
pub fn parse_bytes(bytes: &[u8], options: &[&str]) -> (Option<Spec>, Diagnostics) {
    match bytes::text(bytes) {
        Ok(source) => parse(source, options),
        Err(refused) => (None, (*refused).into()),
    }
}

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
    let mut pieces = Vec::new();
    let Document { trees, broken, mut found } = document::read(source, &mut pieces);
    let context = Context::new(source, &broken, options);
    let tables = sections::sort(&context, trees);
    let spec = spec(&context, tables).filter(|_| found.is_empty());
    found.append(context.into_found());
    (spec, found)
}

/// Reads every table before any is found wanting, so that one missing key hides nothing.
fn spec(context: &Context<'_>, mut tables: Tables<'_>) -> Option<Spec> {
    let cluster = one(context, &mut tables);
    let etcd = tables.remove(tables::ETCD.name).and_then(|mut all| all.pop()).unwrap_or_default();
    let etcd = read::options(context, etcd);
    let systemd = one(context, &mut tables);
    let (tls, ca) = (one(context, &mut tables), one(context, &mut tables));
    let authorities = all(context, &mut tables);
    let members = all(context, &mut tables);
    let clients = all(context, &mut tables);
    let revoked = all(context, &mut tables);
    Some(Spec {
        whole: !context.has_lost(),
        cluster: cluster?,
        etcd,
        systemd: systemd?,
        tls: tls?,
        ca: ca?,
        authorities: authorities?,
        members: members?,
        clients: clients?,
        revoked: revoked?,
    })
}

/// Returns the table of which there is one. One that may be left out is empty then.
fn one<T: Table>(context: &Context<'_>, tables: &mut Tables<'_>) -> Option<T> {
    match tables.remove(T::SECTION.name).and_then(|mut all| all.pop()) {
        None if T::SECTION.required => None,
        found => read::table(context, found.unwrap_or_default()),
    }
}

fn all<T: Table>(context: &Context<'_>, tables: &mut Tables<'_>) -> Option<Vec<T>> {
    let found = tables.remove(T::SECTION.name).into_iter().flatten();
    let read: Vec<_> = found.map(|found| read::table(context, found)).collect();
    read.into_iter().collect()
}

#[cfg(test)]
mod tests;
