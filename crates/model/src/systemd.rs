//! How a unit starts etcd, as far as a spec decides on it: `[systemd]`.

use crate::diagnostic::{Diagnostic, quoted};
use crate::node_path::NodePath;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The account that the unit has etcd run under where no other is written; distributions' packages create it.
const ACCOUNT: &str = "etcd";

/// The program that is started where no other is written; systemd looks for it in [`SEARCHED`].
const PROGRAM: &str = "etcd";

/// Where systemd looks for a program that has no slash in its name, one after the other (systemd.exec(5)).
pub const SEARCHED: [&str; 4] = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];

/// Returns the files of which systemd starts the first that is there, for a program as a unit has it: by its name, or by its
/// path, which is that file alone.
pub fn searched(program: &str) -> Vec<String> {
    if program.contains('/') {
        return vec![program.to_owned()];
    }
    SEARCHED.iter().map(|folder| format!("{folder}/{program}")).collect()
}

/// Where a variable stands among what a member runs with: `environment.GOMAXPROCS`.
const VARIABLE: &str = "environment.";

/// The entry in what a member runs with that tells of a unit that no build wrote; its value is [`ANOTHERS`]. A build's
/// unit has no such entry.
pub const MADE_BY: &str = "made-by";

/// The maker of a unit that no build wrote.
pub const ANOTHERS: &str = "another tool";

/// Holds what the unit of every member says besides etcd's options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Systemd {
    /// The program of `ExecStart=`; `None` for the one that systemd finds under etcd's name.
    pub binary: Option<NodePath>,
    /// `User=`, which owns the member's data and keys.
    pub user: Cow<'static, str>,
    /// `Group=`.
    pub group: Cow<'static, str>,
    /// `Environment=`: a `NAME=VALUE` each.
    pub environment: Cow<'static, [Cow<'static, str>]>,
}

impl Systemd {
    /// The values that hold where nothing is written.
    pub const DEFAULT: Self = Self {
        binary: None,
        user: Cow::Borrowed(ACCOUNT),
        group: Cow::Borrowed(ACCOUNT),
        environment: Cow::Borrowed(&[]),
    };

    /// Returns the account that etcd runs under.
    pub fn account(&self) -> Account<'_> {
        Account { user: &self.user, group: &self.group }
    }

    /// Returns the program as it is written in a command.
    pub fn program(&self) -> &str {
        self.binary.as_ref().map_or(PROGRAM, NodePath::as_str)
    }

    /// Returns what of it a unit has otherwise than one of which nothing is written, by key.
    pub fn differences(&self) -> BTreeMap<String, String> {
        let default = Self::DEFAULT;
        let mut all = BTreeMap::new();
        let mut add = |key: &str, value: &str| all.insert(key.to_owned(), value.to_owned());
        if let Some(binary) = &self.binary {
            add("binary", binary.as_str());
        }
        if self.user != default.user {
            add("user", &self.user);
        }
        if self.group != default.group {
            add("group", &self.group);
        }
        for (name, value) in self.environment.iter().filter_map(|text| text.split_once('=')) {
            add(&format!("{VARIABLE}{name}"), value);
        }
        all
    }
}

/// An account of a machine's, by its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account<'a> {
    /// The user's.
    pub user: &'a str,
    /// The group's.
    pub group: &'a str,
}

impl<'a> Account<'a> {
    /// Takes it from what a member runs with, as [`Systemd::differences`] has it.
    pub fn of(unit: &'a BTreeMap<String, String>) -> Self {
        let name = |key: &str| unit.get(key).map_or(ACCOUNT, String::as_str);
        Self { user: name("user"), group: name("group") }
    }

    /// Returns it as `chown` takes it.
    pub fn owner(self) -> String {
        format!("{}:{}", self.user, self.group)
    }

    /// Returns the options by which `install` makes a file or folder its own.
    pub fn owns(self) -> String {
        format!("-o {} -g {}", self.user, self.group)
    }

    /// Returns the command that makes it, or what of it is missing.
    pub fn made(self) -> String {
        let Self { user, group } = self;
        if user == group {
            return format!("id {user} || {}", useradd("--user-group", user));
        }
        let group_is_there = format!("getent group {group} || groupadd --system {group}");
        format!("{group_is_there}; id {user} || {}", useradd(&format!("--gid {group}"), user))
    }
}

