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
    /// How many of them there are.
    kept: Counts,
    /// How many more there were.
    further: Counts,
}

/// Holds how many findings there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    errors: usize,
    warnings: usize,
}

impl Counts {
    const fn of(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        }
    }
}

/// The most findings of a kind that are kept, further ones are counted: a file of a megabyte can hold hundreds of
/// thousands. Each kind has its own, so that no number of warnings keeps out an error.
const MOST_KEPT: usize = 1_000;

impl Diagnostics {
    /// Makes an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let severity = diagnostic.severity;
        self.add(severity, || diagnostic);
    }

    /// Adds an error that is only put into words if it is kept: those of an unknown name compare it with all that are
    /// known.
    pub fn push_with(&mut self, make: impl FnOnce() -> Diagnostic) {
        self.add(Severity::Error, make);
    }

    fn add(&mut self, severity: Severity, make: impl FnOnce() -> Diagnostic) {
        let kept = self.kept.of(severity);
        if *kept < MOST_KEPT {
            *kept += 1;
            self.found.push(make());
        } else {
            *self.further.of(severity) += 1;
        }
    }

    /// Tells whether there is nothing at all, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Tells whether anything refuses the cluster.
    pub fn has_errors(&self) -> bool {
        self.kept.errors + self.further.errors > 0
    }

    /// Adds all that another stage found.
    pub fn append(&mut self, other: Self) {
        self.extend(other.found);
        self.further.errors += other.further.errors;
        self.further.warnings += other.further.warnings;
    }

    /// Counts the findings of a kind, each once.
    pub fn count(&self, severity: Severity) -> usize {
        let kept = self.sorted().into_iter().filter(|found| found.severity == severity).count();
        let mut further = self.further;
        kept + *further.of(severity)
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
        found.into_iter().for_each(|one| self.push(one));
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
        vec![diagnostic].into()
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(found: Vec<Diagnostic>) -> Self {
        let mut all = Self::new();
        all.extend(found);
        all
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
        let mut all = Diagnostics::from(Diagnostic::warning("even"));
        (0..MOST_KEPT + 500).for_each(|nth| all.push_with(|| at(nth, "no")));
        all.push(at(0, "late"));
        let mut more = Diagnostics::from(at(7, "other"));
        more.append(all);
        assert_eq!(more.count(Severity::Error), MOST_KEPT + 502);
        assert_eq!(more.count(Severity::Warning), 1);
        assert_eq!(more.iter().count(), MOST_KEPT + 1);
    }

    #[test]
    fn no_number_of_warnings_keeps_out_an_error() {
        let warning = |nth: usize| Diagnostic::warning("even").at(nth..nth, "");
        let mut all = Diagnostics::from((0..MOST_KEPT + 5).map(warning).collect::<Vec<_>>());
        assert!(!all.has_errors());
        all.push(at(7, "no"));
        assert!(all.has_errors());
        assert!(all.iter().any(|found| found.message == "no"));
        assert_eq!(all.count(Severity::Warning), MOST_KEPT + 5);
        assert_eq!(all.iter().count(), MOST_KEPT + 1);
    }
}
