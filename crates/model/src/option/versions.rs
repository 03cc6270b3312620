//! Which releases of etcd have an option.

use crate::version::{EtcdVersion, Minor};

/// Per minor, the first patch release that has something, or none at all.
///
/// etcd never takes an option away within a minor, so a first release says all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions([Option<u16>; 4]);

impl Versions {
    /// Every release of every known minor.
    pub const ALL: Self = Self([Some(0); 4]);
    /// No release at all.
    pub const NONE: Self = Self([None; 4]);

    /// Returns every release from the first of `minor` on.
    pub const fn since(minor: Minor) -> Self {
        Self::between(minor, Minor::V3_7)
    }

    /// Returns every release up to the last of `minor`.
    pub const fn until(minor: Minor) -> Self {
        Self::between(Minor::V3_4, minor)
    }

    /// Returns every release from the first of `first` to the last of `last`.
    pub const fn between(first: Minor, last: Minor) -> Self {
        let mut patches = [None; 4];
        let mut at = first as usize;
        while at <= last as usize {
            patches[at] = Some(0);
            at += 1;
        }
        Self(patches)
    }

    /// Returns the same, but in `minor` only from this patch release on.
    #[must_use]
    pub const fn from(mut self, minor: Minor, patch: u16) -> Self {
        self.0[minor as usize] = Some(patch);
        self
    }

    /// Returns the same, but in no release of `minor`.
    #[must_use]
    pub const fn without(mut self, minor: Minor) -> Self {
        self.0[minor as usize] = None;
        self
    }

    /// Returns `true` where every release that `version` may mean has it.
    pub const fn contains(self, version: EtcdVersion) -> bool {
        match self.first_patch(version.minor()) {
            Some(patch) => patch <= version.floor(),
            None => false,
        }
    }

    /// Returns the first patch release of `minor` that has it.
    pub const fn first_patch(self, minor: Minor) -> Option<u16> {
        self.0[minor as usize]
    }

    /// Returns the oldest release that has it and is not older than any of `version`.
    pub fn next(self, version: EtcdVersion) -> Option<EtcdVersion> {
        Minor::ALL
            .into_iter()
            .filter(|minor| *minor >= version.minor())
            .find_map(|minor| Some(EtcdVersion::new(minor, Some(self.first_patch(minor)?))))
    }

    /// Returns the oldest minor that has it.
    pub fn first(self) -> Option<Minor> {
        Minor::ALL.into_iter().find(|minor| self.first_patch(*minor).is_some())
    }

    /// Returns the newest minor that has it.
    pub fn last(self) -> Option<Minor> {
        Minor::ALL.into_iter().rfind(|minor| self.first_patch(*minor).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Versions = Versions::between(Minor::V3_5, Minor::V3_6).from(Minor::V3_5, 14);

    #[test]
    fn a_version_without_patch_has_only_what_its_first_release_has() {
        assert!(!SOME.contains(EtcdVersion::new(Minor::V3_5, None)));
        assert!(SOME.contains(EtcdVersion::new(Minor::V3_6, None)));
        assert!(!SOME.contains(EtcdVersion::new(Minor::V3_5, Some(13))));
        assert!(SOME.contains(EtcdVersion::new(Minor::V3_5, Some(14))));
    }

    #[test]
    fn next_and_last_name_the_ends() {
        let release = |minor, patch| Some(EtcdVersion::new(minor, Some(patch)));
        assert_eq!(SOME.next(EtcdVersion::new(Minor::V3_4, None)), release(Minor::V3_5, 14));
        assert_eq!(SOME.next(EtcdVersion::new(Minor::V3_6, None)), release(Minor::V3_6, 0));
        assert_eq!(SOME.next(EtcdVersion::new(Minor::V3_7, None)), None);
        assert_eq!(SOME.last(), Some(Minor::V3_6));
        assert_eq!(Versions::NONE.last(), None);
    }
}
