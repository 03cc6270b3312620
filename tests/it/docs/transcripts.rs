//! Every `console` block is typed into a terminal, and prints what it shows.

use super::compare::same;
use super::page::Page;
use super::session::Session;
use super::writes;
use std::fmt::Write as _;

#[test]
fn the_readme_shows_what_a_terminal_shows() {
    check("README.md");
}

#[test]
fn the_commands_print_what_their_page_shows() {
    check("docs/commands.md");
}

#[test]
fn the_guide_shows_what_a_terminal_shows() {
    check("docs/guide.md");
}

#[test]
fn a_change_of_ca_and_a_revocation_go_as_their_page_shows() {
    check_in("docs/certificates.md", &Session::apart("certificates"));
}

fn check(path: &'static str) {
    check_in(path, &Session::new(&path.replace('/', "-")));
}

/// One session per page: a later block goes on where an earlier one stopped.
fn check_in(path: &'static str, session: &Session) {
    let mut page = Page::read(path);
    let mut wrong = Vec::new();
    let mut rewritten = Vec::new();
    let blocks = page.blocks();
    for block in blocks.iter().filter(|block| block.info == "console") {
        let mut text = String::new();
        for (command, shown) in steps(block.text) {
            let printed = session.run(command);
            let fits = same(shown, &printed);
            if !fits {
                let line = block.line;
                wrong.push(format!(
                    "{path}:{line}: $ {command}\n--- shown\n{shown}--- printed\n{printed}"
                ));
            }
            let elided = shown.lines().any(|line| line == "...");
            let kept = if fits || elided { shown } else { printed.as_str() };
            let _ = write!(text, "$ {command}\n{kept}");
        }
        rewritten.push((block.range.clone(), text));
    }
    assert!(!rewritten.is_empty(), "{path} shows no terminal");
    if writes() {
        for (range, text) in rewritten.into_iter().rev() {
            page.text.replace_range(range, &text);
        }
        page.write();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each command with what is shown below it.
fn steps(block: &str) -> Vec<(&str, &str)> {
    let mut starts: Vec<usize> = block.match_indices("\n$ ").map(|(at, _)| at + 1).collect();
    assert!(block.starts_with("$ "), "a terminal begins with a command:\n{block}");
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([block.len()]);
    let parts = starts.iter().zip(ends).map(|(start, end)| &block[start + 2..end]);
    parts.map(|part| part.split_once('\n').expect("a command ends with its line")).collect()
}
