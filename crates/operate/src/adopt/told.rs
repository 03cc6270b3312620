//! What is said of an adoption.

use super::observed::Observed;
use crate::failure::shown;
use crate::show::{GOOD, HINT, paint};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::fmt::Write as _;

/// A spec, and what is to be said of it.
#[derive(Debug)]
pub(crate) struct Adopted {
    /// The text of `cluster.toml`.
    pub(crate) text: String,
    pub(crate) told: Told,
}

/// What is to be said.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// A line for each member.
    lines: Vec<String>,
    /// What is worth knowing.
    pub(super) said: Vec<Diagnostic>,
    /// What cannot be said in a spec, each once.
    pub(super) unsaid: Vec<Diagnostic>,
}

impl Told {
    /// Adds a member whose configuration was read.
    pub(super) fn member(&mut self, observed: &Observed, options: usize, unsaid: usize) {
        let Observed { name, file, form, .. } = observed;
        let count = match unsaid {
            0 => "all said".to_owned(),
            count => format!("{} said", options.saturating_sub(count)),
        };
        self.lines.push(format!("{name}: {options} options of {file}, {form}: {count}"));
    }

    /// Adds members of which nothing was read.
    pub(super) fn unseen<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let names: Vec<String> = names.map(quoted).collect();
        if !names.is_empty() {
            self.said.push(
                Diagnostic::warning(format!("no configuration of {} was given", names.join(", ")))
                    .note("each is described by `initial-cluster`, and by what the others have")
                    .help("give a file for each member: options may differ"),
            );
        }
    }

    pub(super) fn unsaid(&mut self, findings: Vec<Diagnostic>) {
        for finding in findings {
            if !self.unsaid.contains(&finding) {
                self.unsaid.push(finding);
            }
        }
    }

    /// Tells whether the spec says all of it.
    pub(crate) fn is_whole(&self) -> bool {
        self.unsaid.is_empty()
    }

    /// Returns all of it, as a person reads it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let _ = writeln!(text, "{line}");
        }
        for finding in self.said.iter().chain(&self.unsaid) {
            text.push_str(&shown(finding));
        }
        text
    }
}

/// Returns what comes next, for a person who has the file.
pub(crate) fn next(program: &str) -> String {
    format!(
        "{} `cargo build` proves it; then on each node, one after the other: `install`\n\
         {} `{program} done` records that it runs, once it does; `state` can go then\n",
        paint(HINT, "next:"),
        paint(GOOD, "then:"),
    )
}
