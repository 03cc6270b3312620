//! The commands of steps, as a person pastes them: those of the guide, made in one place.

mod edit;
mod etcdctl;
mod node;
mod upgrade;

pub(super) use edit::Edit;
pub(super) use etcdctl::Program;
pub(super) use node::{Node, client_files, moved_data};
pub(super) use upgrade::looks_of_upgrade;
