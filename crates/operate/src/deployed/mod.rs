//! Certificates as they are on a machine, compared with those of the build.

mod access;
mod compare;
mod facts;
mod folder;
mod key;
mod missing;
mod place;
mod trouble;

pub(crate) use compare::{Deployed, Difference};
pub(crate) use folder::{Found, read};
pub(crate) use place::belongs;
pub(crate) use trouble::{Gravity, Trouble};
