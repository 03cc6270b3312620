//! A member is put on its node: what was brought is proven, what is there is looked at, and what follows from both is
//! done, step by step.

mod agreed;
mod bundle;
mod carry;
mod data;
mod deeds;
mod does;
mod ends;
mod files;
mod joining;
mod look;
mod node;
mod peers;
mod retire;
mod service;
mod source;
mod told;
mod work;

pub(crate) use bundle::Bundle;
pub(crate) use carry::carry;
pub(crate) use data::Data;
pub(crate) use deeds::other_options;
pub(crate) use joining::{Known, way};
pub(crate) use look::{Machine, service};
pub(crate) use peers::{Answer, ask, credentials, others};
#[cfg(test)]
pub(crate) use service::Process;
pub(crate) use service::{Service, unit_name, unit_place, unit_text};
pub use work::Install;
pub(crate) use work::Ways;
#[cfg(test)]
mod tests;
