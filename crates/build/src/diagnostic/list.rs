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
    /// How many errors were not put into words.
    further: usize,
}

/// The most findings that are put into words: each unknown name is compared with all that are known, and a file of a
/// megabyte can hold a hundred thousand.
const MOST_WORDED: usize = 1_000;

impl Diagnostics {
    /// Makes an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds an error that is only put into words if it may be shown, and counted otherwise.
    pub fn push_with(&mut self, make: impl FnOnce() -> Diagnostic) {
        if self.found.len() < MOST_WORDED {
            self.push(make());
        } else {
            self.further += 1;
        }
    }

    /// Tells whether there is nothing at all, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Tells whether anything refuses the cluster.
    pub fn has_errors(&self) -> bool {
        self.further > 0 || self.found.iter().any(|found| found.severity == Severity::Error)
    }

    /// Adds all that another stage found.
    pub fn append(&mut self, other: Self) {
        self.found.extend(other.found);
        self.further += other.further;
    }

    /// Counts the findings of a kind, each once.
    pub fn count(&self, severity: Severity) -> usize {
        let worded = self.sorted().into_iter().filter(|found| found.severity == severity).count();
        worded + if severity == Severity::Error { self.further } else { 0 }
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
        self.found.extend(found);
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
        Self { found, further: 0 }
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
    fn what_is_not_put_into_words_is_counted() {
        let mut all = Diagnostics::from(Diagnostic::warning("even"));
        (0..MOST_WORDED + 500).for_each(|nth| all.push_with(|| at(nth, "no")));
        all.push(at(0, "late"));
        let mut more = Diagnostics::from(at(7, "other"));
        more.append(all);
        assert_eq!(more.count(Severity::Error), MOST_WORDED + 502);
        assert_eq!(more.count(Severity::Warning), 1);
        assert_eq!(more.iter().count(), MOST_WORDED + 2);
        let mut none = Diagnostics::default();
        assert!(!none.has_errors());
        none.append(Diagnostics { found: Vec::new(), further: 1 });
        assert!(none.has_errors());
    }
}
