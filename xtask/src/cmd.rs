//! Commands as data: what to run is decided (and tested) apart from running it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// A program with its arguments, environment and working folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cmd {
    program: PathBuf,
    args: Vec<String>,
    envs: Vec<(String, String)>,
    dir: Option<PathBuf>,
}

impl Cmd {
    pub(crate) fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), args: Vec::new(), envs: Vec::new(), dir: None }
    }

    pub(crate) fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub(crate) fn path(self, path: &Path) -> Self {
        self.arg(path.to_string_lossy())
    }

    pub(crate) fn args<A: Into<String>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.envs.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_path_buf());
        self
    }

    /// Returns this command as the last arguments of another, which starts it.
    pub(crate) fn wrapped_by(&self, mut wrapper: Self) -> Self {
        wrapper.args.push(self.program.to_string_lossy().into_owned());
        wrapper.args.extend(self.args.iter().cloned());
        wrapper.envs.extend(self.envs.iter().cloned());
        wrapper
    }

    /// Runs silently. A failure's error carries the end of what the program printed.
    pub(crate) fn quiet(&self) -> Result<()> {
        self.output().map(drop)
    }

    /// Runs silently and returns its stdout, with the same errors as [`Cmd::quiet`].
    pub(crate) fn output(&self) -> Result<String> {
        let output = self
            .command()
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start `{self}`"))?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let printed = stdout + &String::from_utf8_lossy(&output.stderr);
            bail!("`{self}` failed ({}):\n{}", output.status, tail(&printed));
        }
        Ok(stdout)
    }

    /// Runs with this program's own stdin, stdout and stderr.
    pub(crate) fn status(&self) -> Result<ExitStatus> {
        self.command().status().with_context(|| format!("cannot start `{self}`"))
    }

    /// Returns the command of the standard library, for what the other methods do not cover.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.envs.iter().map(|(k, v)| (k, v)));
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command
    }
}

/// As one would type it, without the environment. For messages: it is not meant for a shell.
impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program.display())?;
        self.args.iter().try_for_each(|arg| write!(f, " {arg}"))
    }
}

/// Returns the last 30 lines of a program's output, where its error usually is.
fn tail(printed: &str) -> String {
    const LINES: usize = 30;
    let lines: Vec<&str> = printed.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_command_and_its_last_words() {
        let error = Cmd::new("sh")
            .args(["-c", "echo out; echo err >&2; exit 3"])
            .quiet()
            .unwrap_err()
            .to_string();
        assert!(error.contains("exit status: 3):\nout\nerr"), "shows the output: {error}");
    }

    #[test]
    fn only_the_tail_of_a_long_output_is_shown() {
        let lines: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        assert_eq!(tail(&lines.join("\n")), lines[70..].join("\n"));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = Cmd::new("no-such-program").quiet().unwrap_err();
        assert_eq!(error.to_string(), "cannot start `no-such-program`");
    }
}
