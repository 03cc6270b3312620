//! The edge, in a process of its own.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

/// The example that is a whole program, with the features of the workspace: `cargo test` has built it so.
pub(crate) static BINARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let build = ["build", "--quiet", "--workspace", "--example", "flowers"];
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(build);
    // `ring` and all above it would be compiled again with what cargo hands to a test, and once more the next time.
    let handed = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_")
    });
    handed.for_each(|name| {
        cargo.env_remove(name);
    });
    assert!(cargo.status().unwrap().success());
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().with_file_name("examples").join("flowers")
});

fn flowers(arguments: &[&str]) -> Command {
    let mut command = Command::new(&*BINARY);
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn sh(script: &str) -> Output {
    Command::new("sh").args(["-c", script]).env("FLOWERS", &*BINARY).output().unwrap()
}

#[test]
fn no_colours_where_nobody_sees_them() {
    let output = flowers(&["members"]).output().unwrap();
    assert!(!text(&output.stdout).contains('\x1b') && !text(&output.stderr).contains('\x1b'));
    let forced = flowers(&["members"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(text(&forced.stdout).contains('\x1b'));
    let refused = flowers(&["members"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output();
    assert!(!text(&refused.unwrap().stdout).contains('\x1b'));
}

#[test]
fn the_program_goes_by_the_name_it_was_called() {
    let output = flowers(&["--help"]).output().unwrap();
    assert!(text(&output.stdout).contains("Usage: flowers "));
}

#[test]
fn the_system_is_told_of_a_wrong_command_line_by_64() {
    let code = |line: &[&str]| flowers(line).output().unwrap().status.code();
    assert_eq!([code(&["member"]), code(&["command", "orage"])], [Some(64); 2]);
    assert_eq!([code(&["--help"]), code(&["--version"])], [Some(0); 2]);
    assert_eq!(code(&["certs", "--check", "--within", "30"]), Some(3));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let output = sh(r#"{ "$FLOWERS" command orange; echo $? >&2; } 2>&1 >/dev/full | cat"#);
    assert!(text(&output.stdout).contains("standard output: "), "{}", text(&output.stdout));
    let output = sh(r#"{ sleep 0.2; "$FLOWERS" command orange; echo "ended $?" >&2; } | true"#);
    let stderr = text(&output.stderr);
    assert!(stderr.ends_with("ended 0\n") && !stderr.contains("ipe"), "{stderr}");
}

#[test]
fn etcdctl_takes_over_with_its_arguments_and_environment() {
    let folder = std::env::temp_dir().join(format!("bouquet-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let fake = folder.join("etcdctl");
    let script = "#!/bin/sh\necho \"$1\" \"$5 $6\" \"${ETCDCTL_API-none}\" \"${HTTPS_PROXY-none}\"\nexit 42\n";
    std::fs::write(&fake, script).unwrap();
    let run = |path: &str| {
        let mut command = flowers(&["etcdctl", "orange", "--", "get", "a b"]);
        command
            .env("PATH", path)
            .env("ETCDCTL_API", "2")
            .env("HTTPS_PROXY", "http://10.0.0.9:3128")
            .env("BOUQUET_OUT", out(&folder));
        command.stdin(Stdio::null()).output().unwrap()
    };
    let path = folder.to_str().unwrap();

    let output = run(path);
    assert_eq!(output.status.code(), Some(126), "{}", text(&output.stderr));

    std::fs::set_permissions(&fake, std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = run(path);
    assert_eq!(output.status.code(), Some(42), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "--endpoints=https://192.168.65.101:2379 get a b none none\n");

    let output = run("/nonexistent");
    assert_eq!(output.status.code(), Some(127));
    assert!(text(&output.stderr).contains("etcd-client"), "{}", text(&output.stderr));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// An `out/` as far as `etcdctl` looks into it.
fn out(folder: &std::path::Path) -> PathBuf {
    let out = folder.join("out");
    let client = out.join("clients/root");
    std::fs::create_dir_all(&client).unwrap();
    std::fs::write(out.join("manifest"), format!("# {}\n", bouquet_model::artifact::GENERATED))
        .unwrap();
    std::fs::write(client.join("client.crt"), "").unwrap();
    let ca =
        "-----BEGIN CERTIFICATE-----\ndGhlIENBIG9mIHRoZSBmbG93ZXJz\n-----END CERTIFICATE-----\n";
    std::fs::write(client.join("ca.crt"), ca).unwrap();
    out
}

/// What git has is read from the folder of the package, whatever hook calls.
#[test]
fn a_lock_is_read_from_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder.path()).args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b.example",
        ]);
        let output = git.args(words).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    git(&["init", "--quiet"]);
    std::fs::write(folder.path().join("cluster.toml"), "").unwrap();
    std::fs::write(folder.path().join("cluster.lock"), "what = \"no lock\"\n").unwrap();
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "Describe"]);
    std::fs::remove_file(folder.path().join("cluster.lock")).unwrap();
    let diff = |revision: &str| {
        let mut diff = flowers(&["diff", revision]);
        let output = diff.current_dir(folder.path()).env("GIT_DIR", "/nowhere").output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    let (code, said) = diff("HEAD");
    assert_eq!(code, Some(1));
    assert!(said.contains("`cluster.lock of HEAD"), "{said}");
    let (code, said) = diff("nowhere");
    assert_eq!(code, Some(1));
    assert!(said.contains("`nowhere` is neither a file nor a revision of git"), "{said}");
    assert!(said.contains("note: fatal: "), "{said}");
}

/// Neither is waited for, nor read without an end.
#[test]
fn what_is_no_file_of_a_bearable_size_is_told_wherever_it_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let script = "cd \"$1\" && touch cluster.toml && mkfifo pipe && truncate -s 70M large && mkdir folder \
                  && for file in pipe /dev/zero large folder; do \
                  for line in \"diff $file\" \"check-node orange $file\"; do \
                  timeout 20 \"$FLOWERS\" $line; echo \"$line ended $?\"; done; done";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(folder.path()).env("FLOWERS", &*BINARY);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    let said = format!("{stdout}{stderr}");
    assert!(!said.contains("ended 124") && !said.contains("ended 137"), "{said}");
    for (file, told) in [
        ("pipe", "it is a pipe, and not a file"),
        ("/dev/zero", "it is not a regular file"),
        ("large", "it is far larger than such a file can be"),
    ] {
        assert!(said.contains(&format!("{file}`: {told}")), "{file}: {said}");
        assert!(said.matches(told).count() >= 2, "{file}: {said}");
    }
    // One that a shell hands over has a writer.
    let handed =
        sh("\"$FLOWERS\" command orange -o env | \"$FLOWERS\" check-node orange /dev/stdin");
    assert!(text(&handed.stdout).contains("as compiled"), "{}", text(&handed.stderr));
}
