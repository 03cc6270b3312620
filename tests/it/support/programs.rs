//! Programs that the tests start.

use super::snapshot::files;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The build step as a program, built once.
pub(crate) fn compile_step() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| example("compile-step"))
}

/// The program of the package that `BOUQUET_PACKAGE` names, built once.
pub(crate) fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| example("program"))
}

/// The program that embeds a cluster.
pub(crate) fn embed() -> PathBuf {
    // With an example, for which cargo chooses features as for tests.
    build(&["--bin", "embed", "--example", "program"]).join("embed")
}

fn example(name: &str) -> PathBuf {
    build(&["--example", name]).join("examples").join(name)
}

/// Cargo as a shell starts it.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    as_by_a_shell(&mut cargo);
    cargo
}

/// Takes away what cargo hands to a test: `ring` and all above it would be compiled again with that, and once more the
/// next time.
pub(crate) fn as_by_a_shell(command: &mut Command) {
    let is_handed = |name: &str| {
        ["BOUQUET_REVISION", "OUT_DIR"].contains(&name)
            || ["CARGO_MANIFEST_", "CARGO_PKG_"].iter().any(|start| name.starts_with(start))
    };
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| is_handed(name)) {
        command.env_remove(name);
    }
}

/// Builds some of the workspace, with the features with which the tests' own build has made nearly all of it; the
/// folder.
fn build(what: &[&str]) -> PathBuf {
    let target = target();
    let status = cargo()
        .args(["build", "--quiet", "--locked", "--offline", "--workspace"])
        .args(what)
        .arg("--target-dir")
        .arg(&target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(status.success(), "{what:?} does not build");
    target.join("debug")
}

/// The folder into which cargo has built this test: `target/debug/deps/test` lies in it.
pub(crate) fn target() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.ancestors().nth(3).expect("cargo builds tests into target/debug/deps").to_owned()
}

/// Runs a shell script where it may mount whatever it likes, unseen by everybody else.
pub(crate) fn in_own_mounts(script: &str, folder: &Path) -> Output {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let mut unshare = Command::new("unshare");
    unshare.args(if root { &["--mount"][..] } else { &["--map-root-user", "--mount"] });
    let output = unshare
        .args(["sh", "-euc", script])
        .current_dir(folder)
        .env("COMPILE_STEP", compile_step())
        .env("OUT_DIR", folder.join("target"))
        .output()
        .expect("this test needs unshare: install util-linux");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !said.contains("unshare:"),
        "this test needs to mount, as root or in a user namespace: {said}"
    );
    output
}

/// Has OpenSSL verify every certificate below a folder against its CA, and every key against its
/// certificate.
pub(crate) fn verify(out: &Path) {
    let certificates = files(out, ".crt");
    let leaves = certificates.iter().filter(|path| !path.ends_with("ca.crt"));
    let ca = out.join("pki/ca.crt");
    let ca_text = std::fs::read(&ca).unwrap();
    for copy in certificates.iter().filter(|path| path.ends_with("ca.crt")) {
        assert_eq!(std::fs::read(copy).unwrap(), ca_text, "{} is another CA", copy.display());
    }
    let mut verify = openssl(&["verify", "-x509_strict", "-CAfile"]);
    let output = verify.arg(&ca).args(leaves.clone()).output().expect(OPENSSL);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for certificate in leaves.chain([&ca]) {
        let key = certificate.with_extension("key");
        let of = |arguments: &[&str], path: &Path| {
            let output = openssl(arguments).arg("-in").arg(path).output().expect(OPENSSL);
            assert!(output.status.success(), "{}", path.display());
            output.stdout
        };
        let (mine, theirs) =
            (of(&["x509", "-noout", "-pubkey"], certificate), of(&["pkey", "-pubout"], &key));
        assert_eq!(mine, theirs, "{} is not the key of its certificate", key.display());
    }
}

const OPENSSL: &str = "this test needs the command openssl: install it";

fn openssl(arguments: &[&str]) -> Command {
    let mut command = Command::new("openssl");
    command.args(arguments);
    command
}

/// Who issued a certificate, as OpenSSL shows it.
pub(crate) fn issuer(certificate: &Path) -> String {
    let mut openssl = openssl(&["x509", "-noout", "-issuer", "-in"]);
    let output = openssl.arg(certificate).output().expect(OPENSSL);
    assert!(output.status.success(), "{}", certificate.display());
    String::from_utf8(output.stdout).expect("text")
}

/// Runs a shell script that must succeed, and returns what it prints.
pub(crate) fn shell(script: &str, folder: &Path) -> String {
    let output = Command::new("sh").args(["-euc", script]).current_dir(folder).output().unwrap();
    let (stdout, stderr) = [output.stdout, output.stderr]
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .into();
    assert!(output.status.success(), "{script}\n{stdout}{stderr}");
    stdout
}
