//! The edge: a release of etcd's, unpacked in a folder.

use super::elf::elf;
use super::processor::Processor;
use crate::trial::{PATIENCE, Told, told, version_of};
use bouquet_model::diagnostic::{Diagnostic, quoted, visible};
use bouquet_model::release::{Fault, faults};
use bouquet_model::version::EtcdVersion;
use bouquet_outdir::inspect::read_start;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The programs of a release, in the order in which they are put into their places: etcd is the last, so that it tells
/// how far that went. 3.4 has no etcdutl.
pub(crate) const NAMES: [&str; 3] = ["etcdctl", "etcdutl", "etcd"];

/// More than any of them has, in bytes.
pub(crate) const LARGEST: u64 = 200 << 20;

/// More than the head of a program has, in bytes.
pub(crate) const HEAD: u64 = 64 << 10;

/// A release in a folder of this machine.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) folder: PathBuf,
    pub(crate) programs: Vec<Unpacked>,
    /// The processor that all of them are for.
    machine: u16,
}

/// A program of it.
#[derive(Debug)]
pub(crate) struct Unpacked {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
    /// In bytes.
    pub(crate) size: u64,
}

impl Release {
    /// Looks at the programs in that folder.
    ///
    /// # Errors
    /// If etcd is not among them, one cannot be read, or they are not for one and the same processor.
    pub(crate) fn open(folder: &Path) -> Result<Self, Diagnostic> {
        let mut programs = Vec::new();
        let mut machines = Vec::new();
        for name in NAMES {
            let path = folder.join(name);
            let unread = |error: io::Error| {
                Diagnostic::error(format!("cannot read {}: {error}", shown(&path)))
                    .help("`--etcd` names the folder of a release as unpacked, with `etcd` in it")
            };
            let size = match fs::metadata(&path) {
                Ok(facts) if facts.is_file() => facts.len(),
                Err(error) if error.kind() == ErrorKind::NotFound && name != "etcd" => continue,
                Err(error) => return Err(unread(error)),
                Ok(_) => return Err(unread(io::Error::other("it is no file"))),
            };
            let head = read_start(&path, HEAD).map_err(unread)?;
            machines.push(machine(&head, size, &shown(&path))?);
            programs.push(Unpacked { name, path, size });
        }
        let Some(machine) = machines.pop().filter(|it| machines.iter().all(|other| other == it))
        else {
            return Err(Diagnostic::error(format!(
                "the programs in {} are for several processors",
                shown(folder)
            ))
            .help("unpack an archive of https://github.com/etcd-io/etcd/releases into a folder of its own"));
        };
        Ok(Self { folder: folder.to_owned(), programs, machine })
    }

    /// Tells whether it runs on nodes with that processor, as `uname -m` has it.
    pub(crate) fn is_for(&self, processor: &str) -> bool {
        Processor::named(processor).is_some_and(|it| it.machine == self.machine)
    }

    /// Returns the name of its processor, for a message.
    pub(crate) fn processor(&self) -> String {
        let known = Processor::of(self.machine);
        known.map_or_else(
            || format!("another processor ({})", self.machine),
            |it| format!("`{}`", it.name),
        )
    }

    /// Refuses another version than the one that is meant, where this machine can ask it.
    pub(crate) fn is_meant(&self, meant: EtcdVersion) -> Result<(), Diagnostic> {
        let Some(etcd) = self.programs.last().filter(|_| Some(self.machine) == own()) else {
            return Ok(());
        };
        is_meant_here(&etcd.path, version(&etcd.path), meant).map(drop)
    }

    /// Returns the size of all programs, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.programs.iter().map(|program| program.size).sum()
    }
}

/// Refuses what does not run on this machine, by its head.
///
/// # Errors
/// If it does not.
pub(crate) fn fits(head: &[u8], size: u64, file: &Path) -> Result<(), Diagnostic> {
    let machine = machine(head, size, &shown(file))?;
    if own().is_none_or(|own| own == machine) {
        return Ok(());
    }
    let other = Processor::of(machine).map_or("another processor", |it| it.name);
    let processor = std::env::consts::ARCH;
    Err(Diagnostic::error(format!("{} is for {}", shown(file), quoted(other)))
        .note(format!("this machine has {}", quoted(processor)))
        .help(format!("bring the archive of etcd's for {}", quoted(processor))))
}

