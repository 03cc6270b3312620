//! The commands of steps, as a person pastes them: those of the guide, made in one place.

mod at_once;
mod chain;
mod client;
mod data;
mod edit;
mod etcdctl;
mod from_file;
mod node;
mod upgrade;

pub(super) use chain::chained;
pub(super) use client::{client_files, client_secret};
pub(super) use data::MovedData;
pub(super) use edit::Edit;
pub(super) use etcdctl::{Program, former_files, repeated};
pub(in crate::plan) use from_file::file_word;
pub use from_file::{BUMP, RAISES, Snapshot, restore_options};
pub(super) use node::{Node, address};
pub(super) use upgrade::looks_of_upgrade;
