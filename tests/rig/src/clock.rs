//! A clock of a machine's own, for all that runs there.

use crate::run::stdout;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A time of day that differs from this computer's by seconds in a file.
pub(crate) struct Clock {
    program: PathBuf,
    shift: PathBuf,
}

impl Clock {
    /// One that is right, made of two files with this name in front.
    pub(crate) fn new(name: &Path) -> Self {
        let (source, program) = (name.with_extension("clock.c"), name.with_extension("clock"));
        fs::write(&source, include_str!("clock.c")).expect("a file");
        // The one compiler that cargo needs, too.
        let mut compiler = Command::new("cc");
        compiler.args(["-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o"]);
        stdout(compiler.arg(&program).arg(&source));
        let clock = Self { program, shift: name.with_extension("shift") };
        clock.shift(0);
        clock
    }

    /// Moves it, for programs that run as well.
    pub(crate) fn shift(&self, seconds: i64) {
        // Replaced at once, since it is read all the time.
        let new = self.shift.with_extension("new");
        fs::write(&new, seconds.to_string()).expect("a file");
        fs::rename(new, &self.shift).expect("a file");
    }

    /// The beginning of a command whose rest runs by this clock.
    pub(crate) fn command(&self) -> Vec<PathBuf> {
        vec![self.program.clone(), self.shift.clone()]
    }
}