/// Returns the processor that a program is for.
fn machine(head: &[u8], size: u64, shown: &str) -> Result<u16, Diagnostic> {
    let refused = |why: &str| {
        Diagnostic::error(format!("{shown} is {why}"))
            .help("bring a release of etcd's for Linux, as unpacked: https://github.com/etcd-io/etcd/releases")
    };
    if size > LARGEST {
        return Err(refused("larger than a program of etcd's can be"));
    }
    elf(head).map(|it| it.machine).ok_or_else(|| refused("no program for Linux of 64 bits"))
}

/// Returns the processor of this machine, as this program has it.
fn own() -> Option<u16> {
    Some(elf(&read_start(Path::new("/proc/self/exe"), HEAD).ok()?)?.machine)
}

/// Asks an etcd for its version. `None` where it is no etcd.
///
/// # Errors
/// If it cannot be run, or says nothing.
pub(crate) fn version(program: &Path) -> io::Result<Option<Told>> {
    version_within(program, PATIENCE)
}

fn version_within(program: &Path, within: Duration) -> io::Result<Option<Told>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let said = runtime.block_on(version_of(program, within));
    Ok(told(&said?))
}

/// Refuses an etcd of another version than the one that is meant.
///
/// # Errors
/// If it is another, or none, has a known fault, or cannot be run.
pub(crate) fn is_meant_here(
    file: &Path,
    told: io::Result<Option<Told>>,
    meant: EtcdVersion,
) -> Result<EtcdVersion, Diagnostic> {
    let version = is_of(file, told, meant)?;
    // Of a patch that cluster.toml names the build has judged.
    let fault = faults(version).find(|_| meant.patch().is_none());
    fault.map_or(Ok(version), |fault| Err(faulty(version, fault)))
}

/// Refuses an etcd of another version than the one that is meant, by what it told.
///
/// # Errors
/// If it is another, or none, or cannot be run.
pub(crate) fn is_of(
    file: &Path,
    told: io::Result<Option<Told>>,
    meant: EtcdVersion,
) -> Result<EtcdVersion, Diagnostic> {
    let what = match told {
        Ok(Some(Told::Known(version))) if version.is_of(meant) => return Ok(version),
        Ok(Some(Told::Known(version))) => {
            format!("is etcd {version}, and cluster.toml has {meant}")
        }
        Ok(Some(Told::Unknown(version))) => {
            format!("is etcd {}, and cluster.toml has {meant}", visible(&version))
        }
        Ok(None) => "is not etcd: `--version` does not print `etcd Version:`".to_owned(),
        Err(error) => format!("cannot be run: {error}"),
    };
    Err(Diagnostic::error(format!("{} {what}", shown(file))).help(format!(
        "bring etcd {meant}; or write the version that is right into cluster.toml, and build"
    )))
}

/// Reports a release that has a known fault.
fn faulty(version: EtcdVersion, fault: &Fault) -> Diagnostic {
    Diagnostic::error(format!("etcd {version} {}", fault.what))
        .note(format!("as {} says", fault.source))
        .help(format!("bring {}.{} or a later one", version.minor(), fault.fixed))
        .help(format!("or, where it is to be that one all the same, name it in cluster.toml, `etcd = \"{version}\"`, and build"))
}

