//! What is there before a build: in `out/`, in files and variables of the operator's, in `cluster.lock`; and
//! what time it is.

pub(super) mod around;
pub(super) mod clock;
pub(super) mod external;
pub(super) mod files;
pub(super) mod last;
pub(super) mod lock;
mod lock_words;
mod passphrase;

pub(super) use passphrase::passphrase;
