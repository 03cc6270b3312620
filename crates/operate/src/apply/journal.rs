//! The edge: `out/log/apply.jsonl`, where each step is noted before it is done and after. Nothing is gone on with from
//! it: it tells people what was done, and when.

use crate::steps::{StepView, step as view};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Step;
use bouquet_model::time::Instant;
use bouquet_outdir::log::Log;
use serde::Serialize;
use std::path::Path;

/// The file, below `out/log/`.
const NAME: &str = "apply.jsonl";

/// The file, while no other run has it.
pub(super) struct Journal(Log);

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// It begins.
    Begins,
    /// It was done.
    Done,
    /// etcd, a node or a person did not do it.
    Refused,
    /// It may have been done.
    Unknown,
}

#[derive(Serialize)]
struct Line<'a> {
    at: String,
    who: &'a str,
    /// The definition that it leads to.
    definition: String,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    /// The member's ID, where it is known.
    id: Option<String>,
    /// As `plan --json` has it.
    #[serde(flatten)]
    step: StepView<'a>,
}

/// What all lines of a run have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    pub(super) who: &'a str,
    pub(super) definition: bouquet_model::digest::Digest,
}

impl Journal {
    /// Takes the file.
    ///
    /// # Errors
    /// If another run of this package has it, or it cannot be written.
    pub(super) fn take(out: &Path) -> Result<Self, Diagnostic> {
        let log = Log::take(out, NAME)?.ok_or_else(|| {
            let place = out.join("log").join(NAME);
            Diagnostic::error("another `apply` of this package runs")
                .note(format!("it holds `{}`", place.display()))
                .help("wait for its end; or end it, which is safe at any moment")
        })?;
        Ok(Self(log))
    }

    /// Adds a line.
    ///
    /// # Errors
    /// If it cannot be written: what is not noted is not done.
    pub(super) fn note(
        &mut self,
        whose: Whose<'_>,
        (number, step): (usize, &Step),
        id: Option<String>,
        (now, outcome, why): (i64, Outcome, Option<&str>),
    ) -> Result<(), Diagnostic> {
        let line = Line {
            at: Instant(now).to_string(),
            who: whose.who,
            definition: whose.definition.to_string(),
            outcome,
            why,
            id,
            step: view(step, number),
        };
        let text = serde_json::to_string(&line).unwrap_or_default();
        self.0.add(&format!("{text}\n"))
    }
}
