//! etcd's log, explained: `doctor --log`. One table, `complaints`, of which the guide's is made, too.

mod complaints;
mod explain;
mod told;
mod words;

pub use complaints::{COMPLAINTS, Complaint};
pub(crate) use explain::{Known, explain};
pub(crate) use told::{json, text};
pub use words::Words;

#[cfg(test)]
mod tests;
