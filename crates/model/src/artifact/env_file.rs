//! Environment files, for anyone who reads them: a shell, systemd, Docker.

use super::quote::env_value;
use std::fmt::Write as _;

/// Returns a whole file of `NAME=value` lines below a head.
///
/// systemd's `EnvironmentFile=` and a POSIX shell read all of it alike. `docker --env-file` and podman
/// know no quotes, so that a value has them only where the others need them, and the head then names
/// its variable.
pub(super) fn env_file(
    head: String,
    variables: impl IntoIterator<Item = (String, String)>,
) -> String {
    let mut lines = String::new();
    let mut quoted = Vec::new();
    for (name, value) in variables {
        let written = env_value(&value);
        let _ = writeln!(lines, "{name}={written}");
        if *written != value {
            quoted.push(name);
        }
    }
    let mut text = head;
    if !quoted.is_empty() {
        let _ = writeln!(
            text,
            "# docker --env-file and podman keep quotes as part of a value: they need another way for\n\
             # {}",
            quoted.join(" ")
        );
    }
    text + &lines
}
