//! Every `console` block is typed into a terminal, and prints what it shows.

use super::clones::Clones;
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
    let session = Session::apart("certificates");
    check_in("docs/certificates.md", &|_, command| session.run(command));
}

#[test]
fn a_lock_changes_as_its_page_shows() {
    let clones = Clones::both("lock");
    check_in("docs/lock.md", &|who, command| clones.run(who, command));
}

fn check(path: &'static str) {
    let session = Session::new(&path.replace('/', "-"));
    check_in(path, &|_, command| session.run(command));
}

/// One session per page: a later block goes on where an earlier one stopped. `run` is told at whose
/// machine a block is typed, where it says so: `console ana`.
fn check_in(path: &'static str, run: &dyn Fn(&str, &str) -> String) {
    let mut page = Page::read(path);
    let mut wrong = Vec::new();
    let mut rewritten = Vec::new();
    let blocks = page.blocks();
    for block in &blocks {
        let Some(who) = block.info.strip_prefix("console") else { continue };
        let mut text = String::new();
        for (command, shown) in steps(block.text) {
            let printed = run(who.trim_start(), command);
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
