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
fn ansible_is_shown_what_its_page_shows() {
    check("docs/ansible.md");
}

#[test]
fn the_guide_shows_what_a_terminal_shows() {
    check("docs/guide.md");
}

#[test]
fn a_change_of_ca_and_a_revocation_go_as_their_page_shows() {
    let session = Session::apart("certificates");
    check_in("docs/certificates.md", "", &|_, command| session.run(command));
}

#[test]
fn a_lock_changes_as_its_page_shows() {
    let clones = Clones::both();
    check_in("docs/lock.md", "", &|who, command| clones.run(who, command));
}

/// The page says of one line that git resolves a lock by it.
#[test]
fn git_keeps_both_sides_of_a_lock_by_the_line_of_its_page() {
    let page = Page::read("docs/lock.md");
    let blocks = page.blocks();
    let line = blocks.iter().find(|block| block.info == "text .gitattributes").expect("that line");
    let clones = Clones::both();
    let run = |who, command: &str| clones.run(who, command);
    std::fs::write(clones.clone_of("ana").join(".gitattributes"), line.text).unwrap();
    run("ana", "git add . && git commit --quiet --message Attributes && git push --quiet");
    run("ben", "git pull --quiet");
    for (who, client) in [("ana", "carol"), ("ben", "dave")] {
        run(who, &format!("printf '\n[[client]]\nname = \"{client}\"\n' >> cluster.toml"));
        assert_eq!(run(who, "cargo build"), "");
        run(who, &format!("git commit --quiet --all --message 'Add {client}'"));
    }
    run("ana", "git push --quiet");
    run("ben", "git pull --quiet --no-rebase");
    assert_eq!(run("ben", "git diff --name-only --diff-filter=U"), "cluster.toml\n");
    run("ben", "git checkout --quiet --ours cluster.toml");
    run("ben", "printf '\n[[client]]\nname = \"carol\"\n' >> cluster.toml");
    assert_eq!(run("ben", "BOUQUET_LOCKED=1 BOUQUET_WRITE=0 cargo build"), "");
    // What both sides cannot have is told.
    run("ben", "cp cluster.lock merged");
    for (twice, key) in [
        ("token = .*", "identity.token"),
        ("orange = .*", "identity.members.orange"),
        ("cluster-id = .*", "identity.cluster-id"),
    ] {
        run("ben", &format!("sed 's/^{twice}/&\\n&/' merged > cluster.lock"));
        let said = run("ben", "cargo build");
        assert!(said.contains(&format!("error: `cluster.lock` has `{key}` twice")), "{said}");
        assert!(said.contains("--> cluster.lock:"), "{key}: {said}");
    }
    run("ben", "sed -n '/^..identity.authority/,/^\"\"\"$/p' merged > ca");
    run(
        "ben",
        "(sed '/^.issued./,$d' merged; cat ca; sed -n '/^.issued./,$p' merged) > cluster.lock",
    );
    let said = run("ben", "cargo build");
    assert!(said.contains("CA 1 is there twice"), "{said}");
}

fn check(path: &'static str) {
    let session = Session::new(&path.replace('/', "-"));
    check_in(path, "", &|_, command| session.run(command));
}

/// One session per page, or part of one: a later block goes on where an earlier one stopped. `run` is
/// told at whose machine a block is typed, where it says so: `console ana`, `console ana PART`.
pub(crate) fn check_in(path: &'static str, part: &str, run: &dyn Fn(&str, &str) -> String) {
    let mut page = Page::read(path);
    let mut wrong = Vec::new();
    let mut rewritten = Vec::new();
    let blocks = page.blocks();
    for block in &blocks {
        let mut words = block.info.split(' ');
        let is_terminal = words.next() == Some("console");
        let who = words.next().unwrap_or_default();
        if !is_terminal || words.next().unwrap_or_default() != part {
            continue;
        }
        let mut text = String::new();
        for (command, shown) in steps(block.text) {
            let printed = run(who, command);
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
    assert!(!rewritten.is_empty(), "{path} shows no terminal {part}");
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
