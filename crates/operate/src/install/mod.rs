//! A member is put on its node: what was brought is proven, what is there is looked at, and what follows from both is
//! done, step by step.

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
mod service;
mod source;
mod told;
mod work;

pub(crate) use carry::{Ways, carry};
pub use work::Install;
#[cfg(test)]
mod tests;
