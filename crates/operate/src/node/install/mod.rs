//! A member is put on its node: what was brought is proven, what is there is looked at, and what follows from both is
//! done, step by step.

mod account;
mod allowed;
mod beside;
mod carry;
mod decided;
mod deeds;
mod does;
mod ends;
mod etcd;
mod files;
mod inside;
mod kept;
mod node;
mod placing;
mod proven;
mod restoration;
mod restored;
mod retire;
mod source;
mod staged;
mod told;
mod work;

pub(crate) use carry::carry;
pub use source::install_any;
pub use work::Install;
pub(crate) use work::{Aim, Ways};
#[cfg(test)]
mod tests;
