//! What the installed file of options says other than the built one, for a while.

use crate::artifact::{JOIN, shell_word};
use crate::option::{EtcdOption, Yaml, find};
use crate::running::RunningMember;

/// Where the unit is on a node.
pub(in crate::plan) const UNIT: &str = "/etc/systemd/system/etcd.service";

/// Has a unit count again on a node that `install` let join: the drop-in of then has options of its own, and the list of
/// members, which etcd reads on an empty folder alone.
pub(super) fn unjoins() -> String {
    format!("rm -f {UNIT}.d/{JOIN}")
}

/// One difference. Names of members and URLs need no quotes in a unit.
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
                format!("s|--{option}=[^ ]*|--{option}={}|", replacement(value))
            }
            // Each unit has that word, and nothing in it that would need quotes.
            Self::Holds { option, value, is_there: false } => {
                format!("s|--initial-cluster-state=[a-z]*|& --{option}={}|", replacement(value))
            }
            Self::Plain { option } => format!("/--{option}=/s|https:|http:|g"),
        };
        // In double quotes where they will do, because all of it is in single ones on its way.
        let is_plain = !script.contains(['$', '`', '"', '\\']);
        let script = if is_plain { format!("\"{script}\"") } else { shell_word(&script).into() };
        format!("sed -i {script} {UNIT}")
    }

    /// Returns the same for a person: what a file of that name, by which a member is started, has to say.
    pub(in crate::plan) fn words(&self, file: &str, member: &RunningMember) -> String {
        let (option, value) = match self {
            Self::Holds { option, value, .. } => (*option, value.clone()),
            Self::Plain { option } => {
                (*option, member.option(option).unwrap_or_default().replace("https:", "http:"))
            }
        };
        let known = find(option);
        if file == "etcd.env" {
            return format!(
                "{}={value}",
                known.map_or_else(|| option.to_owned(), EtcdOption::env_name)
            );
        }
        let key = known.map(|known| known.yaml(member.version));
        match key {
            Some(Yaml::Key { path, .. }) if file == "etcd.conf.yml" => {
                format!("{}: {value}", path.join("."))
            }
            _ => format!("--{option}={value}"),
        }
    }
}

/// Returns a text as `sed` writes it behind `s|…|`.
fn replacement(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '&' | '|') {
            all.push('\\');
        }
        all.push(c);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in a record is proven when it is read; should it not be, it is a value all the same.
    #[test]
    fn nothing_in_a_value_is_a_command_of_the_shell_or_of_sed() {
        let edit = |value: &str| {
            Edit::Holds { option: "initial-cluster", value: value.into(), is_there: true }.command()
        };
        assert_eq!(
            edit("a=https://[fd00::1]:2380"),
            "sed -i \"s|--initial-cluster=[^ ]*|--initial-cluster=a=https://[fd00::1]:2380|\" \
             /etc/systemd/system/etcd.service"
        );
        for value in ["$(id)", "`id`", "\"; id; \"", "a|e id #", "&\\"] {
            let typed = edit(value);
            assert!(typed.starts_with("sed -i 's|") || !value.contains(['$', '`', '"']), "{typed}");
            assert!(!typed.contains("=a|e"), "{typed}");
        }
        assert!(edit("&\\").contains(r"=\&\\|"), "{}", edit("&\\"));
    }
}
