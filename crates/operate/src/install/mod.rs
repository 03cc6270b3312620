//! A member is put on its node: what was brought is proven, what is there is looked at, and what follows from both is
//! done, step by step.

mod bundle;
mod carry;
mod data;
mod deeds;
mod files;
mod joining;
mod look;
mod peers;
mod service;
mod told;
mod work;

pub(crate) use bundle::Bundle;
pub(crate) use carry::{Ways, carry};
pub(crate) use data::Data;
pub(crate) use joining::{Known, way};
pub(crate) use look::{Machine, service};
pub(crate) use peers::{Answer, ask, credentials};
#[cfg(test)]
pub(crate) use service::Process;
pub(crate) use service::{Service, unit_name, unit_place};
pub use work::Install;
#[cfg(test)]
mod tests;
