//! Which form a configuration has.

use super::{command, pod, variables, yaml};
use bouquet_model::diagnostic::Diagnostic;
use clap::ValueEnum;
use std::fmt;

/// A form in which a member's options are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Lines `ETCD_NAME=…`.
    Env,
    /// etcd's configuration file.
    Yaml,
    /// A unit.
    Systemd,
    /// A pod's manifest.
    StaticPod,
    /// A command line, or a script with one.
    Command,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Env => "an environment file",
            Self::Yaml => "etcd's configuration file",
            Self::Systemd => "a unit of systemd",
            Self::StaticPod => "a static pod",
            Self::Command => "a command line",
        })
    }
}

/// Tells the form by the content.
///
/// # Errors
/// If it is none of them.
pub(super) fn form_of(text: &str) -> Result<Form, Diagnostic> {
    let is_env = || {
        let (all, none) = variables::variables(text);
        !all.is_empty() && none.len() <= all.len()
    };
    if pod::is_one(text) {
        Ok(Form::StaticPod)
    } else if text.lines().any(|line| line.trim() == "[Service]") {
        Ok(Form::Systemd)
    } else if command::is_one(text) {
        Ok(Form::Command)
    } else if yaml::is_one(text) {
        Ok(Form::Yaml)
    } else if is_env() {
        Ok(Form::Env)
    } else {
        Err(Diagnostic::error("it is no configuration of etcd's")
            .note(
                "known are environment files, etcd.conf.yml, units of systemd, static pods, and scripts with a \
                 command line",
            )
            .help("`--as FORM` says which of them it is: env, yaml, systemd, static-pod or command"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_from_the_content() {
        for (text, form) in [
            ("# x\nETCD_NAME=a\nETCD_DATA_DIR=\"/d\"\n", Form::Env),
            ("export ETCD_NAME=a\n", Form::Env),
            ("name: a\nclient-transport-security:\n  cert-file: x\n", Form::Yaml),
            ("---\n# x\nname: a\n", Form::Yaml),
            ("{\"name\": \"a\"}", Form::Yaml),
            ("[Unit]\nA=b\n\n[Service]\nExecStart=etcd --name a\n", Form::Systemd),
            ("apiVersion: v1\nkind: Pod\nspec: {}\n", Form::StaticPod),
            ("#!/bin/sh\nset -eu\nexec etcd \\\n  --name=a\n", Form::Command),
            ("etcd --name a", Form::Command),
            ("NAME=a\n/usr/bin/etcd --name $NAME\n", Form::Command),
        ] {
            assert_eq!(form_of(text), Ok(form), "{text}");
        }
        for text in ["hello there\n", "", "<html>\n", "a,b\n1,2\n"] {
            assert!(form_of(text).is_err(), "{text}");
        }
    }
}
