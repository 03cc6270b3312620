//! Streams, good and bad, and what becomes of them.
#![expect(clippy::disallowed_methods, reason = "these tests look at files from outside")]

mod child;
mod choosing;
mod cluster;
mod comparing;
mod currency;
mod importing;
mod places;
mod streams;
mod verifying;
