//! "Did you mean": the known word that is most like a written one.

/// The candidate most like a name, if any is like it at all: up to one slip in three characters,
/// and three in all.
pub(crate) fn nearest<'n, T>(
    name: &str,
    candidates: impl Iterator<Item = (&'n str, T)>,
) -> Option<T> {
    let length = name.chars().count();
    candidates
        .filter(|(candidate, _)| candidate.len().abs_diff(length) <= candidate.len() / 3)
        .map(|(candidate, it)| (strsim::damerau_levenshtein(name, candidate), candidate.len(), it))
        .filter(|(distance, candidate, _)| *distance <= (candidate.max(&length) / 3).clamp(1, 3))
        .min_by_key(|(distance, ..)| *distance)
        .map(|(.., it)| it)
}

/// The same for words that stand for nothing but themselves.
pub(crate) fn suggest<'n>(
    name: &str,
    candidates: impl Iterator<Item = &'n str>,
) -> Option<&'n str> {
    // No word of ours is nearly as long as this; the rest would only cost time.
    let name: String = name.chars().take(80).collect();
    nearest(&name, candidates.map(|candidate| (candidate, candidate)))
}
