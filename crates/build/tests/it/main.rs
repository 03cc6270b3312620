//! What a build says of a spec, and the certificates that it makes.

mod diagnostics;
mod pki;
