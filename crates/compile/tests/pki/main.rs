//! Certificates, as the build makes, keeps and refuses them.

mod cluster;
mod keep;
