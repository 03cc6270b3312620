//! The cluster that runs, looked at.
//!
//! ```text
//! Cluster, credentials ─look→ Observed ─judge→ Report ─→ table, JSON, metrics, exit code
//!                                      ─evidence→ what speaks against a record
//!                                      ─planned→ what a plan begins with
//! ```
//!
//! `look` is the edge: it asks every member at once, all with one deadline, and changes nothing. All else
//! is pure. From the ground up: `metrics` · `observed` · `members`, `beside`, `doubt`, `others` · `alarms`, `sides` · `look`,
//! `compared`, `evidence`; `report` · `found` · `findings`, `served` · `judge` · `planned` · `table`, `json`, `prometheus` · `carry`.

mod alarms;
mod beside;
mod carry;
mod compared;
mod doubt;
mod evidence;
mod findings;
mod form;
mod found;
mod json;
mod judge;
mod look;
mod members;
mod metrics;
mod observed;
mod others;
mod planned;
mod prometheus;
mod report;
mod served;
mod sides;
mod table;
#[cfg(test)]
pub(crate) mod tests;

pub use carry::Look;
pub use metrics::read_metrics;

pub(crate) use beside::{Beside, ClientEnd, InLock};
pub(crate) use carry::{Ways, ask, asking, carry, elsewhere, looked, looked_also};
pub(crate) use evidence::Evidence;
pub(crate) use form::Form;
pub(crate) use judge::judge;
pub(crate) use look::Asking;
pub(crate) use members::{BEHIND, State};
pub(crate) use observed::{Observed, Seen, Target};
pub(crate) use planned::{Planned, planned};
pub(crate) use report::{Report, Role, Row, Writes};
pub(crate) use served::authorities;
