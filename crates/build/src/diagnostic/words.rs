//! Words that several findings share.

/// Returns the first of them, and how many more there are.
pub(crate) fn first_and_more(all: &[String]) -> Option<String> {
    let (first, more) = (all.first()?, all.len() - 1);
    Some(if more == 0 { first.clone() } else { format!("{first} and {more} more") })
}
