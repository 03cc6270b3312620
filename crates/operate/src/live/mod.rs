//! The cluster that runs, looked at.
//!
//! ```text
//! Cluster, credentials ─look→ Observed ─judge→ Report ─→ table, JSON, metrics, exit code
//! ```
//!
//! `look` is the edge: it asks every member at once, each with the same deadline, and changes nothing. All else
//! is pure. From the ground up: `metrics` · `observed` · `look`; `members` · `findings` · `judge` · `table`,
//! `view`.

mod carry;
mod findings;
mod json;
mod judge;
mod look;
mod members;
mod metrics;
mod observed;
mod prometheus;
mod table;

pub use carry::Look;
pub use metrics::read_metrics;

pub(crate) use carry::{Form, Ways, carry};

use judge::judge;
