//! One node: what is on it, what is wrong with it, and how a member is put there.
//!
//! `machine` is what a node tells of itself, and `peers` what the others do; `files` holds files to those that are
//! compiled, `joining` decides how a member starts, `checks` what is wrong, `log` explains what etcd says. `doctor`,
//! `install` and `rescue`, which ends a member whose cluster has lost its quorum, stand on all of them, and nothing stands
//! on those three. `alone` and `system` are edges: one program at a time, and programs of the system's.

mod alone;
mod bundle;
mod checks;
pub(crate) mod doctor;
pub(crate) mod files;
mod folder;
pub(crate) mod install;
mod joining;
mod log;
mod machine;
mod peers;
pub(crate) mod rescue;
mod system;

pub(crate) use bundle::Bundle;
pub(crate) use folder::read_bundle;
pub use log::{COMPLAINTS, Complaint, Words};