fn useradd(group: &str, user: &str) -> String {
    format!("useradd --system {group} --home-dir /nonexistent --shell /usr/sbin/nologin {user}")
}

/// Returns the program that a member is started by, from what it runs with.
pub(crate) fn program(unit: &BTreeMap<String, String>) -> &str {
    unit.get("binary").map_or(PROGRAM, String::as_str)
}

/// Holds the name of a user or a group, the value of `key`, to what `useradd` makes (useradd(8), "CAVEATS"): it stands in commands
/// as it is.
///
/// # Errors
/// Says what it is not.
pub fn account_name(key: &str, text: &str) -> Result<(), Diagnostic> {
    let fault = |message: String| Diagnostic::error(message);
    let is_inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
    if text.is_empty() {
        return Err(fault(format!("`{key}` names nobody")).help("leave it out: it is `etcd` then"));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let help = format!("write the name: `getent {} {text}`", database(key));
        return Err(
            fault(format!("{} is a number, and `{key}` is a name", quoted(text))).help(help)
        );
    }
    if !text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        || !text.chars().all(is_inside)
    {
        return Err(fault(format!("{} is no name of a {key}", quoted(text)))
            .help("write lowercase letters, digits, `-` and `_`, a letter or `_` first"));
    }
    if text.len() > LONGEST_NAME {
        return Err(fault(format!(
            "{} has {} characters, and the name of a {key} at most {LONGEST_NAME}",
            quoted(text),
            text.len()
        ))
        .help("shorten it"));
    }
    Ok(())
}

/// The longest name that `useradd` and systemd take.
const LONGEST_NAME: usize = 31;

/// Returns where names of such accounts are (nsswitch.conf(5)).
fn database(key: &str) -> &'static str {
    if key == "group" { "group" } else { "passwd" }
}

/// Proves what a record says of a unit, as a build does: it is printed in commands, which are pasted.
///
/// # Errors
/// Says what a value is not.
pub fn proven(unit: &BTreeMap<String, String>) -> Result<(), Diagnostic> {
    for key in ["user", "group"] {
        unit.get(key).map_or(Ok(()), |name| account_name(key, name))?;
    }
    unit.get("binary").map_or(Ok(()), |path| NodePath::parse(path).map(drop))
}

/// Returns a key of `[systemd]` as messages have it: a variable by its name alone.
pub fn shown(key: &str) -> &str {
    key.strip_prefix(VARIABLE).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_is_no_difference() {
        assert_eq!(Systemd::DEFAULT.differences(), BTreeMap::new());
        let account = Account { user: "etcd", group: "etcd" };
        assert_eq!(Systemd::DEFAULT.account(), account);
        assert_eq!(Account::of(&BTreeMap::new()), account);
        assert_eq!(Systemd::DEFAULT.program(), program(&BTreeMap::new()));
    }

    #[test]
    fn an_account_has_a_name_that_commands_take_as_it_is() {
        for fine in ["etcd", "root", "_etcd", "etcd-1", "kube_etcd", &"a".repeat(31)] {
            assert_eq!(account_name("user", fine), Ok(()));
        }
        for (key, wrong, message) in [
            ("user", "", "`user` names nobody"),
            ("group", "997", "`997` is a number, and `group` is a name"),
            ("user", "Etcd", "`Etcd` is no name of a user"),
            ("user", "1etcd", "`1etcd` is no name of a user"),
            ("user", "-x", "`-x` is no name of a user"),
            ("group", "a b", "`a b` is no name of a group"),
            ("user", "a;reboot", "`a;reboot` is no name of a user"),
        ] {
            let found = account_name(key, wrong).expect_err(wrong);
            assert_eq!(found.message, message);
        }
        assert!(account_name("user", &"a".repeat(32)).is_err());
    }

    #[test]
    fn what_is_written_is_found_again_in_what_runs() {
        let systemd = Systemd {
            binary: Some(NodePath::from_static("/opt/kube/bin/etcd")),
            user: "kube".into(),
            group: "certs".into(),
            environment: vec!["GOGC=50".into(), "GODEBUG=a=1,b=2".into()].into(),
        };
        let runs = systemd.differences();
        assert_eq!(Account::of(&runs), systemd.account());
        assert_eq!(program(&runs), "/opt/kube/bin/etcd");
        assert_eq!(runs["environment.GODEBUG"], "a=1,b=2");
        assert_eq!(runs.len(), 5);
        assert_eq!(shown("environment.GOGC"), "GOGC");
    }
}
