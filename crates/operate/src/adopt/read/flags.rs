//! The flags of a command line, as Go takes them apart (`parseOne` in its `flag/flag.go`).

use super::given::{Given, Said};
use super::lexer::Word;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::option::{Kind, find};

/// Returns the flags behind the name of a program.
pub(super) fn flags(words: &[Word], line: Option<usize>, said: &mut Vec<Diagnostic>) -> Vec<Given> {
    let mut all = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let dashes = word.text.len() - word.text.trim_start_matches('-').len();
        let flag = &word.text[dashes.min(2)..];
        if dashes == 0 || dashes > 2 || flag.is_empty() || flag.starts_with('=') {
            // What is only known on the node may be nothing.
            let shown = word.open.as_deref().unwrap_or(&word.text);
            said.push(not_a_flag(shown, word.open.is_some()));
            if word.open.is_none() {
                break;
            }
            continue;
        }
        let Some((name, _)) = flag.split_once('=') else {
            let is_bool = find(flag).is_some_and(|option| option.kind() == Kind::Bool);
            let value = match rest.clone().next() {
                _ if is_bool => Said::Text("true".to_owned()),
                Some(value) if !value.text.starts_with('-') || find(flag).is_some() => {
                    rest.next();
                    value.after(0)
                }
                _ => Said::Text(String::new()),
            };
            all.push(Given::flag(flag, value, line));
            continue;
        };
        all.push(Given::flag(name, word.after(dashes + name.len() + 1), line));
    }
    all
}

fn not_a_flag(text: &str, is_open: bool) -> Diagnostic {
    if is_open {
        return Diagnostic::error(format!("{} is known only on the node", quoted(text)))
            .help("write the value that it has there instead");
    }
    Diagnostic::error(format!("{} is not an option, and etcd reads no further", quoted(text)))
        .help("give the command line as it runs, without what is around it")
}
