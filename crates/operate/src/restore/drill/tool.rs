//! The edge: etcd's own tool, which writes a member's data from a snapshot.

use crate::trial::{Etcd, Placed, forget};
use bouquet_model::diagnostic::{Diagnostic, visible_lines};
use bouquet_model::plan::{RAISES, restore_options};
use bouquet_model::version::Minor;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tokio::process::Command;

/// A tool that restores.
#[derive(Debug)]
pub(super) struct Tool {
    /// How it is called.
    pub(super) program: PathBuf,
    /// Whether it can raise revisions: from 3.5.10 on.
    pub(super) raises: bool,
}

/// The last lines of what it said that are shown.
const SHOWN: usize = 3;

/// Returns the tool of an etcd: the one beside it, or else that of `PATH`.
///
/// # Errors
/// If there is none.
pub(super) async fn find(etcd: &Etcd) -> Result<Tool, Diagnostic> {
    // 3.5 has the command in both, 3.6 no longer in etcdctl.
    let names: &[&str] = match etcd.version.minor() {
        Minor::V3_4 => &["etcdctl"],
        Minor::V3_5 => &["etcdutl", "etcdctl"],
        _ => &["etcdutl"],
    };
    let beside = etcd.program.parent().filter(|folder| !folder.as_os_str().is_empty());
    let places = beside.into_iter().chain([Path::new("")]);
    for folder in places {
        for name in names {
            let program = folder.join(name);
            match run(&program, ["snapshot", "restore", "--help"], None).await {
                Ok(output) => {
                    let said = [output.stdout, output.stderr].concat();
                    let raises = String::from_utf8_lossy(&said).contains("--bump-revision");
                    return Ok(Tool { program, raises });
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let shown = program.display();
                    return Err(Diagnostic::error(format!("`{shown}` cannot be run: {error}")));
                }
            }
        }
    }
    Err(Diagnostic::error(format!("there is no `{}` beside the etcd, nor in PATH", names[0]))
        .note("it writes the members' data from the snapshot")
        .help("it is in the archive that has the etcd, and in Debian's package `etcd-client`: name the `etcd` beside it by `--etcd FILE`"))
}

impl Tool {
    /// Writes a member's data, in the process group `group`.
    ///
    /// # Errors
    /// If it fails, with the last that it said.
    pub(super) async fn restore(
        &self,
        member: &Placed,
        (file, token): (&Path, &str),
        group: i32,
    ) -> Result<(), Diagnostic> {
        let mut words = vec!["snapshot".into(), "restore".into(), file.as_os_str().to_owned()];
        let mut flag = |name: &str, value: &str| words.push(format!("--{name}={value}").into());
        for (name, value) in restore_options(&member.name, &|name| member.option(name)) {
            flag(name, &value);
        }
        flag("data-dir", &member.option("data-dir").unwrap_or_default());
        flag("initial-cluster", &member.option("initial-cluster").unwrap_or_default());
        flag("initial-cluster-token", token);
        words.extend(RAISES.iter().filter(|_| self.raises).map(Into::into));
        let shown = self.program.display();
        let output = run(&self.program, words, Some(group)).await;
        let output = output
            .map_err(|error| Diagnostic::error(format!("`{shown}` cannot be run: {error}")))?;
        if output.status.success() {
            return Ok(());
        }
        let problem = format!("`{}` cannot be restored: {shown}: {}", member.name, output.status);
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
        let last = &lines[lines.len().saturating_sub(SHOWN)..];
        Err(last.iter().fold(Diagnostic::error(problem), |problem, line| {
            problem.note(visible_lines(line).into_owned())
        }))
    }
}

/// Runs it to its end, with nothing of etcd's in the environment. Where this is dropped, it is killed.
async fn run(
    program: &Path,
    words: impl IntoIterator<Item = impl AsRef<OsStr>>,
    group: Option<i32>,
) -> io::Result<Output> {
    let mut command = Command::new(program);
    forget(&mut command);
    command.args(words).env("ETCDCTL_API", "3").stdin(Stdio::null()).kill_on_drop(true);
    if let Some(group) = group {
        command.process_group(group);
    }
    command.output().await
}
