//! The variables that a script hands on (POSIX.1, Shell Command Language, section 2.14: `export`, `set`, `unset`).

use super::given::{Exported, Given};
use super::lexer::{Command, Word, is_name};
use super::shell::{assigned, assignment, simple};
use std::collections::BTreeSet;

/// Returns the variables that a program gets behind these commands; `environment` are those that the commands get.
pub(super) fn exported(commands: &[Command], environment: Exported) -> Exported {
    let mut names: BTreeSet<String> = environment.keys().cloned().collect();
    let (mut all, mut exports_all) = (environment, false);
    for command in commands {
        let set = assigned(command);
        for (name, word) in set.iter().filter_map(|word| Some((assignment(word)?.0, word))) {
            let given = Given::variable(name, word.after(name.len() + 1), Some(command.line));
            all.insert(name.to_owned(), given);
            names.extend(exports_all.then(|| name.to_owned()));
        }
        let [first, rest @ ..] = simple(&command.words) else { continue };
        match first.text.as_str() {
            "set" => exports_all = exports(rest).unwrap_or(exports_all),
            "unset" => rest.iter().for_each(|word| {
                all.remove(&word.text);
                names.remove(&word.text);
            }),
            "export" => names.extend(named(rest)),
            "declare" | "typeset" if is_export(rest) => names.extend(named(rest)),
            _ => {}
        }
    }
    all.retain(|name, _| names.contains(name));
    all
}

/// Tells what `set` says of `allexport`: by a letter, among others or not, or by its name.
fn exports(words: &[Word]) -> Option<bool> {
    let (mut said, mut words) = (None, words.iter());
    while let Some(word) = words.next() {
        let (is_on, letters) = match (word.text.strip_prefix('-'), word.text.strip_prefix('+')) {
            (Some("-"), _) | (None, None) => break,
            (Some(letters), _) => (true, letters),
            (None, Some(letters)) => (false, letters),
        };
        for letter in letters.chars() {
            let is_it = match letter {
                'o' => words.next().is_some_and(|name| name.text == "allexport"),
                letter => letter == 'a',
            };
            said = if is_it { Some(is_on) } else { said };
        }
    }
    said
}

fn is_export(words: &[Word]) -> bool {
    let options = words.iter().take_while(|word| word.text.starts_with('-'));
    options.into_iter().any(|word| word.text.contains('x'))
}

/// Returns the names in words `NAME` and `NAME=value`.
fn named(words: &[Word]) -> impl Iterator<Item = String> {
    let names = words.iter().map(|word| word.text.split('=').next().unwrap_or_default());
    names.filter(|name| is_name(name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adopt::read::given::Said;
    use crate::adopt::read::shell::commands;

    #[test]
    fn what_a_program_gets_is_what_was_exported() {
        for (text, expected) in [
            ("A=1; export A", "A=1"),
            ("export A; A=1", "A=1"),
            ("A=1\nexport B=2 C A D=4", "A=1 B=2 D=4"),
            ("A=1; set -a; B=2; set +a; C=3", "B=2"),
            ("set -ea; A=1", "A=1"),
            ("set -o allexport; A=1; set +o allexport; B=2", "A=1"),
            ("set -euo pipefail; A=1", ""),
            ("set -o errexit; A=1", ""),
            ("set -- -a; A=1", ""),
            ("set -a; A=1 true", ""),
            ("export A=1 B=2; unset A", "B=2"),
            ("declare -rx A=1; declare -r B=2", "A=1"),
            ("if [ -n x ]; then export A=1; fi", "A=1"),
            ("X=2", "X=2"),
            ("unset X", ""),
        ] {
            let before = Given::variable("X", Said::Text("1".to_owned()), None);
            let environment = Exported::from([("X".to_owned(), before)]);
            let all = exported(&commands(text), environment);
            let shown = |(name, given): (String, Given)| match given.said {
                Said::Text(text) => format!("{name}={text}"),
                other => format!("{name}: {other:?}"),
            };
            let shown: Vec<String> = all.into_iter().map(shown).filter(|it| it != "X=1").collect();
            assert_eq!(shown.join(" "), expected, "{text}");
        }
    }
}
