//! This program as a person types it.

use crate::environment::Environment;

/// Returns this program as it is typed: where cargo has built it, its own name is not in PATH.
pub(crate) fn typed(program: &str, environment: &Environment<'_>) -> String {
    let folder = environment.executable.as_ref().and_then(|path| path.parent()?.file_name());
    let built = folder.is_some_and(|name| name == "debug" || name == "release");
    if built { "cargo run --".to_owned() } else { program.to_owned() }
}
