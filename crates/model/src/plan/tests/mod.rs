//! Unit tests of plans.

mod cluster;
mod every_change;
mod random;
mod texts;
mod timing;
