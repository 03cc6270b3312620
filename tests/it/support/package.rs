//! A user's own repository.

use super::cluster::all;
use super::programs::{cargo, target};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs};
use tempfile::TempDir;

/// A package as a user would have it, built by cargo itself. All of them are built in one place, which one has at a
/// time.
pub(crate) struct Package {
    pub(crate) folder: TempDir,
    /// That it has the place, as long as it is there.
    turn: Option<MutexGuard<'static, ()>>,
    /// The target that it is built for; without one, this machine.
    target: Option<String>,
}

static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Package {
    /// The package that `new` makes, with this spec.
    pub(crate) fn new(spec: &str) -> Self {
        let package = Self::as_made(&[]);
        package.write(spec);
        package
    }

    /// The package that `new` makes with these options.
    pub(crate) fn as_made(options: &[&str]) -> Self {
        let mut package = Self::made(options);
        package.turn = Some(turn());
        package
    }

    /// The same for a test whose machines take long: [`Self::build`] has the place for as long as it takes, and puts
    /// the program where cargo would in a package of its own.
    pub(crate) fn for_machines(spec: &str) -> Self {
        let package = Self::made(&[]);
        package.write(spec);
        package
    }

    fn made(options: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let output = new_in(folder.path(), options).args(["--name", "flowers"]).output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
        // The crates are those that this test was built with: nothing is fetched.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
        fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
        Self { folder, turn: None, target: None }
    }

    /// The same with a program without a C library, which runs on any machine.
    pub(crate) fn for_any_machine(spec: &str) -> Self {
        let target = format!("{}-unknown-linux-musl", env::consts::ARCH);
        Self { target: Some(target), ..Self::for_machines(spec) }
    }

    /// A path in its folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Puts another spec in the place of this one.
    pub(crate) fn write(&self, spec: &str) {
        fs::write(self.path("cluster.toml"), spec).unwrap();
    }

    /// Where cargo builds all of these packages.
    pub(crate) fn target() -> PathBuf {
        target().join("rebuild")
    }

    /// Dependencies are shared between these packages, so that they are built once, and without what
    /// only takes time: nobody debugs them, and nobody waits for what they compute.
    pub(crate) fn cargo(&self, command: &str) -> Command {
        let mut cargo = cargo();
        cargo
            .args([command, "--offline", "--target-dir"])
            .arg(Self::target())
            .current_dir(self.folder.path())
            .env_remove("RUSTFLAGS")
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        if let Some(target) = &self.target {
            // The system's compiler does for the few lines that are not Rust.
            cargo.args(["--target", target]).env(format!("CC_{}", target.replace('-', "_")), "cc");
        }
        cargo
    }

    /// A build that must succeed, and all that cargo says.
    pub(crate) fn build(&self) -> String {
        let turn = self.turn.is_none().then(turn);
        let output = self.cargo("build").output().unwrap();
        assert!(
            output.status.success(),
            "where a target is missing, run `cargo xtask tools --full`\n{}",
            all(&output)
        );
        if turn.is_some() {
            fs::create_dir_all(self.path("target/debug")).unwrap();
            let built = built_for(self.target.as_deref());
            fs::copy(built, self.program()).unwrap();
        }
        all(&output)
    }

    /// The program of a package for machines.
    pub(crate) fn program(&self) -> PathBuf {
        self.path("target/debug/bouquet")
    }

    /// Whether a build runs the script: cargo says so when it is talkative.
    pub(crate) fn runs_the_script(&self) -> bool {
        runs_the_script(&mut self.cargo("build"))
    }

    /// Starts cargo, and does not wait.
    pub(crate) fn starts(&self, command: &str) -> Child {
        self.cargo(command).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

/// The program that makes a package in a folder.
pub(crate) fn new_in(folder: &Path, options: &[&str]) -> Command {
    let mut new = Command::new(env!("CARGO_BIN_EXE_bouquet"));
    new.arg("new").arg(folder).args(options);
    // As a shell starts it: cargo hands its own to a test.
    new.env_remove("CARGO_MANIFEST_DIR");
    new
}

/// The files of a package that git has.
const COMMITTED: [&str; 6] =
    ["Cargo.toml", "Cargo.lock", "build.rs", "src/main.rs", "cluster.toml", "cluster.lock"];

/// A folder with what git has of a package.
pub(crate) fn clone(package: &Package) -> TempDir {
    let clone = tempfile::tempdir().unwrap();
    for file in COMMITTED {
        let to = clone.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(package.path(file), to).unwrap();
    }
    clone
}

/// The program that cargo built last, run in a folder.
pub(crate) fn program(folder: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(built());
    command.args(line).current_dir(folder).stdin(Stdio::null());
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("BOUQUET_OUT");
    command
}

/// The program that cargo built last.
pub(crate) fn built() -> PathBuf {
    built_for(None)
}

fn built_for(target: Option<&str>) -> PathBuf {
    Package::target().join(target.unwrap_or_default()).join("debug/flowers")
}

/// Whether this build, which must succeed, runs the script.
pub(crate) fn runs_the_script(build: &mut Command) -> bool {
    let output = build.arg("-vv").output().unwrap();
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    said.lines().any(|line| line.contains("Running") && line.contains("build-script-build`"))
}
