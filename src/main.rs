//! The compiled cluster.

fn main() {}
