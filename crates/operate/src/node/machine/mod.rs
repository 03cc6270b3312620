//! What a node tells of itself. Edges: `look`, `mounts`, `root`, `dated`. Pure: `read`, texts of the system's; `aside`. Data: `facts`, `service`,
//! `data`, `folders`. Nothing is judged here.

mod aside;
mod data;
mod dated;
pub(crate) mod facts;
mod folders;
mod image;
mod look;
mod mounts;
pub(crate) mod read;
mod root;
mod service;

pub(crate) use data::Data;
pub(crate) use folders::Folders;
pub(crate) use image::{Link, relative};
pub(crate) use look::{certificates, here, look, service};
pub(crate) use mounts::{mounts, unfit, wanted};
pub(crate) use root::{Machine, Renamed, Unread};
#[cfg(test)]
pub(crate) use service::Process;
pub(crate) use service::{Mask, Service, other_options, unit_place, unit_text};

#[cfg(test)]
mod tests;
