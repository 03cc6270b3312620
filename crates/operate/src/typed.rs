//! This program as a person types it.

use crate::environment::Environment;

/// How it is typed where cargo has built it: its own name is not in PATH.
const CARGO: &str = "cargo run --";

/// Its usual name.
const USUAL: &str = "bouquet";

/// Returns this program as it is typed.
pub(crate) fn typed(program: &str, environment: &Environment<'_>) -> String {
    let folder = environment.executable.as_ref().and_then(|path| path.parent()?.file_name());
    let built = folder.is_some_and(|name| name == "debug" || name == "release");
    if built { CARGO.to_owned() } else { program.to_owned() }
}

/// Returns the same as it is typed on a node, which has it by its name.
pub(crate) fn on_node(typed: &str) -> &str {
    if typed == CARGO { USUAL } else { typed }
}
