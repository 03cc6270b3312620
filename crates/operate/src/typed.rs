//! This program as a person types it.

use crate::environment::Environment;
use bouquet_model::Cluster;

/// How it is typed where cargo has built it: its own name is not in PATH.
const CARGO: &str = "cargo run --";

/// Returns this program as it is typed.
pub(crate) fn typed(program: &str, environment: &Environment<'_>) -> String {
    let folder = environment.executable.as_ref().and_then(|path| path.parent()?.file_name());
    let built = folder.is_some_and(|name| name == "debug" || name == "release");
    if built { CARGO.to_owned() } else { program.to_owned() }
}

/// Returns the same as it is typed on a node, which has it by its name: as it is called here, or, where that is no name,
/// as its package is.
pub(crate) fn on_node<'a>(typed: &'a str, cluster: &'a Cluster) -> &'a str {
    if is_name(typed) { typed } else { &cluster.program }
}

/// Tells whether it is a name that no shell takes for anything else.
fn is_name(typed: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    typed.starts_with(char::is_alphanumeric) && typed.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::flowers::CLUSTER;

    #[test]
    fn on_a_node_the_program_has_its_name() {
        let cluster = Cluster { program: "flowers".into(), ..CLUSTER.clone() };
        for (here, there) in [
            (CARGO, "flowers"),
            ("flowers", "flowers"),
            ("flowers-1.2_x86", "flowers-1.2_x86"),
            ("my flowers", "flowers"),
            ("$(reboot)", "flowers"),
            ("-rf", "flowers"),
            ("..", "flowers"),
            ("", "flowers"),
        ] {
            assert_eq!(on_node(here, &cluster), there);
        }
    }
}
