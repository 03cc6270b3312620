//! Unit tests of plans.

mod at_once;
mod cluster;
mod every_change;
mod random;
mod texts;
mod timing;
