//! What happens to a cluster in the years after, on each line of releases where that matters.

mod certificates;
mod clones;
mod members;
mod outages;

/// Those on which all of it is tried.
const EACH: [&str; 3] = ["3.4.23", "3.5.33", "3.6.16"];

const NAMES: [&str; 3] = ["orange", "pink", "daffodil"];
