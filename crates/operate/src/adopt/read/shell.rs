//! The commands of a shell's text and of the files that it reads, as far as they can be known without running it.

use super::lexer::{Command, Lexer, MOST_FILLED, Variables, Word, is_name};
use std::collections::BTreeSet;

/// The words that a command may stand behind in what is made of several.
const RESERVED: [&str; 9] = ["then", "do", "else", "elif", "if", "while", "until", "!", "{"];

/// No script reads more files: one that names itself in ever other words would never end.
const MOST_FILES: usize = 32;

/// Returns the commands of a text. Variables that it sets are filled in where it uses them.
pub(super) fn commands(text: &str) -> Vec<Command> {
    commands_with(text, Variables::new(), &|_| None)
}

/// Reads the same, with variables that are set already. Commands of a file that it reads (`. FILE`) stand in place of
/// that command, where `other` finds the file.
pub(super) fn commands_with(
    text: &str,
    mut variables: Variables,
    other: &dyn Fn(&str) -> Option<String>,
) -> Vec<Command> {
    let mut left = MOST_FILLED;
    added(text, &mut variables, other, &mut BTreeSet::new(), &mut left)
}

fn added(
    text: &str,
    variables: &mut Variables,
    other: &dyn Fn(&str) -> Option<String>,
    files: &mut BTreeSet<String>,
    left: &mut usize,
) -> Vec<Command> {
    let mut lexer = Lexer::of(text, left);
    let mut all = Vec::new();
    while !lexer.is_at_end() {
        let command = lexer.command(variables);
        if command.words.is_empty() {
            continue;
        }
        for (name, value) in assigned(&command).into_iter().filter_map(assignment) {
            variables.insert(name.to_owned(), value);
        }
        match file(&command).and_then(Result::ok) {
            // A file that was read has nothing new, and may be this one.
            Some(path) if files.contains(path) => {}
            Some(path) => match other(path).filter(|_| files.len() < MOST_FILES) {
                Some(text) => {
                    files.insert(path.to_owned());
                    let inner = added(&text, variables, other, files, lexer.left());
                    let line = command.line;
                    all.extend(inner.into_iter().map(|inner| Command { line, ..inner }));
                }
                None => all.push(command),
            },
            None => all.push(command),
        }
    }
    all
}

/// Returns the file whose commands a command runs, or what of its path only the node knows.
pub(super) fn file(command: &Command) -> Option<Result<&str, &str>> {
    match simple(&command.words) {
        [first, path, ..] if first.text == "." || first.text == "source" => {
            Some(path.open.as_deref().map_or(Ok(&*path.text), Err))
        }
        _ => None,
    }
}

/// Returns the words of a command without those that it may stand behind.
pub(super) fn simple(words: &[Word]) -> &[Word] {
    let is_reserved = |word: &Word| RESERVED.contains(&&*word.text);
    let first = words.iter().position(|word| !is_reserved(word)).unwrap_or(words.len());
    &words[first..]
}

/// Returns the words by which a command sets variables for those that follow: where it is nothing else, or declares
/// them.
pub(super) fn assigned(command: &Command) -> Vec<&Word> {
    let words = simple(&command.words);
    if let [first, rest @ ..] = words
        && ["export", "readonly", "local", "declare", "typeset"].contains(&first.text.as_str())
    {
        return rest.iter().filter(|word| assignment(word).is_some()).collect();
    }
    let is_all = words.iter().all(|word| assignment(word).is_some());
    words.iter().filter(|_| is_all).collect()
}

/// Returns the name and the value of a word `NAME=value`.
pub(super) fn assignment(word: &Word) -> Option<(&str, Option<String>)> {
    let (name, value) = word.text.split_once('=').filter(|_| !word.quoted)?;
    is_name(name).then(|| (name, word.open.is_none().then(|| value.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let shown = |word: &Word| match &word.open {
            Some(open) => format!("?{open}"),
            None => word.text.clone(),
        };
        commands(text).iter().map(|c| c.words.iter().map(shown).collect()).collect()
    }

    #[test]
    fn words_are_taken_apart_as_a_shell_does() {
        for (text, expected) in [
            ("etcd --name a # b\n", vec![vec!["etcd", "--name", "a"]]),
            ("etcd \\\n  --a=b\\\n c", vec![vec!["etcd", "--a=b", "c"]]),
            (r#"a 'b "c"' "d \"e\" \x" \"#, vec![vec!["a", r#"b "c""#, r#"d "e" \x"#, ""]]),
            ("a; b && c | d & e", vec![vec!["a"], vec!["b"], vec!["c"], vec!["d"], vec!["e"]]),
            ("a >b 2>&1 </dev/null c", vec![vec!["a", "c"]]),
            ("A=b\nc $A ${A}x \"$A\" '$A'", vec![vec!["A=b"], vec!["c", "b", "bx", "b", "$A"]]),
            ("A='b c'\nd $A\"$A\"", vec![vec!["A=b c"], vec!["d", "b", "cb c"]]),
            (
                "a ${B:-c} ${D} $(hostname -s)x `e`",
                vec![vec!["a", "c", "?${D}", "?$(hostname -s)", "?`e`"]],
            ),
            ("a $1 $ b", vec![vec!["a", "?$1", "$", "b"]]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_command_knows_its_line() {
        let lines: Vec<usize> =
            commands("\n# a\nb\n\n  c \\\n d\n").iter().map(|c| c.line).collect();
        assert_eq!(lines, [3, 5]);
    }

    #[test]
    fn a_script_that_reads_itself_ends() {
        let text = "A=x${A:-}\n. ./$A\n. ./same\n";
        let all = commands_with(text, Variables::new(), &|_| Some(text.to_owned()));
        let assignments = all.iter().filter(|it| it.words[0].text.starts_with("A=")).count();
        assert_eq!(assignments, MOST_FILES + 1);
    }

    /// Each line would double it.
    #[test]
    fn a_variable_that_is_put_into_itself_is_known_up_to_a_bound() {
        let text = format!("A=0123456789\n{}etcd --name $A\n", "A=$A$A\n".repeat(60));
        let all = commands(&text);
        let longest = all.iter().flat_map(|it| &it.words).map(|word| word.text.len()).max();
        assert!(longest.is_some_and(|longest| longest <= MOST_FILLED), "{longest:?}");
        let last = &all.last().expect("a command").words;
        assert_eq!(last[2].open.as_deref(), Some("$A"));
        // Nor in a file that it reads, or where it is used again and again.
        let used = format!("A={}\n. f\netcd {}\n", "x".repeat(MOST_FILLED / 2), "$A ".repeat(999));
        let all = commands_with(&used, Variables::new(), &|_| Some("echo $A".to_owned()));
        let known = all.iter().flat_map(|it| &it.words).filter(|word| word.text.len() > 99);
        assert_eq!(known.count(), 3);
    }

    #[test]
    fn text_that_ends_too_early_is_read_to_its_end() {
        for text in ["'", "\"", "$(", "${", "`", "\\", "a >", "$((("] {
            commands(text);
        }
    }
}
