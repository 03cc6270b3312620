//! Unit tests of plans.

mod by_hand;
mod cluster;
mod every_change;
mod random;
mod texts;
mod timing;
