//! "Did you mean": the known word that is most like a written one.

/// The candidate most like a name, if any is like it at all: up to one slip in three characters,
/// and three in all.
pub(crate) fn nearest<'n, T>(
    name: &str,
    candidates: impl Iterator<Item = (&'n str, T)>,
) -> Option<T> {
    let length = name.chars().count();
    let slips = |candidate: &str| (candidate.len().max(length) / 3).clamp(1, 3);
    candidates
        // Cheaper than the distance, which is never less.
        .filter(|(candidate, _)| candidate.len().abs_diff(length) <= slips(candidate))
        .map(|(candidate, it)| (strsim::damerau_levenshtein(name, candidate), candidate, it))
        .filter(|(distance, candidate, _)| *distance <= slips(candidate))
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

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn a_letter_doubled_dropped_or_swapped_is_forgiven() {
        let keys = || ["ip", "name", "hostname", "peer-port", "extra-sans"].into_iter();
        for (written, meant) in [
            ("ipp", "ip"),
            ("iip", "ip"),
            ("i", "ip"),
            ("pi", "ip"),
            ("nam", "name"),
            ("naame", "name"),
            ("hostnme", "hostname"),
            ("peerport", "peer-port"),
        ] {
            assert_eq!(suggest(written, keys()), Some(meant), "{written}");
        }
        for other in ["", "x", "ipv4", "color", "no"] {
            assert_eq!(suggest(other, keys()), None, "{other}");
        }
    }
}
