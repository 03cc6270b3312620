//! The versions of etcd that have an option, and the text for those that do not.

use super::etcd_option::{EtcdOption, Origin, Successor};
use super::lookup::find;
use crate::diagnostic::Diagnostic;
use crate::version::{EtcdVersion, Minor};

/// An option, as seen from every release that a version may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// All have it.
    Yes,
    /// It came later.
    TooNew {
        /// The release it came with: the next one to have it.
        since: EtcdVersion,
    },
    /// It was removed earlier.
    Removed {
        /// The first minor without it.
        since: Minor,
    },
}

impl EtcdOption {
    /// Looks whether every release that `version` may mean has this option.
    pub fn availability(&self, version: EtcdVersion) -> Availability {
        if self.versions.contains(version) {
            return Availability::Yes;
        }
        if let Some(since) = self.versions.next(version) {
            return Availability::TooNew { since };
        }
        let gone = Minor::ALL.into_iter().find(|minor| Some(*minor) > self.versions.last());
        Availability::Removed { since: gone.unwrap_or(version.minor()) }
    }

    /// Returns the error for someone who writes it for a version that does not have
    /// it: the option or gate to write instead, or the version it takes.
    pub fn unavailable(&self, version: EtcdVersion) -> Option<Diagnostic> {
        match self.availability(version) {
            Availability::Yes => None,
            Availability::TooNew { since } => {
                let which = match version.patch() {
                    None if since.minor() == version.minor() => {
                        format!("not every etcd {version} has")
                    }
                    _ => format!("etcd {version} does not have"),
                };
                let message = format!("{which} `{}`, which came with {since}", self.name);
                Some(Diagnostic::error(message).help(self.before(version, since)))
            }
            Availability::Removed { since } => {
                let finding =
                    Diagnostic::error(format!("`{}` was removed in etcd {since}", self.name));
                Some(self.instead().into_iter().fold(finding, Diagnostic::help))
            }
        }
    }

    /// Returns the warning for someone who writes what this version still
    /// has but a later one loses or ignores (`deprecatedFlags` in etcd's
    /// `etcdmain/config.go`, and what 3.7 took away without such a notice).
    pub fn deprecation(&self, version: EtcdVersion) -> Option<Diagnostic> {
        let since = self.deprecated?;
        if version.minor() < since || !self.versions.contains(version) {
            return None;
        }
        let message = match self.versions.last() {
            Some(last) if last < Minor::V3_7 => {
                format!("`{}` is deprecated, and etcd {last} is the last to have it", self.name)
            }
            _ => format!("`{}` is deprecated since etcd {since}", self.name),
        };
        Some(self.instead().into_iter().fold(Diagnostic::warning(message), Diagnostic::help))
    }

    /// Returns the error for someone who writes an option that the spec does not take.
    pub fn not_for_users(&self) -> Option<Diagnostic> {
        match self.origin {
            Origin::User => None,
            Origin::Derived { from } => Some(
                Diagnostic::error(format!("`{}` is derived, and cannot be written", self.name))
                    .help(format!("it follows from {from}")),
            ),
            Origin::Refused { why } => Some(
                Diagnostic::error(format!("`{}` has no place in a described cluster", self.name))
                    .help(why),
            ),
        }
    }

    /// Names the substitute for this option in a version that it is too new for.
    fn before(&self, version: EtcdVersion, since: EtcdVersion) -> String {
        if self.name == "feature-gates" {
            return "before etcd 3.6 each gate is an option of its own, such as \
                `experimental-initial-corrupt-check`"
                .to_owned();
        }
        let minor = version.minor();
        let older =
            self.predecessor().and_then(|old| Some((old.name, old.versions.next(version)?)));
        match older {
            Some((old, from)) if from.minor() == minor && from.patch() <= Some(version.floor()) => {
                format!("in etcd {minor} its name is `{old}`")
            }
            Some((old, from)) if from.minor() == minor => {
                format!(
                    "from etcd {from} on it is there as `{old}`: write `etcd = \"{from}\"` or \
                    later if that is what runs"
                )
            }
            _ => format!("write `etcd = \"{since}\"` or later if that is what runs"),
        }
    }

    /// Names the substitute for this option once it is gone.
    fn instead(&self) -> Option<String> {
        match self.successor {
            Successor::None => None,
            Successor::Renamed(name) => {
                Some(match find(name).and_then(|new| new.versions.first()) {
                    Some(since) => format!("write `{name}`, its name since etcd {since}"),
                    None => format!("write `{name}`"),
                })
            }
            Successor::Gate(gate) => {
                Some(format!("write `feature-gates = [\"{gate}=true\"]`, or `\"{gate}=false\"`"))
            }
            Successor::Setting(name, value) => Some(format!("write `{name} = \"{value}\"`")),
            Successor::Gone(why) => Some(why.to_owned()),
        }
    }
}
