//! Finding options in the table.

use super::etcd_option::{EtcdOption, Successor};
use super::table::OPTIONS;
use crate::text::is_same;

/// Returns the option of this name, for `const` contexts too: `find("data-dir")`.
pub const fn find(name: &str) -> Option<&'static EtcdOption> {
    match place(name) {
        Some(at) => Some(&OPTIONS[at]),
        None => None,
    }
}

/// Returns the place in the table of the option of this name, by which renderers order what a member was given.
pub(crate) const fn place(name: &str) -> Option<usize> {
    let mut at = 0;
    while at < OPTIONS.len() {
        if is_same(OPTIONS[at].name, name) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Returns the names of all options, in the order of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    OPTIONS.iter().map(EtcdOption::name)
}

impl EtcdOption {
    /// Returns the other spelling of the same option: `corrupt-check-time` for
    /// `experimental-corrupt-check-time`, and the reverse. etcd 3.6 knows both
    /// and refuses to be given both.
    pub fn alias(&self) -> Option<&'static Self> {
        match self.successor {
            Successor::Renamed(name) => find(name),
            _ => self.predecessor(),
        }
    }

    /// Returns the option that this one is the new name of.
    pub fn predecessor(&self) -> Option<&'static Self> {
        OPTIONS.iter().find(|old| old.successor == Successor::Renamed(self.name))
    }
}
