//! etcd's database, as a snapshot has it: what is in it, read without etcd.
//!
//! The format is that of bbolt (`internal/common/page.go`, `meta.go` and `inode.go` in bbolt 1.4): pages of one
//! size, of which the first two say where the tree of buckets begins. `page` reads pages by `read_at`, `walk` goes
//! through the tree, `content` makes something of etcd's buckets, with `keys` and `crc32c`; `latest` looks at what
//! it takes to know the revision, the last entry that was applied, or the version of the cluster.

mod content;
mod crc32c;
mod keys;
mod latest;
mod page;
mod read_at;
mod walk;

pub use content::{Content, content};
pub use latest::{applied, cluster_version, revision};
pub use page::Broken;
pub use read_at::ReadAt;
