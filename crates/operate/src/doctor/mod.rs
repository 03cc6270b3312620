//! What is wrong on a node, and what mends it: `doctor`. It changes nothing.
//!
//! Edges: `look`, which gathers `facts`, `carry`. Pure: `read`, texts of the system's; `findings`, what is wrong, by
//! question; `report`, as it is said; `log`, what etcd says, explained.

mod carry;
mod check;
mod facts;
mod findings;
mod log;
mod look;
mod read;
mod report;
mod work;

pub(crate) use carry::{Ways, examine, explained};
pub(crate) use check::Judged;
pub use log::{COMPLAINTS, Complaint, Words};
pub use work::{Doctor, Explain};

#[cfg(test)]
mod tests;
