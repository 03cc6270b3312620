//! Unit tests of plans.

mod at_once;
mod by_hand;
mod cluster;
mod endpoints;
mod every_change;
mod exchanged;
mod files;
mod followed;
mod from_file;
mod live;
mod random;
mod texts;
mod timing;
mod withheld;
