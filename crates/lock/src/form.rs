//! Where the file is, and its form.

/// Its name, beside `cluster.toml`.
pub const NAME: &str = "cluster.lock";

/// The place of its copy below `out/`: a lock that is gone is put back from it.
pub const COPY: &str = "pki/cluster.lock";

/// The version of the form that this program knows.
pub const VERSION: i64 = 1;

/// The most bytes of a lock: more than one of a hundred thousand certificates has.
pub const LARGEST: u64 = 64 << 20;

/// The word for an ID that is not known.
pub(crate) const UNKNOWN: &str = "unknown";
