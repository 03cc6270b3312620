//! The table holds: every release, module and target is in its part, and no other.

use super::*;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

#[test]
fn contributing_lists_the_parts_as_they_are() {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let rows: Vec<String> =
        PARTS.iter().map(|part| format!("| `{}` | {} |\n", part.name, part.covers)).collect();
    let table = format!("\n|---|---|\n{}\n", rows.concat());
    assert!(text.contains(&table), "CONTRIBUTING.md lacks\n{table}");
}

#[test]
fn every_release_is_in_a_part_for_what_depends_on_it() {
    for etcd in pins::ETCD {
        let runs = |part: &&Part| {
            !matches!(part.tests, Tests::None)
                && !part.all_cases
                && part.etcd.pinned().any(|pinned| pinned.version == etcd.version)
        };
        assert_eq!(PARTS.iter().filter(runs).count(), 1, "{}", etcd.version);
    }
}

/// The tests are told which releases to run, and know them where nobody tells.
#[test]
fn the_tests_know_the_releases_that_are_pinned() {
    let text = include_str!("../../../../tests/it/support/scope.rs");
    let known: Vec<String> =
        pins::ETCD.iter().map(|etcd| format!("{:?}", etcd.version.to_string())).collect();
    assert!(text.contains(&format!("= [{}];", known.join(", "))), "{known:?}");
    let text = include_str!("../../../../tests/it/support/releases.rs");
    assert!(text.contains(&format!("const DEFAULT: &str = \"{}\"", pins::DEFAULT_ETCD)));
    assert!(DEFAULT.covers.contains(&pins::DEFAULT_ETCD.to_string()));
}

/// So that they can be left out, all of them and no others.
#[test]
fn machines_are_booted_in_no_other_modules() {
    let grep = ["-rl", "--include=*.rs", "Network::new()", "tests", "crates"];
    let grep = Command::new("grep").args(grep).current_dir(root()).output().unwrap();
    for file in String::from_utf8(grep.stdout).unwrap().lines() {
        let module = file.replace(".rs", "/").replace('/', "::");
        let names = MACHINES.iter().any(|name| module.contains(name));
        assert!(names || file.starts_with("tests/rig/"), "{file}");
    }
    let rig = include_str!("../../../../tests/rig/src/tests.rs");
    let (before, _) =
        rig.split_once(&format!("mod {} {{", REAL_MACHINES.trim_end_matches(':'))).unwrap();
    assert!(!before.contains("#[test]"), "a test of the rig is outside of its module");
}

#[test]
fn every_fuzz_target_is_in_one_part() {
    // A test beside the targets holds the folders of seeds to them.
    let seeds = std::fs::read_dir(root().join("fuzz/seeds")).unwrap();
    let mut targets: Vec<_> =
        seeds.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
    targets.sort_unstable();
    let mut parts: Vec<&str> = PARTS.iter().flat_map(|part| part.fuzz).copied().collect();
    parts.sort_unstable();
    assert_eq!(parts, targets);
}

#[test]
fn no_part_runs_a_module_of_another_one() {
    let grep = ["-roE", "--include=*.rs", "mod full_[a-z0-9_]+", "tests", "crates"];
    let grep = Command::new("grep").args(grep).current_dir(root()).output().unwrap();
    for line in String::from_utf8(grep.stdout).unwrap().lines() {
        let (file, module) = line.split_once(":mod ").unwrap();
        let folder = file.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        let (path, module) = (folder.replace('/', "::"), format!("{module}::"));
        for part in PARTS.iter().filter(|part| part.all_cases) {
            let Tests::Only(names) = part.tests else { continue };
            let is_all = names.iter().any(|name| format!("{path}::").contains(name));
            assert!(!is_all || names.contains(&module.as_str()), "{} runs {line}", part.name);
        }
    }
}

#[test]
fn every_module_that_is_called_full_is_left_to_a_part() {
    let grep = ["-roE", "--include=*.rs", "mod full_[a-z0-9_]+", "tests", "crates"];
    let grep = Command::new("grep").args(grep).current_dir(root()).output().unwrap();
    for line in String::from_utf8(grep.stdout).unwrap().lines() {
        let (file, module) = line.split_once(":mod ").unwrap();
        let is_on_top = ["main.rs", "lib.rs"].iter().any(|name| file.ends_with(name));
        assert!(!is_on_top, "{file}: {FULL} leaves out no module without another around it");
        let module = format!("{module}::");
        for part in [QUICK, DEFAULT] {
            let Tests::AllBut(left) = part.tests else { panic!("{} runs nearly all", part.name) };
            assert!(left.contains(&FULL), "{module} is in `{}`", part.name);
        }
        let runs = |part: &Part| match part.tests {
            Tests::Only(names) => names.contains(&module.as_str()),
            Tests::None | Tests::AllBut(_) => false,
        };
        assert!(PARTS.iter().any(runs), "{module} is in no part");
    }
}
