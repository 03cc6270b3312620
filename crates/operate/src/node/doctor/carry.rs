//! The edges: a node is looked at and what is wrong is said; a log is read and explained.

use super::report;
use super::work::{Doctor, Explain};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::node::checks::{Node, checks};
use crate::node::log::{self, Words, explain};
use crate::node::machine::{certificates, look};
use crate::patience::Patience;
use bouquet_model::Member;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::time::SystemTime;

/// The ways to a person, and the clock.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) patience: Patience,
}

/// Looks at this node, and says what is wrong with it.
///
/// # Errors
/// If there is no such member.
pub(crate) fn examine(
    compiled: &Compiled<'_>,
    work: &Doctor,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let member = known(compiled, &work.member)?;
    let unit = compiled.cluster.unit_name(member);
    let certificates = certificates(compiled.cluster);
    let certificates = certificates.as_ref().map_err(Clone::clone);
    let waiting = ways.patience.waits("looking at this node, and asking the other members");
    let facts = look(compiled.cluster, member, &certificates, ways.clock);
    drop(waiting);
    let checks = checks(&Node {
        compiled,
        member,
        facts: &facts,
        options: &work.options,
        certificates: &work.certificates,
        unit: &unit,
        program: &work.program,
        install: &|option| {
            let line = format!("{} install {} {option}", work.program, shell_word(&work.member));
            format!("`{}`", line.trim_end())
        },
    });
    let name = member.name.as_str();
    (ways.print)(&if work.json {
        report::json(name, &checks)
    } else {
        report::text(&checks, &work.program)
    });
    Ok(report::exit(&checks))
}

fn known<'a>(compiled: &Compiled<'a>, name: &str) -> Result<&'a Member, Diagnostic> {
    let member = compiled.cluster.member(name);
    member
        .ok_or_else(|| Diagnostic::error(format!("{} is no member of this cluster", quoted(name))))
}

/// Explains what a log says.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn explained(
    compiled: &Compiled<'_>,
    work: &Explain,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let member = work.member.as_ref().map(|name| known(compiled, name)).transpose()?;
    let words = Words::of(compiled.cluster, member, &work.program);
    let journal = words.filled("`journalctl -u {unit}`");
    let (input, shown) = opened(work).map_err(|(error, shown)| {
        Diagnostic::error(format!("{shown} cannot be read: {error}"))
            .help(format!("{journal} prints a node's: pipe it into `--log -`"))
    })?;
    let mut failed = None;
    let lines = Lines { input, failed: &mut failed };
    let explained = explain(lines, &words);
    if let Some(error) = failed {
        return Err(Diagnostic::error(format!("{shown} cannot be read: {error}")).into());
    }
    if explained.lines == 0 {
        let problem = Diagnostic::error(format!("{shown} has no line"))
            .help(format!("{journal} prints a node's log: pipe it into `--log -`"));
        return Err(Failure { problem, exit: Exit::Unknown });
    }
    let text =
        if work.json { log::json(&explained, &words) } else { log::text(&explained, &words) };
    (ways.print)(&text);
    let is_fine = explained.known.iter().all(log::Known::is_harmless);
    Ok(if is_fine { Exit::Done } else { Exit::Failed })
}

type Input = Box<dyn BufRead>;

#[expect(clippy::disallowed_methods, reason = "the edge that reads a log")]
fn opened(work: &Explain) -> Result<(Input, String), (io::Error, String)> {
    match &work.file {
        None => Ok((Box::new(io::stdin().lock()), "standard input".to_owned())),
        Some(path) => {
            let shown = path.display().to_string();
            match File::open(path) {
                Ok(file) => Ok((Box::new(BufReader::new(file)), shown)),
                Err(error) => Err((error, shown)),
            }
        }
    }
}

/// The longest line, in bytes: the rest is taken for another one, so that a file without an end of
/// a line is not held in memory.
const LONGEST: u64 = 64 << 10;

/// Lines of a log, one at a time; the first error ends them.
struct Lines<'a> {
    input: Input,
    failed: &'a mut Option<io::Error>,
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut line = Vec::new();
        match self.input.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => Some(String::from_utf8_lossy(&line).trim_end().to_owned()),
            Err(error) => {
                *self.failed = Some(error);
                None
            }
        }
    }
}
