//! Debian's packages: installed with `apt-get` as root or through a `sudo` that asks no password.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Result, bail};

use super::pins::Program;
use super::{on_path, step};
use crate::cmd::Cmd;

/// Installs the packages of those `wanted` programs that are not on the PATH.
pub(super) fn programs<'a>(wanted: impl Iterator<Item = &'a Program>) -> Result<()> {
    let missing = packages(wanted, |program| on_path(program).is_some());
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)
}

/// Installs `packages`, or says which command would.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let privilege = privilege();
    let install = match apt_get(privilege, &install_args(packages)) {
        Ok(command) => command,
        Err(remedy) => bail!("{remedy}"),
    };
    step(&format!("installing with `{install}`"), || {
        update(privilege)?;
        install.quiet()
    })
}

/// Puts a package's files below `dir` without installing it: no service of it starts, and
/// nothing of the system's own changes.
pub(super) fn unpack(package: &str, dir: &Path) -> Result<()> {
    if on_path("apt-get").is_none() {
        bail!("there is no `apt-get` here to fetch Debian's `{package}` with");
    }
    let download = Cmd::new("apt-get").args(["download", package]).dir(dir);
    if let Err(first) = download.quiet() {
        // Package lists that are missing or old are the usual cause.
        if update(privilege()).is_err() {
            return Err(first.context("and the package lists cannot be updated here"));
        }
        download.quiet()?;
    }
    let unpack = format!("dpkg-deb --extract {package}_*.deb .");
    Cmd::new("sh").args(["-c", &unpack]).dir(dir).quiet()
}

/// Returns the version of `package` that `apt-get install` would bring.
pub(super) fn candidate(package: &str) -> Option<String> {
    let policy = Cmd::new("apt-cache").args(["policy", package]).output().ok()?;
    let line = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    Some(line.to_owned()).filter(|version| version != "(none)")
}

/// Fetches the package lists, once in a run.
fn update(privilege: Privilege) -> Result<()> {
    static DONE: OnceLock<()> = OnceLock::new();
    if DONE.get().is_none() {
        match apt_get(privilege, &["update".to_owned()]) {
            Ok(update) => update.quiet()?,
            Err(remedy) => bail!("{remedy}"),
        }
        let _ = DONE.set(());
    }
    Ok(())
}

/// How this process may install packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Privilege {
    Root,
    Sudo,
    Nothing,
    /// There is no `apt-get`.
    NoApt,
}

fn privilege() -> Privilege {
    if on_path("apt-get").is_none() {
        return Privilege::NoApt;
    }
    // The owner of a process's /proc folder is its effective user.
    if Path::new("/proc/self").metadata().is_ok_and(|me| me.uid() == 0) {
        return Privilege::Root;
    }
    let sudo = on_path("sudo").is_some() && Cmd::new("sudo").args(["-n", "true"]).quiet().is_ok();
    if sudo { Privilege::Sudo } else { Privilege::Nothing }
}

/// Returns the packages of the programs that are not `there`, each once, in order.
fn packages<'a>(
    wanted: impl Iterator<Item = &'a Program>,
    there: impl Fn(&str) -> bool,
) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for program in wanted {
        if !missing.contains(&program.package) && !there(program.name) {
            missing.push(program.package);
        }
    }
    missing
}

fn install_args(packages: &[&str]) -> Vec<String> {
    ["install", "-y", "--no-install-recommends"]
        .iter()
        .chain(packages)
        .map(ToString::to_string)
        .collect()
}

/// Returns `apt-get ARGS` in a way that this process may run it, or what a person has to do
/// instead.
fn apt_get(privilege: Privilege, args: &[String]) -> Result<Cmd, String> {
    // A freshly started machine often still has the lock taken.
    let wait = "DPkg::Lock::Timeout=300";
    match privilege {
        Privilege::Root => Ok(Cmd::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", wait])
            .args(args)),
        Privilege::Sudo => Ok(Cmd::new("sudo")
            .args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(["-o", wait])
            .args(args)),
        Privilege::Nothing => Err(format!(
            "this needs packages and is not run by root; run\n    sudo apt-get {}",
            args.join(" ")
        )),
        Privilege::NoApt => Err(format!(
            "this needs packages and there is no `apt-get`; install what Debian calls\n    {}",
            args.iter()
                .filter(|arg| *arg != "install" && !arg.starts_with('-'))
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::pins;

    #[test]
    fn a_package_with_two_missing_programs_is_named_once() {
        let missing = packages(pins::SYSTEM.iter(), |name| !name.starts_with("cfssl"));
        assert_eq!(missing, ["golang-cfssl"]);
        assert!(packages(pins::SYSTEM.iter(), |_| true).is_empty());
    }

    #[test]
    fn root_and_sudo_run_the_same_command() {
        let args = install_args(&["gnutls-bin", "shellcheck"]);
        let common = "apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
                      gnutls-bin shellcheck";
        let root = apt_get(Privilege::Root, &args).unwrap();
        assert_eq!(root.to_string(), common);
        let sudo = apt_get(Privilege::Sudo, &args).unwrap();
        let expected = format!("sudo -n DEBIAN_FRONTEND=noninteractive {common}");
        assert_eq!(sudo.to_string(), expected);
    }

    #[test]
    fn without_a_way_to_install_the_error_names_the_exact_command() {
        let args = install_args(&["gnutls-bin", "shellcheck"]);
        let remedy = apt_get(Privilege::Nothing, &args).unwrap_err();
        let command = "sudo apt-get install -y --no-install-recommends gnutls-bin shellcheck";
        assert!(remedy.ends_with(command), "{remedy}");
        let remedy = apt_get(Privilege::NoApt, &args).unwrap_err();
        assert!(remedy.ends_with("\n    gnutls-bin shellcheck"), "{remedy}");
    }
}
