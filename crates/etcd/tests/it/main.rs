//! The client against ports that are not etcd's, and databases that are broken.
#![expect(
    clippy::disallowed_methods,
    reason = "tests lay files and read what they left; where they cannot, they fail"
)]

mod database;
mod limits;
mod ports;
mod support;
