//! Programs that are root's.

use std::process::Command;

/// Where they are, and where not every search path leads: `su` without `-` keeps that of the account before it, and
/// `sudo` of some distributions leaves `/usr/local/bin` out.
const SBIN: &str = ":/usr/local/bin:/usr/sbin:/sbin";

/// Prepares a program of the system's that may be among them.
#[expect(clippy::disallowed_methods, reason = "the edge that reads the search path")]
pub(crate) fn sbin(program: &str) -> Command {
    let path = std::env::var_os("PATH").filter(|path| !path.is_empty());
    let mut path = path.unwrap_or_else(|| "/usr/bin:/bin".into());
    path.push(SBIN);
    let mut command = Command::new(program);
    command.env("PATH", path);
    command
}
