//! The manual, as those read it who know the format.

use crate::common::World;
use crate::process::BINARY;
use bouquet_operate::Exit;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The manual of the flowers, in a folder that was not there before.
fn manual() -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("share/man/man1");
    let output = Command::new(&*BINARY).arg("man").arg(&place).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{said}");
    let mut pages: Vec<PathBuf> =
        fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let first = place.join("flowers.1");
    assert_eq!(said, format!("{} pages: `man {}` shows the first\n", pages.len(), first.display()));
    (folder, pages)
}

fn ran(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|_| panic!("this test needs {command:?}: run `cargo xtask tools`"))
}

#[test]
fn the_program_and_each_of_its_commands_have_a_page() {
    let (_folder, pages) = manual();
    let names: Vec<String> =
        pages.iter().map(|page| page.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let help = World::new().flowers(&["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.lines().take_while(|line| line.starts_with("  "));
    let commands = commands.filter_map(|line| line.split_whitespace().next());
    let mut wanted: Vec<String> = commands.map(|name| format!("flowers-{name}.1")).collect();
    wanted.extend(
        ["flowers.1", "flowers-secrets-export.1", "flowers-secrets-import.1"].map(str::to_owned),
    );
    wanted.sort();
    assert_eq!(names, wanted);
}

#[test]
fn two_readers_of_manual_pages_have_nothing_to_say_against_them() {
    let (_folder, pages) = manual();
    let output = ran(Command::new("mandoc").args(["-T", "lint", "-W", "warning"]).args(&pages));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    for page in &pages {
        let mut man = Command::new("man");
        let output =
            ran(man.args(["--warnings=w", "--local-file"]).arg(page).env("MANWIDTH", "80"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{}: {said}", page.display());
    }
}

#[test]
fn a_page_has_the_help_and_its_examples_stay_lines() {
    let (_folder, pages) = manual();
    let page = pages.iter().find(|page| page.ends_with("flowers-apply.1")).unwrap();
    let mut man = Command::new("man");
    let output = ran(man.arg("--local-file").arg(page).env("MANWIDTH", "80").env("LC_ALL", "C"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in [
        "       flowers-apply - Carry out the plan: what is compiled runs afterwards",
        "       flowers apply [OPTIONS]",
        "       --only <MEMBER>",
        "       flowers apply --only daffodil     that member first",
        "       flowers(1)",
    ] {
        assert!(text.lines().any(|it| it.trim_end() == line), "{line}\n{text}");
    }
    assert!(text.contains("etcd-cluster-1") && text.contains("Bouquet 0."), "{text}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let output = Command::new(&*BINARY).arg("man").arg(file.join("man1")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("cannot make the folder `") && said.contains("/file/man1"), "{said}");
    assert_eq!(World::new().flowers(&["man"]).exit, Exit::Misused);
}
