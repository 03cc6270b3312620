//! The edge: etcd's program, its process, and its journal.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at processes")]

use crate::node::machine::facts::{Program, Running};
use crate::programs::version;
use bouquet_model::artifact::PROXY_VARIABLES;
use bouquet_model::systemd::searched;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Returns the etcd that a unit finds.
pub(super) fn program(name: &str) -> Option<Program> {
    let file = found(name)?;
    let version = version(&file);
    // The link's own target is what a process has.
    let file = fs::canonicalize(&file).unwrap_or(file);
    Some(Program { file, version: version.map_err(|error| error.to_string()) })
}

/// Returns a program by its name, in the folders where systemd looks, or by its path.
pub(super) fn found(name: &str) -> Option<PathBuf> {
    searched(name).into_iter().map(PathBuf::from).find(|it| it.is_file())
}

/// Returns a process of etcd's, by its ID.
pub(super) fn running(id: u32) -> Running {
    let of = |name: &str| format!("/proc/{id}/{name}");
    let program = fs::read_link(of("exe")).map(|path| path.display().to_string());
    let variables = fs::read(of("environ")).map(|text| {
        let text = String::from_utf8_lossy(&text).into_owned();
        proxies(text.split('\0'))
    });
    let stat = fs::read_to_string(of("stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
    Running {
        is_stopped: matches!(state, Some('T' | 't')),
        program: program.map_err(|error| error.to_string()),
        limits: fs::read_to_string(of("limits")).unwrap_or_default(),
        proxies: variables.map_err(|error| error.to_string()),
    }
}

/// Returns the names of proxy variables among `NAME=VALUE`; a value may have a password in it.
pub(super) fn proxies<'a>(variables: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names = variables.filter_map(|variable| Some(variable.split_once('=')?.0));
    names.filter(|name| PROXY_VARIABLES.contains(name)).map(str::to_owned).collect()
}

/// How many lines of a journal are looked at.
const LINES: &str = "--lines=200";

/// Returns the last lines of a unit's journal.
pub(super) fn journal(unit: &str) -> Vec<String> {
    let said = Command::new("journalctl")
        .args(["--unit", unit, "--output=cat", "--no-pager", "--boot", LINES])
        .output();
    let text = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}
