//! Builds in a process of their own, so that they can be killed.

use super::super::fault;
use super::super::places::temporary;
use super::*;
use bouquet_x509::Secret;
use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// The exit code of a build that failed.
pub(super) const FAILED: i32 = 70;

/// The exit code of a build in which the chosen operation failed, and that did without it.
pub(super) const SURVIVED: i32 = 71;

const OUT: &str = "BOUQUET_TEST_OUT";
const SPEC: &str = "BOUQUET_TEST_SPEC";

/// Returns the test binary itself, told to do nothing but this one test.
pub(super) fn this_test(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--nocapture", "--test-threads=1"]);
    command.arg(format!("tests::{name}"));
    command.env("RUST_BACKTRACE", "0").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Returns the command that builds `spec`, as [`realistic`] takes it, in another process.
pub(super) fn child(out: &Path, spec: &str) -> Command {
    let mut command = this_test("child::builds_if_asked");
    command.env(OUT, out).env(SPEC, spec);
    command
}

/// Returns the same command, in which the n-th operation fails or is the last.
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

/// Builds, and decides as real builds do: the CA is minted where none was, a pair is kept if its
/// halves belong together and to the CA, and everything else is reissued.
///
/// `spec` is words: `m:orange` a member, `c:root` a client, `renew` to reissue all leaves,
/// `signed` to take those for which an answer lies in `pki/requests` from there, `lock` to list all
/// certificates in the file [`beside`] `out`, `lock:text` to write that text there.
pub(super) fn realistic(out: &Path, spec: &str) -> Result<Report, Diagnostic> {
    let words: Vec<_> = spec.split(' ').collect();
    let named = |kind: &str| words.iter().filter_map(|w| w.strip_prefix(kind)).collect::<Vec<_>>();
    let (members, clients) = (named("m:"), named("c:"));
    let mut places: Vec<_> = members
        .iter()
        .flat_map(|m| ["server", "peer"].map(|kind| format!("members/{m}/certs/{kind}")))
        .collect();
    places.extend(clients.iter().map(|client| format!("clients/{client}/client")));

    let lock = beside(out);
    let out = Out::open(out, &[&lock], hold(out))?;
    let mut output = Output::new();
    output.file(".gitignore", "*\n");
    let ca = match read_pair(&out, "pki/ca")? {
        (Some(certificate), Some(key)) => {
            assert_eq!(key, format!("KEY {certificate}"), "half a CA");
            output.keep("pki/ca.crt");
            output.keep("pki/ca.key");
            certificate
        }
        (None, None) => {
            assert!(
                !out.manifest().text().contains("pki/ca.") && is_clean(out.path()),
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
    let mut issued = vec![ca.clone()];
    for place in &places {
        let (certificate, key) = read_pair(&out, place)?;
        let from = request(place);
        let answer = read_pair(&out, &from)?;
        let moves = |output: &mut Output| {
            for extension in ["csr", "crt", "key"] {
                let to = if extension == "key" { "key" } else { "crt" };
                output.moved(&format!("{from}.{extension}"), &format!("{place}.{to}"));
            }
        };
        let whole = certificate.as_ref().is_some_and(|certificate| {
            certificate.starts_with(&ca) && key == Some(format!("KEY {certificate}"))
        });
        let signed_anew =
            words.contains(&"signed") && answer.0.is_some() && answer.0 != certificate;
        if let (true, Some(certificate)) =
            (whole && !signed_anew && !words.contains(&"renew"), certificate)
        {
            issued.push(certificate);
            output.keep(&format!("{place}.crt"));
            output.keep(&format!("{place}.key"));
            if answer.1.is_some() && answer.1 == key {
                moves(&mut output);
            }
        } else if let (true, (Some(certificate), Some(key))) = (words.contains(&"signed"), answer) {
            issued.push(certificate.clone());
            output.file(&format!("{place}.crt"), certificate);
            output.key(&format!("{place}.key"), Secret::from(key));
            moves(&mut output);
        } else {
            let name = format!("{ca} {place} {}", random());
            issued.push(name.clone());
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
    if let Some(text) = named("lock:").first() {
        output.extra(&lock, *text);
    } else if words.contains(&"lock") {
        output.extra(&lock, issued.join("\n"));
    }
    out.commit(&output, SystemTime::now())
}

/// Reads what is there of a certificate and its key.
fn read_pair(out: &Out, place: &str) -> Result<(Option<String>, Option<String>), Diagnostic> {
    let read = |extension| out.read_file(&format!("{place}.{extension}"));
    let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8(bytes).unwrap());
    Ok((text(read("crt")?), text(read("key")?)))
}

/// Tells whether nothing tells of a CA.
fn is_clean(out: &Path) -> bool {
    let of_a_ca = |path: &String| {
        let hidden = path.starts_with('.') || path.contains("/.");
        !hidden && [".crt", ".key"].iter().any(|end| path.ends_with(end))
    };
    !listing(out).iter().any(of_a_ca)
}

/// Asserts what has to hold after a build, and returns the CA.
pub(super) fn assert_sound(out: &Path, spec: &str) -> String {
    let files = contents(out);
    let listed = text(out.join("manifest"));
    assert!(!listed.contains("unfinished"), "{listed}");
    for (path, content) in &files {
        assert!(
            !path.contains("/.") && (!path.starts_with('.') || path == ".gitignore"),
            "left: {path}"
        );
        if path != "manifest" && !path.ends_with("notes.txt") {
            assert!(listed.lines().any(|line| line == path), "not in the manifest: {path}");
        }
        if let Some(place) = path.strip_suffix(".key") {
            assert_eq!(*content, format!("KEY {}", files[&format!("{place}.crt")]));
            assert_eq!(mode(out.join(path)), 0o600, "{path}");
        } else if path.strip_suffix(".crt").is_some() {
            assert!(content.starts_with(&files["pki/ca.crt"]), "{path} is of another CA");
        }
    }
    assert_together(out);
    assert!(!spec.split(' ').any(|word| word == "lock") || beside(out).exists());
    for word in spec.split(' ') {
        if let Some((kind, name)) = word.split_once(':').filter(|(kind, _)| *kind != "lock") {
            let first = if kind == "m" { "members" } else { "clients" };
            assert!(
                files.keys().any(|path| path.starts_with(&format!("{first}/{name}/"))),
                "{word}"
            );
        }
    }
    files["pki/ca.crt"].clone()
}

/// Asserts that the list [`beside`] `out`, if there is one, is of the same build as `out`: every
/// certificate that it tells of is there. Nothing is left beside it.
pub(super) fn assert_together(out: &Path) {
    let files = contents(out);
    let list = fs::read_to_string(beside(out)).unwrap_or_default();
    for line in list.lines().filter(|line| line.starts_with("CA ")) {
        let is_there =
            |(path, content): (&String, &String)| !path.contains("/.") && content == line;
        assert!(files.iter().any(is_there), "{line}: of another build\n{files:#?}");
    }
    assert!(!temporary(&beside(out)).exists(), "left");
}

/// Returns sixteen digits that no other call returns.
fn random() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}", RandomState::new().hash_one(0))
}

/// Copies a folder, and the file [`beside`] it, staged or not, with permissions and times.
pub(super) fn copy(from: &Path, to: &Path) {
    let (staged_from, staged_to) = (temporary(&beside(from)), temporary(&beside(to)));
    let pairs = [(from, to), (&beside(from), &beside(to)), (&staged_from, &staged_to)];
    for (from, to) in pairs.into_iter().filter(|(from, _)| from.exists()) {
        let args = [OsStr::new("-a"), from.as_os_str(), to.as_os_str()];
        assert!(Command::new("cp").args(args).status().unwrap().success());
    }
}

/// Removes a folder and what [`copy`] puts beside it.
pub(super) fn remove(out: &Path) {
    if out.exists() {
        fs::remove_dir_all(out).unwrap();
    }
    for file in [beside(out), temporary(&beside(out))].into_iter().filter(|file| file.exists()) {
        fs::remove_file(file).unwrap();
    }
}
