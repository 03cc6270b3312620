//! The edge: a shell that ends a trial whose program was killed.

use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Waits for a word; where none comes, the program is gone, and with the pipe's end go the members, which are in
/// its process group, the command, of which it was told, and the folder.
///
/// `PR_SET_PDEATHSIG` would have to be set between fork and exec, which is unsafe, and is Linux's alone.
const SCRIPT: &str = "\
trap '' INT TERM HUP
command=
while read -r word rest; do
    case $word in
        done) exit 0 ;;
        command) command=$rest ;;
    esac
done
[ -z \"$command\" ] || kill -TERM \"$command\"
kill -TERM 0
sleep 2
rm -rf -- \"$1\"
kill -KILL 0
";

/// A shell that waits for this program's end. Where it is dropped before it was dismissed, it does what is to be
/// done then.
pub(super) struct Watcher {
    shell: Child,
    words: Option<ChildStdin>,
}

impl Watcher {
    /// Starts one for the trial in that folder.
    ///
    /// # Errors
    /// If there is no shell.
    pub(super) fn start(folder: &NodePath) -> Result<Self, Diagnostic> {
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "sh", folder.as_str()])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C at a terminal goes to this program's group alone.
            .process_group(0)
            .spawn();
        let mut shell =
            shell.map_err(|error| Diagnostic::error(format!("`sh` cannot be run: {error}")))?;
        let words = shell.stdin.take();
        Ok(Self { shell, words })
    }

    /// Returns the process group of the members.
    ///
    /// # Panics
    /// Never: no system has a process whose number does not fit.
    pub(super) fn group(&self) -> i32 {
        self.shell.id().try_into().expect("the number of a process")
    }

    /// Tells of the command that runs; `None` once it has ended.
    pub(super) fn command(&mut self, process: Option<u32>) {
        let process = process.map(|process| process.to_string()).unwrap_or_default();
        self.say(&format!("command {process}\n"));
    }

    /// Dismisses it, when nothing is left to be ended.
    pub(super) fn dismiss(mut self) {
        self.say("done\n");
        drop(self.words.take());
        let _ = self.shell.wait();
    }

    /// Sends a word to the watcher, and ignores a failure: a watcher that was killed is missed only where this program
    /// is ended, too.
    fn say(&mut self, word: &str) {
        if let Some(words) = &mut self.words {
            let _ = words.write_all(word.as_bytes());
        }
    }
}
