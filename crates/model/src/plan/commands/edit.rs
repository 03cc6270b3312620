//! What the installed unit says other than the built one, for a while.

/// Where the unit is on a node.
pub(in crate::plan) const UNIT: &str = "/etc/systemd/system/etcd.service";

/// One difference. Names of members and URLs need no quotes in a unit, nor in what `sed` reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum Edit {
    /// An option has that value, whether the unit has it or not.
    Holds {
        /// Its name.
        option: &'static str,
        /// Its value.
        value: String,
        /// Whether the built unit has it.
        is_there: bool,
    },
    /// An option's URLs have plain `http:`.
    Plain {
        /// Its name.
        option: &'static str,
    },
}

impl Edit {
    /// Returns the command that makes it, in a shell on the node.
    pub(in crate::plan) fn command(&self) -> String {
        let script = match self {
            Self::Holds { option, value, is_there: true } => {
                format!("s|--{option}=[^ ]*|--{option}={value}|")
            }
            // Each unit has that word, and nothing in it that would need quotes.
            Self::Holds { option, value, is_there: false } => {
                format!("s|--initial-cluster-state=[a-z]*|& --{option}={value}|")
            }
            Self::Plain { option } => format!("/--{option}=/s|https:|http:|g"),
        };
        // In double quotes, because all of it is in single ones on its way.
        format!("sed -i \"{script}\" {UNIT}")
    }
}
