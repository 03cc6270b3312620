//! "Did you mean": the known word that is most like a written one.

/// Returns what belongs to the candidate that is most like a name, if one is like it at all: up to
/// one slip in three characters, and three in all.
pub fn nearest<'n, T>(name: &str, candidates: impl Iterator<Item = (&'n str, T)>) -> Option<T> {
    // No word of ours is nearly as long as this; the rest would only cost time.
    let name: String = name.chars().take(80).collect();
    let length = name.chars().count();
    let slips = |candidate: &str| (candidate.len().max(length) / 3).clamp(1, 3);
    candidates
        // Cheaper than the distance, which is never less.
        .filter(|(candidate, _)| candidate.len().abs_diff(length) <= slips(candidate))
        .map(|(candidate, it)| (strsim::damerau_levenshtein(&name, candidate), candidate, it))
        .filter(|(distance, candidate, _)| *distance <= slips(candidate))
        .min_by_key(|(distance, ..)| *distance)
        .map(|(.., it)| it)
}

/// Returns the word that is most like a name; see [`nearest`].
pub fn word<'n>(name: &str, words: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    nearest(name, words.map(|word| (word, word)))
}

#[cfg(test)]
mod tests {
    use super::word;

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
            assert_eq!(word(written, keys()), Some(meant), "{written}");
        }
        for other in ["", "x", "ipv4", "color", "no"] {
            assert_eq!(word(other, keys()), None, "{other}");
        }
    }
}
