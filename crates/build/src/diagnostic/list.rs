//! All findings of a stage, or of a whole compile.

use std::collections::HashSet;

use super::{Diagnostic, Severity};

/// Findings, collected so that one build shows them all.
///
/// A stage pushes and goes on; [`Diagnostics::into_result`] is the boundary at
/// which the next stage starts only if nothing is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

/// How many errors, and how many warnings, are kept. The rest is counted: a
/// file of a megabyte can hold half a million mistakes.
const MOST_KEPT: usize = 1_000;

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.push_with(diagnostic.severity, || diagnostic);
    }

    /// Adds one finding that is only put into words if there is room for it.
    pub fn push_with(&mut self, severity: Severity, make: impl FnOnce() -> Diagnostic) {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= MOST_KEPT {
            self.found.push(make());
        }
    }

    /// Whether there is nothing at all, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether anything refuses the cluster.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Adds all that another stage found.
    pub fn append(&mut self, other: Self) {
        let (errors, warnings) =
            (other.left_out(Severity::Error), other.left_out(Severity::Warning));
        self.extend(other.found);
        self.errors += errors;
        self.warnings += warnings;
    }

    /// How many findings of a kind there are, whether kept or not, and each
    /// once.
    pub fn count(&self, severity: Severity) -> usize {
        let kept = self.sorted().into_iter().filter(|d| d.severity == severity).count();
        kept + self.left_out(severity)
    }

    /// How many findings of a kind were only counted.
    fn left_out(&self, severity: Severity) -> usize {
        let kept = self.found.iter().filter(|d| d.severity == severity).count();
        match severity {
            Severity::Error => self.errors - kept,
            Severity::Warning => self.warnings - kept,
        }
    }

    /// The findings in the order in which they were pushed.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.found.iter()
    }

    /// The findings as they are shown: from the top of the file to its end,
    /// those without a place first, and none twice.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let place = |d: &Diagnostic| d.primary.as_ref().map(|label| label.span);
        let mut seen = HashSet::new();
        let mut sorted: Vec<_> = self
            .found
            .iter()
            .filter(|d| seen.insert((d.severity, place(d), d.message.as_str())))
            .collect();
        // A stable sort: findings at one place keep the order of their stages.
        sorted.sort_by_key(|d| place(d));
        sorted
    }

    /// The boundary between two stages: the value and the warnings so far, or
    /// everything found when any of it is an error.
    ///
    /// # Errors
    ///
    /// Gives the findings back when one of them is an error, or when the stage
    /// could not make a value.
    pub fn into_result<T>(self, value: Option<T>) -> Result<(T, Self), Self> {
        match value {
            Some(value) if !self.has_errors() => Ok((value, self)),
            _ => Err(self),
        }
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, found: I) {
        for diagnostic in found {
            self.push(diagnostic);
        }
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        let mut found = Self::new();
        found.push(diagnostic);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: usize, message: &str) -> Diagnostic {
        Diagnostic::error(message).at(start..start + 1, "")
    }

    #[test]
    fn findings_are_shown_from_top_to_bottom_and_once() {
        let mut all = Diagnostics::new();
        all.extend([
            at(9, "late"),
            at(3, "early"),
            at(9, "late"),
            Diagnostic::warning("whole file"),
        ]);
        let messages: Vec<_> = all.sorted().iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["whole file", "early", "late"]);
    }

    #[test]
    fn a_stage_boundary_lets_warnings_pass_and_errors_not() {
        let warned = Diagnostics::from(Diagnostic::warning("even"));
        let (value, kept) = warned.into_result(Some(7)).expect("no errors");
        assert_eq!((value, kept.count(Severity::Warning)), (7, 1));
        assert!(Diagnostics::from(at(0, "no")).into_result(Some(7)).is_err());
        assert!(Diagnostics::new().into_result(None::<()>).is_err());
    }
    #[test]
    fn what_is_not_kept_is_counted() {
        let mut all = Diagnostics::new();
        all.push(Diagnostic::warning("even"));
        all.extend((0..MOST_KEPT + 500).map(|nth| at(nth, "no")));
        all.push(at(0, "no"));
        let mut more = Diagnostics::from(at(7, "other"));
        more.append(all);
        assert_eq!(more.count(Severity::Error), MOST_KEPT + 502);
        assert_eq!(more.count(Severity::Warning), 1);
        assert_eq!(more.iter().count(), MOST_KEPT + 1);
    }
}