fn shown(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "these tests lay programs")]

    use super::*;
    use crate::programs::tests::program;
    use crate::programs::{AARCH64, X86_64};
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Instant;

    fn folder(programs: &[(&str, u16)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, machine) in programs {
            fs::write(folder.path().join(name), program(*machine, &[1])).expect("a file");
        }
        folder
    }

    fn refused(programs: &[(&str, u16)]) -> String {
        Release::open(folder(programs).path()).expect_err("it is refused").message
    }

    #[test]
    fn a_release_has_an_etcd_and_is_for_one_processor() {
        let folder = folder(&[("etcd", AARCH64), ("etcdctl", AARCH64), ("README.md", 0)]);
        let release = Release::open(folder.path()).expect("a release");
        let names: Vec<&str> = release.programs.iter().map(|it| it.name).collect();
        assert_eq!(names, ["etcdctl", "etcd"]);
        assert_eq!(release.processor(), "`aarch64`");
        assert!(release.is_for("aarch64") && !release.is_for("x86_64") && !release.is_for("s390x"));

        assert!(refused(&[("etcdctl", X86_64)]).starts_with("cannot read `"));
        let mixed = refused(&[("etcd", X86_64), ("etcdctl", AARCH64)]);
        assert!(mixed.ends_with("` are for several processors"), "{mixed}");
        fs::write(folder.path().join("etcdutl"), "#!/bin/sh\n").expect("a file");
        let script = Release::open(folder.path()).expect_err("no program").message;
        assert!(script.ends_with("etcdutl` is no program for Linux of 64 bits"), "{script}");
        let large = fs::File::create(folder.path().join("etcdutl")).expect("a file");
        large.set_len(LARGEST + 1).expect("a sparse file");
        let large = Release::open(folder.path()).expect_err("it is too large").message;
        assert!(large.ends_with("is larger than a program of etcd's can be"), "{large}");
    }

    /// Whatever it waits for: its disk, or what is written to its standard input.
    #[test]
    fn a_program_that_tells_nothing_is_not_waited_for() {
        let folder = folder(&[]);
        let file = folder.path().join("etcd");
        fs::write(&file, "#!/bin/sh\necho etcd Version: 3.6.16\nexec sleep 60\n").expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it is ours");
        let begin = Instant::now();
        let told = version_within(&file, Duration::from_secs(1));
        assert!(begin.elapsed() < Duration::from_secs(30), "it is waited for");
        let meant = EtcdVersion::parse("3.6").expect("a version");
        let problem = is_meant_here(&file, told, meant).expect_err("it hangs");
        let words = "cannot be run: it did not tell its version within 1 s";
        assert!(problem.message.ends_with(words), "{problem}");
    }

    /// One for another processor is asked on its node alone.
    #[test]
    fn another_version_than_the_one_that_is_meant_is_refused() {
        let meant = EtcdVersion::parse("3.6").expect("a version");
        let says = |text: &str| {
            let file = folder(&[]).keep().join("etcd");
            fs::write(&file, format!("#!/bin/sh\necho '{text}'\n")).expect("a file");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it is ours");
            let asked = is_meant_here(&file, version(&file), meant);
            fs::remove_dir_all(file.parent().expect("a folder")).expect("it is ours");
            asked.map(|version| version.to_string()).map_err(|problem| problem.message)
        };
        assert_eq!(says("etcd Version: 3.6.16"), Ok("3.6.16".to_owned()));
        for (text, words) in [
            ("etcd Version: 3.5.33", "is etcd 3.5.33, and cluster.toml has 3.6"),
            ("etcd Version: 4.0.0", "is etcd 4.0.0, and cluster.toml has 3.6"),
            ("hello", "is not etcd: `--version` does not print `etcd Version:`"),
        ] {
            let problem = says(text).expect_err(text);
            assert!(problem.ends_with(words), "{problem}");
        }
        let of_3_5 = EtcdVersion::parse("3.5").expect("a version");
        let named = EtcdVersion::parse("3.5.1").expect("a version");
        let told = || Ok(Some(Told::Known(named)));
        let file = Path::new("etcd");
        let faulty = is_meant_here(file, told(), of_3_5).expect_err("one to stay away from");
        assert!(faulty.message.starts_with("etcd 3.5.1 can"), "{faulty}");
        assert_eq!(is_meant_here(file, told(), named), Ok(named));
        let missing = Path::new("/nowhere/etcd");
        let problem = is_meant_here(missing, version(missing), meant).expect_err("none");
        assert!(problem.message.starts_with("`/nowhere/etcd` cannot be run: "), "{problem}");
        let other = if own() == Some(X86_64) { AARCH64 } else { X86_64 };
        let folder = folder(&[("etcd", other)]);
        let release = Release::open(folder.path()).expect("a release");
        assert_eq!(release.is_meant(meant), Ok(()));
        let head = program(other, &[1]);
        let problem = fits(&head, 200, missing).expect_err("another processor");
        assert!(problem.message.starts_with("`/nowhere/etcd` is for `"), "{problem}");
    }
}
