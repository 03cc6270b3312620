//! `cargo xtask hosts`: what is said of other systems than Linux is so.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::cmd::Cmd;
use crate::layout::Layout;
use crate::tools::{self, pins};

/// The beginning of what is said where nothing compiles.
const SENTENCE: &str = "error: Bouquet does not build on Windows";

/// The one file of macOS that the C of `ring` asks for: it tells iPhones from other machines, and may be empty.
const HEADER: &str = "TargetConditionals.h";

/// Type-checks the build step and the program for macOS, and sees that the first word for Windows is the sentence that
/// refuses it.
pub(crate) fn run(layout: &Layout) -> Result<()> {
    tools::ensure_hosts(layout)?;
    let headers = layout.tools.join("headers");
    let header = fs::create_dir_all(&headers).and_then(|()| fs::write(headers.join(HEADER), ""));
    header.with_context(|| format!("cannot write {HEADER} into {}", headers.display()))?;
    for target in pins::CHECKED {
        let check = check(layout, target, &["bouquet", "bouquet-build"], &headers);
        ensure!(check.status()?.success(), "`{check}` failed");
    }
    // All others are built on this one.
    let refused = check(layout, pins::REFUSED, &["bouquet-model"], &headers);
    let output = refused.command().output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find(|line| line.starts_with("error"));
    let is_told = first.is_some_and(|line| line.starts_with(SENTENCE));
    ensure!(
        !output.status.success() && is_told,
        "`{refused}` does not begin with `{SENTENCE}`:\n{said}"
    );
    Ok(())
}

/// Returns the command that type-checks for a system without a linker and a library of it: only `ring` has C of its
/// own, which clang compiles without them.
fn check(layout: &Layout, target: &str, packages: &[&str], headers: &Path) -> Cmd {
    let variable = |name: &str| format!("{name}_{}", target.replace('-', "_"));
    let flags = format!("-ffreestanding -DRING_CORE_NOSTDLIBINC -I{}", headers.display());
    Cmd::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--locked", "--target", target])
        .args(packages.iter().flat_map(|package| ["--package", *package]))
        .env(&variable("CC"), "clang")
        .env(&variable("CFLAGS"), flags)
        .dir(&layout.root)
}
