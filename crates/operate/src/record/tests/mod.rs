//! Recording: what is decided, and what becomes of the files.
#![expect(clippy::disallowed_methods, reason = "these tests look at files from outside")]

mod adopted;
mod carrying;
mod copies;
mod founders;
mod looking;
mod recording;
mod restoring;
mod scene;
