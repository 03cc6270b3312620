//! The forms of a member's options, a file each.

mod cloud_init;
mod command;
mod compose;
mod container;
mod env;
mod guard;
mod quadlet;
mod static_pod;
mod systemd;
mod yaml;

use super::row::Format;

pub use systemd::{JOIN, join_drop_in};

/// Every form, in the order in which they are documented.
pub static FORMATS: &[&Format] = &[
    &command::ROW,
    &env::ROW,
    &yaml::ROW,
    &systemd::ROW,
    &static_pod::ROW,
    &quadlet::ROW,
    &compose::ROW,
    &cloud_init::ROW,
];
