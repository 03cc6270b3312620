//! The edge: a program that does what people do.

use crate::steps::step as view;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, visible};
use bouquet_model::plan::Step;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Has a program go on where a terminal's Ctrl-C, or its end, is for this one alone. It stays in this program's group of
/// processes: it may ask something at the terminal, which stops those of other groups.
const GOES_ON: &str = "trap '' INT HUP; exec \"$0\"";
const AS_IT_IS: &str = "exec \"$0\"";

/// What a shell ends with where it finds no such program, or cannot run it (POSIX, Shell Command Language, 2.8.2).
const NOT_FOUND: i32 = 127;
const NOT_RUN: i32 = 126;

/// Hands a step to a program, as `plan --json` has it, by standard input; it was done where that ends with 0. Where it is
/// waited for, signals of the terminal do not end it: this program ends behind it.
///
/// # Errors
/// If it cannot be run, or ends otherwise.
pub(super) fn run(
    program: &Path,
    (number, step): (usize, &Step),
    is_waited_for: bool,
) -> Result<(), Diagnostic> {
    let shown = visible(&program.to_string_lossy()).into_owned();
    let text = serde_json::to_string(&view(step, number)).unwrap_or_default();
    let script = if is_waited_for { GOES_ON } else { AS_IT_IS };
    let mut child = Command::new("sh")
        .args(["-c", script])
        .arg(program)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| Diagnostic::error(format!("`sh` cannot be run: {error}")))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that reads nothing may do all the same what it is for.
        let _ = stdin.write_all(text.as_bytes());
    }
    let ended = child.wait();
    let ended = ended.map_err(|error| Diagnostic::error(format!("`{shown}`: {error}")))?;
    if ended.success() {
        return Ok(());
    }
    let problem = format!("`{shown}` did not do \"{}\": {}", step.action, words(ended));
    let problem = Diagnostic::error(problem);
    Err(match ended.code() {
        Some(NOT_FOUND) => problem.help(format!(
            "`{shown}`, or a command in it, is not there; a program in this folder is `./NAME`"
        )),
        Some(NOT_RUN) => {
            problem.help(format!("see that it can be run: `chmod +x {}`", shell_word(&shown)))
        }
        _ => problem.help(
            "once what it says is put right, do the same again: what is done is not done twice",
        ),
    })
}

fn words(ended: ExitStatus) -> String {
    match (ended.code(), ended.signal()) {
        (Some(code), _) => format!("it ended with {code}"),
        (None, signal) => format!("signal {} ended it", signal.unwrap_or_default()),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "these tests lay programs and read what they left")]
mod tests {
    use super::*;
    use crate::failure::shown;
    use bouquet_model::plan::{Action, Counts, Place};
    use std::fs;
    use std::path::PathBuf;
    use tempfile::TempDir;

    /// Writes a program by another process, so that nothing else has it open for writing.
    fn laid(folder: &TempDir, text: &str) -> PathBuf {
        let program = folder.path().join("hook");
        let mut shell = Command::new("sh");
        shell.args(["-c", "printf '%s\n' \"$1\" >\"$0\" && chmod 755 \"$0\""]);
        assert!(shell.arg(&program).arg(text).status().unwrap().success());
        program
    }

    fn runs(program: &Path, is_waited_for: bool) -> Result<(), String> {
        let step = Step {
            action: Action::Restart("orange".to_owned()),
            place: Place::Node("orange".to_owned()),
            commands: vec!["true".to_owned()],
            counts: Counts { voters: 3, up: 3, stopped: 1 },
            waits_for: None,
            undo: None,
            notes: Vec::new(),
        };
        run(program, (2, &step), is_waited_for).map_err(|problem| shown(&problem))
    }

    #[test]
    fn a_program_gets_the_step_and_says_by_its_code_whether_it_was_done() {
        let folder = TempDir::new().unwrap();
        let program = laid(&folder, "#!/bin/sh\ncat >\"$0.step\"");
        for is_waited_for in [false, true] {
            assert_eq!(runs(&program, is_waited_for), Ok(()));
        }
        let step = fs::read_to_string(folder.path().join("hook.step")).unwrap();
        assert!(step.contains("\"action\":\"restart\"") && step.contains("\"number\":2"), "{step}");
        let said = runs(&laid(&folder, "#!/bin/sh\nexit 3"), true).unwrap_err();
        assert!(said.contains("did not do \"restart orange\": it ended with 3"), "{said}");
        let said = runs(&folder.path().join("none"), true).unwrap_err();
        assert!(said.contains("is not there"), "{said}");
    }

    /// Returns which of the terminal's signals a process ignores, by its `/proc/PID/status`: 1 is HUP, 2 is INT.
    fn ignored(status: &str) -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
        u64::from_str_radix(line.trim(), 16).unwrap() & 3
    }

    /// As a terminal sends them to all of its foreground; what the program calls has them, too.
    #[test]
    fn what_is_waited_for_outlives_the_signals_of_a_terminal() {
        let folder = TempDir::new().unwrap();
        for signal in ["INT", "HUP"] {
            let program = laid(
                &folder,
                &format!("#!/bin/sh\nkill -{signal} $$\nsh -c 'kill -{signal} $$; true'"),
            );
            assert_eq!(runs(&program, true), Ok(()), "{signal}");
        }
        let program = laid(&folder, "#!/bin/sh\nkill -TERM $$");
        assert!(runs(&program, true).is_err(), "who ends it alone means it");
        // By `nohup`, this process ignores one of them itself.
        let own = ignored(&fs::read_to_string("/proc/self/status").unwrap());
        let program = laid(&folder, "#!/bin/sh\ncat /proc/self/status >\"$0.status\"");
        for (is_waited_for, wanted) in [(false, own), (true, 3)] {
            assert_eq!(runs(&program, is_waited_for), Ok(()));
            let status = fs::read_to_string(folder.path().join("hook.status")).unwrap();
            assert_eq!(ignored(&status), wanted, "{is_waited_for}");
        }
    }
}
