//! Unit tests of plans.

mod by_hand;
mod cluster;
mod every_change;
mod followed;
mod random;
mod texts;
mod timing;
mod withheld;
