//! What is handed to nodes and clients, as text.
//!
//! One list of settings feeds every format, so the formats cannot disagree.

mod client;
mod command;
mod env;
mod quote;
mod systemd;
mod yaml;

pub use client::{
    etcdctl_env, etcdctl_variables, kube_apiserver_flags, needs_kube_apiserver_flags,
};
pub use quote::{double_quoted, shell_word};
pub use yaml::gaps as yaml_gaps;

use crate::cluster::{Cluster, Format, Member};

/// What the first line of every generated file says, behind the mark of a comment: how a reader
/// and the compiled binary know one.
pub const GENERATED: &str = "@generated from cluster.toml; edit that and run `cargo build`";

/// A member's options in one format, as the whole text of its file.
pub fn member(cluster: &Cluster, member: &Member, format: Format) -> String {
    match format {
        Format::Command => command::script(cluster, member),
        Format::Env => env::file(cluster, member),
        Format::Yaml => yaml::file(cluster, member),
        Format::Systemd => systemd::unit(cluster, member),
    }
}

/// The first lines of every generated file: what it is, where it comes from, what to do instead
/// of editing it.
fn header(what: &str) -> String {
    format!("# {GENERATED}\n# {what}\n")
}
