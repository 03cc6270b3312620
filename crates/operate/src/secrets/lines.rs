//! A few of many lines.

/// More lines than this are counted, not shown.
const SHOWN: usize = 20;

/// Returns the first lines, and how many more there are.
pub(crate) fn few(lines: &[String]) -> Vec<String> {
    let mut shown: Vec<String> = lines.iter().take(SHOWN).cloned().collect();
    if let Some(more) = lines.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    shown
}
