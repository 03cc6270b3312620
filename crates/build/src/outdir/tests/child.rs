//! Builds in a process of their own, so that they can be killed.

use super::super::fault;
use super::*;
use crate::pki::Pair;
use bouquet_x509::Secret;
use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// The exit code of a build that met a [`Failure`].
pub(super) const FAILED: i32 = 70;

/// The exit code of a build in which the chosen operation failed, and that did without it.
pub(super) const SURVIVED: i32 = 71;

const OUT: &str = "BOUQUET_TEST_OUT";
const SPEC: &str = "BOUQUET_TEST_SPEC";

/// The test binary itself, told to do nothing but this one test.
pub(super) fn this_test(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--nocapture", "--test-threads=1"]);
    command.arg(format!("outdir::tests::{name}"));
    command.env("RUST_BACKTRACE", "0").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A build of `spec`, as [`realistic`] takes it, in another process.
pub(super) fn child(out: &Path, spec: &str) -> Command {
    let mut command = this_test("child::builds_if_asked");
    command.env(OUT, out).env(SPEC, spec);
    command
}

/// The same, in which the n-th operation fails or is the last.
pub(super) fn child_with_fault(out: &Path, spec: &str, kind: &str, at: u64) -> Command {
    let mut command = child(out, spec);
    command.env(fault::VARIABLE, format!("{kind}:{at}"));
    command
}

/// Runs a script in namespaces of its own, where it may mount.
pub(super) fn unshare(script: &str, folder: &Path, inner: &Command) {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-euc"]);
    command.arg(format!("{script}\nexec \"$@\"")).arg("sh").arg(inner.get_program());
    command.args(inner.get_args()).env("FOLDER", folder);
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let done = command.output().expect("`unshare` is there: install util-linux");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ran = text(&done.stdout).contains("1 passed");
    assert!(
        done.status.success() && ran,
        "{}{}\n(this test mounts in a user namespace; if that was refused, run \
         `sysctl kernel.unprivileged_userns_clone=1` or be root)",
        text(&done.stdout),
        text(&done.stderr)
    );
}

/// Not a test of its own: the other process.
#[test]
fn builds_if_asked() {
    let variable = |name: &str| std::env::var(name).ok();
    let (Some(out), Some(spec)) = (variable(OUT), variable(SPEC)) else { return };
    if realistic(Path::new(&out), &spec).is_err() {
        // Quicker than a panic, and told apart from one.
        std::process::exit(FAILED);
    }
    if fault::happened() {
        std::process::exit(SURVIVED);
    }
}

/// A build that decides as real ones do: the CA is minted where none was, a pair is kept if its
/// halves belong together and to the CA, and everything else is issued anew.
///
/// `spec` is words: `m:orange` a member, `c:root` a client, `renew` to issue all leaves anew, `signed`
/// to take those for which an answer lies in `pki/requests` from there.
pub(super) fn realistic(out: &Path, spec: &str) -> Result<Report, Failure> {
    let words: Vec<_> = spec.split(' ').collect();
    let named = |kind: &str| words.iter().filter_map(|w| w.strip_prefix(kind)).collect::<Vec<_>>();
    let (members, clients) = (named("m:"), named("c:"));
    let mut places: Vec<_> = members
        .iter()
        .flat_map(|m| ["server", "peer"].map(|kind| format!("members/{m}/certs/{kind}")))
        .collect();
    places.extend(clients.iter().map(|client| format!("clients/{client}/client")));

    let out = Out::open(out, |_| {})?;
    let existing = out.read(places.iter().map(String::as_str))?;
    let mut output = Output::new();
    output.file(".gitignore", "*\n");
    let found = out.read_pair("pki/ca")?;
    let ca = match (&found.certificate, &found.key) {
        (Some(certificate), Some(key)) => {
            let certificate = String::from_utf8(certificate.clone()).unwrap();
            assert_eq!(key.expose(), format!("KEY {certificate}").as_bytes(), "half a CA");
            output.keep("pki/ca.crt");
            output.keep("pki/ca.key");
            certificate
        }
        (None, None) => {
            assert!(
                !out.lists("pki/ca") && out.trace()?.is_none(),
                "a CA would be minted where one was expected"
            );
            let name = format!("CA {}", random());
            output.file("pki/ca.crt", name.as_str());
            output.key("pki/ca.key", Secret::from(format!("KEY {name}")));
            name
        }
        halves => panic!("half a CA: {halves:?}"),
    };
    let request = |place: &str| format!("pki/requests/{}", place.replace('/', "-"));
    let requests: Vec<_> = places.iter().map(|place| request(place)).collect();
    let mut answers = out.read(requests.iter().map(String::as_str))?;
    for place in &places {
        let pair = &existing[place];
        let from = request(place);
        let answer = answers.remove(&from).unwrap_or_default();
        let moves = |output: &mut Output| {
            for extension in ["csr", "crt", "key"] {
                let to = if extension == "key" { "key" } else { "crt" };
                output.moved(&format!("{from}.{extension}"), &format!("{place}.{to}"));
            }
        };
        let certificate = pair.certificate.as_deref().map(String::from_utf8_lossy);
        let key = pair.key.as_ref().map(|key| String::from_utf8_lossy(key.expose()));
        let whole = certificate.is_some_and(|certificate| {
            certificate.starts_with(&ca) && key == Some(format!("KEY {certificate}").into())
        });
        let signed_anew = words.contains(&"signed")
            && answer.certificate.is_some()
            && answer.certificate != pair.certificate;
        if whole && !signed_anew && !words.contains(&"renew") {
            output.keep(&format!("{place}.crt"));
            output.keep(&format!("{place}.key"));
            if answer.key.is_some() && answer.key == pair.key {
                moves(&mut output);
            }
        } else if let (true, Pair { certificate: Some(certificate), key: Some(key) }) =
            (words.contains(&"signed"), answer)
        {
            output.file(&format!("{place}.crt"), certificate);
            output.key(&format!("{place}.key"), key);
            moves(&mut output);
        } else {
            let name = format!("{ca} {place} {}", random());
            output.file(&format!("{place}.crt"), name.as_str());
            output.key(&format!("{place}.key"), Secret::from(format!("KEY {name}")));
        }
    }
    for member in &members {
        output.script(&format!("members/{member}/etcd.sh"), format!("# {spec}\n"));
        output.file(&format!("members/{member}/certs/ca.crt"), ca.as_str());
    }
    for client in &clients {
        output.file(&format!("clients/{client}/ca.crt"), ca.as_str());
    }
    out.commit(&output, SystemTime::now())
}

/// Asserts what has to hold after a build, and returns the CA.
pub(super) fn assert_sound(out: &Path, spec: &str) -> String {
    let files = contents(out);
    let listed = text(out.join("manifest"));
    assert!(!listed.contains("unfinished"), "{listed}");
    for (path, content) in &files {
        assert!(
            !path.contains("/.")
                && (!path.starts_with('.') || [".lock", ".gitignore"].contains(&path.as_str())),
            "left: {path}"
        );
        if path != "manifest" && path != ".lock" && !path.ends_with("notes.txt") {
            assert!(listed.lines().any(|line| line == path), "not in the manifest: {path}");
        }
        if let Some(place) = path.strip_suffix(".key") {
            assert_eq!(*content, format!("KEY {}", files[&format!("{place}.crt")]));
            assert_eq!(mode(out.join(path)), 0o600, "{path}");
        } else if path.strip_suffix(".crt").is_some() {
            assert!(content.starts_with(&files["pki/ca.crt"]), "{path} is of another CA");
        }
    }
    for word in spec.split(' ') {
        if let Some((kind, name)) = word.split_once(':') {
            let first = if kind == "m" { "members" } else { "clients" };
            assert!(
                files.keys().any(|path| path.starts_with(&format!("{first}/{name}/"))),
                "{word}"
            );
        }
    }
    files["pki/ca.crt"].clone()
}

/// Sixteen digits that no other call returns.
fn random() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}", RandomState::new().hash_one(0))
}

/// A copy of a folder with permissions and times.
pub(super) fn copy(from: &Path, to: &Path) {
    let args = [OsStr::new("-a"), from.as_os_str(), to.as_os_str()];
    assert!(Command::new("cp").args(args).status().unwrap().success());
}
