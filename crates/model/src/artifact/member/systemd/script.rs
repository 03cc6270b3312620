//! Scripts in a unit.

use crate::artifact::quote::exec_word;

/// Returns a line of a unit for a script without single quotes that root runs, on several lines: systemd takes
/// the backslash and the end of a line for a space, and within quotes a backslash as C does
/// (systemd.syntax(7)). `key` is what comes before the command, `words` are the script's arguments.
pub(super) fn as_root<'a>(
    key: &str,
    script: &str,
    words: impl IntoIterator<Item = &'a str>,
) -> String {
    let script = script.replace('\\', r"\\").replace('$', "$$").replace('%', "%%");
    let lines: Vec<String> = script.lines().map(|line| format!("    {line}")).collect();
    format!("{key}=+sh -euc ' \\\n{}' sh{}\n", lines.join(" \\\n"), exec_words(words))
}

/// Joins words, each after a blank.
pub(super) fn exec_words<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().flat_map(|word| [" ".to_owned(), exec_word(word)]).collect()
}
