//! A Go that builds programs from their modules.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{apt, fresh_dir, on_path, step};
use crate::cmd::Cmd;
use crate::version::Version;

/// Returns a Go that can build what needs `at_least` that version; installs one where there is
/// none.
pub(super) fn go(at_least: Version) -> Result<PathBuf> {
    let local = Path::new("/usr/local/go/bin/go");
    let go = match on_path("go").or_else(|| local.is_file().then(|| local.into())) {
        Some(go) => go,
        None => install_go(at_least)?,
    };
    let printed = Cmd::new(&go).args(["env", "GOVERSION", "GOTOOLCHAIN"]).output()?;
    if let Err(why) = can_build(&printed, at_least) {
        bail!("{} {why}", go.display());
    }
    Ok(go)
}

/// Tests and builds the program of a Go module that is here: `folder` becomes the file `to`.
pub(super) fn program(go: &Path, folder: &Path, to: &Path) -> Result<()> {
    let unformatted = Cmd::new(go.with_file_name("gofmt")).arg("-l").path(folder).output()?;
    if !unformatted.is_empty() {
        bail!("run `gofmt -w` on\n{unformatted}");
    }
    run(go, folder, &["vet", "."]).quiet()?;
    run(go, folder, &["test", "-p", "2", "."]).quiet()?;
    package(go, folder, ".", "", to)
}

/// Builds a package of a module's, or of what it depends on, with these flags of the linker.
pub(super) fn package(
    go: &Path,
    folder: &Path,
    package: &str,
    linker: &str,
    to: &Path,
) -> Result<()> {
    run(go, folder, &["build", "-p", "2", "-ldflags"])
        .arg(format!("-s -w {linker}"))
        .arg("-o")
        .path(to)
        .arg(package)
        .quiet()
}

/// A program of a Go module's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Module {
    pub(crate) path: &'static str,
    pub(crate) version: &'static str,
    pub(crate) package: &'static str,
    /// Tags without which its build asks for C libraries.
    pub(crate) tags: &'static str,
    /// The Go that it asks for.
    pub(crate) at_least: Version,
}

/// Builds a program as `target/tools/bin/NAME`, unless it is there in that version.
///
/// It is built as a dependency of an empty module, as etcd is.
pub(super) fn dependency(tools: &Path, name: &str, of: &Module) -> Result<()> {
    let Module { path, version, package, tags, at_least } = *of;
    let bin = tools.join("bin");
    let (program, record) = (bin.join(name), bin.join(format!(".{name}")));
    if program.is_file() && fs::read_to_string(&record).is_ok_and(|there| there == version) {
        return Ok(());
    }
    let build = tools.join("build").join(name);
    step(&format!("{name} {version}: building its Go module (a minute or two)"), || {
        let go = go(at_least)?;
        fresh_dir(&build)?;
        let run = |args: &[&str]| {
            Cmd::new(&go)
                .args(args.iter().copied())
                .env("GOWORK", "off")
                .env("GOFLAGS", "-mod=mod")
                .env("CGO_ENABLED", "0")
                .dir(&build)
        };
        run(&["mod", "init", "bouquet.invalid/tool"]).quiet()?;
        run(&["mod", "edit"]).arg(format!("-require={path}@v{version}")).quiet()?;
        let command =
            ["build", "-p", "2", "-trimpath", "-ldflags", "-s -w", "-tags", tags, "-o", name];
        run(&command).arg(package).quiet()?;
        fs::create_dir_all(&bin)?;
        fs::rename(build.join(name), &program)?;
        fs::write(&record, version).context("cannot write the record")?;
        fs::remove_dir_all(&build).context("cannot tidy up")
    })
    .with_context(|| format!("{name} is missing"))
}

/// Returns a command of Go's in a module whose dependencies are fixed, and compiled once for all of
/// these.
fn run(go: &Path, folder: &Path, args: &[&str]) -> Cmd {
    Cmd::new(go)
        .args(args.iter().copied())
        .env("GOWORK", "off")
        .env("GOFLAGS", "-mod=readonly -trimpath")
        .env("CGO_ENABLED", "0")
        .dir(folder)
}

fn install_go(at_least: Version) -> Result<PathBuf> {
    let package = "golang-go";
    let candidate = apt::candidate(package);
    match candidate.as_deref().and_then(Version::find) {
        Some(offered) if offered >= SWITCHES => apt::install(&[package])?,
        offered => {
            let offered = offered.map_or("none".to_owned(), |v| v.to_string());
            bail!(
                "there is no `go`, and the package manager offers {offered}: \
                 install Go {at_least} or newer and put it on the PATH"
            )
        }
    }
    on_path("go").context("the package `golang-go` brought no `go`")
}

/// From this version on, Go fetches the newer Go that a module asks for.
const SWITCHES: Version = Version(1, 21, 0);

/// Judges the lines of `go env GOVERSION GOTOOLCHAIN`.
fn can_build(printed: &str, at_least: Version) -> Result<(), String> {
    let mut lines = printed.lines();
    let have = lines.next().and_then(Version::find).ok_or("does not say its version")?;
    let may_switch = have >= SWITCHES && lines.next().is_none_or(|choice| choice != "local");
    if have >= at_least || may_switch {
        return Ok(());
    }
    Err(format!(
        "is Go {have}, and this needs {at_least} or newer: install it and put it on the PATH"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_go_will_do_only_where_it_may_fetch_a_newer_one() {
        let need = Version(1, 26, 0);
        assert!(can_build("go1.26.8\nlocal\n", need).is_ok());
        assert!(can_build("go1.24.1\nauto\n", need).is_ok());
        assert!(can_build("go1.19.8\n\n", need).is_err());
        let why = can_build("go1.25.12\nlocal\n", need).unwrap_err();
        assert!(why.starts_with("is Go 1.25.12, and this needs 1.26.0"), "{why}");
    }
}
