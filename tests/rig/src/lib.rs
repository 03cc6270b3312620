//! A cluster's machines, on one computer: each boots a systemd of its own, is at a switch by a cable that
//! can be cut, may have a clock that is wrong, and is reached by `ssh` from a control host.
//!
//! Everything is in namespaces, and in folders of a test's own: this computer has none of the addresses, and
//! nothing is downloaded. Nothing here knows Bouquet.
#![expect(
    clippy::disallowed_methods,
    reason = "tests lay files, start programs and read what they left; where they cannot, they fail"
)]

mod clock;
mod control;
mod disk;
mod machine;
mod network;
mod obstacle;
mod run;
#[cfg(test)]
mod tests;

pub use control::Control;
pub use machine::{Machine, PATIENCE};
pub use network::Network;
pub use obstacle::{is_root, obstacle};
pub use run::{Said, run, stdout};
