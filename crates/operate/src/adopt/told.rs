//! What is said of an adoption.

use super::observed::Observed;
use crate::failure::shown;
use crate::package::SPEC;
use crate::show::{GOOD, HINT, paint};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::fmt::Write as _;
use std::path::Path;

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

/// Returns what comes next, for a person who has the file, as it was typed.
pub(crate) fn next(file: &Path) -> String {
    let is_in_place = file.file_name().is_some_and(|name| name == SPEC);
    let there = if is_in_place {
        "in its folder".to_owned()
    } else {
        let file = file.display().to_string();
        format!("in a package's folder, once {} is its `{SPEC}`", quoted(&file))
    };
    format!(
        "{} {there}: `cargo run -- done --adopted` proves it, and records that it runs\n\
         {} `cargo run -- plan` shows how each node gets what was built, and `apply` does it\n",
        paint(HINT, "next:"),
        paint(GOOD, "then:"),
    )
}
