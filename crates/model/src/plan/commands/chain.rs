//! Commands of which none is run after one that failed, when they are pasted together.

use crate::diagnostic::visible;

/// Chains what follows one another; a line for a person, which begins with `#`, parts two chains.
pub(in crate::plan) fn chained(commands: Vec<String>) -> Vec<String> {
    let mut chains: Vec<String> = Vec::new();
    let is_for_a_person = |command: &str| command.starts_with('#');
    for command in commands {
        match chains.last_mut() {
            Some(last) if !is_for_a_person(last) && !is_for_a_person(&command) => {
                last.push_str(" &&\n");
                last.push_str(&command);
            }
            _ if is_for_a_person(&command) => chains.push(comment(&command)),
            _ => chains.push(command),
        }
    }
    chains
}

/// Writes a line for a person: nothing of it is a command, whatever is in it, a name or a URL.
fn comment(text: &str) -> String {
    let line = |line: &str| match visible(line) {
        line if line.starts_with('#') => line.into_owned(),
        line => format!("# {line}"),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}
