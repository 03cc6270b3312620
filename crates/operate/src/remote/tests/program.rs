//! Which program goes to a node.

#![expect(clippy::disallowed_methods, reason = "these tests lay a program")]

use crate::programs::tests::program;
use crate::programs::{AARCH64, X86_64};
use crate::remote::Program;
use crate::remote::program::fits;
use std::path::Path;
use tempfile::TempDir;

const LOAD: u32 = 1;
const INTERPRETER: u32 = 3;

#[test]
fn a_program_runs_on_nodes_with_its_processor_where_it_needs_no_c_library() {
    let refused = |bytes: &[u8], machine: &str| {
        let named = Some(Path::new("a program"));
        fits(bytes, (named, "flowers"), machine).expect_err("it is refused").message
    };
    for (machine, number) in [("x86_64", X86_64), ("aarch64", AARCH64)] {
        assert_eq!(fits(&program(number, &[LOAD]), (None, "flowers"), machine), Ok(()));
        assert_eq!(
            refused(&program(number, &[INTERPRETER]), machine),
            "`a program` needs the C library of the machine that it was built on, or a later one"
        );
    }
    assert_eq!(
        refused(&program(X86_64, &[LOAD]), "aarch64"),
        "`a program` is for `x86_64`, and the node has `aarch64`"
    );
    assert_eq!(
        refused(&program(243, &[LOAD]), "x86_64"),
        "`a program` is for another processor (243), and the node has `x86_64`"
    );
    assert_eq!(refused(b"#!/bin/sh\n", "x86_64"), "`a program` is no program for Linux of 64 bits");
    assert_eq!(
        refused(&program(243, &[LOAD]), "riscv64"),
        "the node's processor is `riscv64`, and programs are made for `x86_64` and `aarch64`"
    );
}

/// These tests are a program with a C library.
#[test]
fn where_this_one_does_not_run_the_lines_are_there_that_make_one() {
    let machine = std::env::consts::ARCH.to_owned();
    let problem = Program::find((None, "flowers"), &machine).expect_err("it is not static");
    assert!(problem.message.starts_with("this program needs the C library"), "{problem}");
    let target = format!("{machine}-unknown-linux-musl");
    let help = problem.help.join("\n");
    assert!(help.contains(&format!("cargo build --release --target {target}`")), "{help}");
    assert!(help.contains(&format!("`--node-program target/{target}/release/flowers`")), "{help}");
}

#[test]
fn one_that_is_named_is_read_whatever_it_is_called() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("it's \"my\" program $(x)");
    std::fs::write(&path, program(AARCH64, &[LOAD])).unwrap();
    let found = Program::find((Some(&path), "flowers"), "aarch64").unwrap();
    assert_eq!((found.bytes.len(), found.machine.as_str()), (64 + 56, "aarch64"));
    let problem =
        Program::find((Some(&folder.path().join("none")), "flowers"), "aarch64").unwrap_err();
    assert!(problem.message.starts_with("cannot read `"), "{problem}");
}
