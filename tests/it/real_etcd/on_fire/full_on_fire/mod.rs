//! The other disasters of the page, on releases that differ.

mod certificates;
mod members;
mod quorum;
mod snapshots;
mod space;

/// What differs from release to release, differs between these.
const BOTH: [&str; 2] = ["3.4.23", "3.6.16"];
