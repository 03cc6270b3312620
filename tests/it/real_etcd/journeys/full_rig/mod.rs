//! What happens to a cluster in the years after, on each line of releases where that matters.

mod adopted;
mod ansible;
mod applied;
mod certificates;
mod clones;
mod members;
mod outages;

const NAMES: [&str; 3] = ["orange", "pink", "daffodil"];
