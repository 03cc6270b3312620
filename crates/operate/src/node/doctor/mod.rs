//! What is wrong on a node, and what mends it: `doctor`. It changes nothing.

mod carry;
mod report;
mod work;

pub(crate) use super::checks::Judged;
pub(crate) use carry::{Ways, examine, explained};
pub use work::{Doctor, Explain};

#[cfg(test)]
mod tests;
