//! Certificates, as the build makes, keeps and refuses them.

mod authority;
mod cluster;
mod constraints;
mod elsewhere;
mod forge;
mod hostile;
mod keep;
mod openssl;
mod reissue;
mod shared;
