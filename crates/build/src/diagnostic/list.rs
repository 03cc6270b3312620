//! All findings of a stage, or of a whole compile.

use std::collections::HashSet;

use bouquet_model::diagnostic::{Diagnostic, Severity};

/// Findings, collected so that one build shows them all.
///
/// A stage pushes and goes on; where it ends, [`Diagnostics::has_errors`] tells whether the next
/// one may start.
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
    /// Makes an empty list.
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

    /// Tells whether there is nothing at all, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Tells whether anything refuses the cluster.
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

    /// Counts the findings of a kind, whether kept or not, and each once.
    pub fn count(&self, severity: Severity) -> usize {
        let kept = self.sorted().into_iter().filter(|d| d.severity == severity).count();
        kept + self.left_out(severity)
    }

    /// Returns how many findings of a kind were only counted.
    fn left_out(&self, severity: Severity) -> usize {
        let kept = self.found.iter().filter(|d| d.severity == severity).count();
        match severity {
            Severity::Error => self.errors - kept,
            Severity::Warning => self.warnings - kept,
        }
    }

    /// Returns the findings in the order in which they were pushed.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.found.iter()
    }

    /// Returns the findings as they are shown: from the top of the file to its end, those without a
    /// place first, and none twice.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let place = |d: &Diagnostic| d.primary.as_ref().map(|label| label.span);
        let mut seen = HashSet::new();
        let mut sorted: Vec<_> = self
            .found
            .iter()
            .filter(|d| seen.insert((d.severity, place(d), &d.file, d.message.as_str())))
            .collect();
        // A stable sort: findings at one place keep the order of their stages.
        sorted.sort_by_key(|d| place(d));
        sorted
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

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        let mut found = Self::new();
        found.extend(diagnostics);
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
