//! What `new` says.

use super::files::Asked;
use super::place::Place;
use super::source::Crates;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use std::path::Path;

/// Returns what is said once the package is there. `named` is its folder, as it was typed.
pub(crate) fn told(asked: &Asked, crates: &Crates, place: &Place, named: &Path) -> String {
    let Asked { name, token, etcd, members, .. } = asked;
    let folder = named.display();
    let what = match members.len() {
        0 => "three members as an example".to_owned(),
        1 => "1 member".to_owned(),
        many => format!("{many} members"),
    };
    let mut lines = vec![
        format!(
            "made the package `{name}` in `{folder}`: {what}, etcd {etcd}, the token `{token}`"
        ),
        format!("Bouquet's crates come from {}", crates.shown()),
    ];
    if let Some(workspace) = place.workspace.as_ref().filter(|workspace| !workspace.has_profiles) {
        lines.push(format!(
            "put the `[profile]` tables at the end of its Cargo.toml into `{}`: of a workspace, cargo reads that \
             file's alone",
            workspace.root.join("Cargo.toml").display()
        ));
    }
    if members.is_empty() {
        let spec = named.join("cluster.toml");
        lines.push(format!("next: put your machines into `{}`", spec.display()));
    }
    let enter = match shell_word(&folder.to_string()) {
        here if here == "." => String::new(),
        elsewhere => format!("cd {elsewhere} && "),
    };
    let then = if members.is_empty() { "then" } else { "next" };
    let init = if place.is_in_git { "" } else { "git init && " };
    lines.push(format!(
        "{then}: `{enter}cargo run` proves it, issues its certificates, and shows it"
    ));
    lines.push(format!(
        "then: `{init}git add . && git commit`; keys stay out of it, by its .gitignore"
    ));
    lines.join("\n") + "\n"
}

/// Says that nothing leads to the crates, and the ways to name their place. `line` is what was typed.
pub(crate) fn unknown_source(line: &str) -> Diagnostic {
    Diagnostic::error("no package at hand says where Bouquet's crates are")
        .note("the program was copied, or the package that it was built from is gone")
        .help(format!("from a clone of its repository: `{line} --path ../bouquet`"))
        .help(format!("from the repository itself: `{line} --git https://… --rev …`"))
        .help(format!(
            "where crates.io has this release of Bouquet: `{line} --version {}`",
            env!("CARGO_PKG_VERSION")
        ))
}
