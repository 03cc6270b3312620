//! What can be wrong with a cluster, made to be wrong.

mod certificates;
mod data;
mod issuing;
mod members;
mod often;

/// The releases on which a situation is seen that does not depend on one.
const BOTH: [&str; 2] = ["3.4.23", "3.6.16"];
