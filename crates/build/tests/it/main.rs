//! What a build says of a spec, what an edit of it means, and the certificates that it makes.

mod called;
mod changes;
mod diagnostics;
mod pki;
