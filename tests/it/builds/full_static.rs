//! The program without a C library, as the guide has it built: one file that runs on any node of its kind.

#![expect(clippy::print_stdout, reason = "what was measured is shown by `--nocapture`")]

use crate::support::guide::{Way, commands};
use crate::support::package::Package;
use crate::support::programs::as_by_a_shell;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A megabyte more than it has, and less than it would be with all that a compiler may leave in it.
const LARGEST: u64 = 8_000_000;

/// `e_machine` of ELF's header.
const X86_64: u16 = 62;
const AARCH64: u16 = 183;

#[test]
fn a_program_for_any_node_is_built_as_the_guide_has_it_and_runs_in_an_empty_folder() {
    let package = Package::new(include_str!("../../../cluster.toml"));
    let [here, arm] = &commands("2. Build", Way::Install)[..] else { panic!("two blocks") };
    builds(&package, here);
    builds(&package, arm);
    for (processor, machine, runner) in
        [("x86_64", X86_64, None), ("aarch64", AARCH64, Some("qemu-aarch64-static"))]
    {
        let program = format!("{processor}-unknown-linux-musl/release/flowers");
        let program = Package::target().join(program);
        let bytes = fs::read(&program).expect("a program");
        println!("{processor}: {} bytes", bytes.len());
        assert_eq!(u16::from_le_bytes([bytes[18], bytes[19]]), machine);
        assert!(!has_interpreter(&bytes), "{processor}: it asks for a loader of the system's");
        assert!(bytes.len() as u64 <= LARGEST, "{processor}: {}", bytes.len());
        runs(&package, &program, runner);
    }
}

/// Types what the guide has, with what cargo has at hand.
fn builds(package: &Package, script: &str) {
    let mut shell = Command::new("sh");
    as_by_a_shell(&mut shell);
    let output = shell
        .args(["-euc", script])
        .current_dir(package.folder.path())
        .env("CARGO_TARGET_DIR", Package::target())
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("a shell");
    assert!(
        output.status.success(),
        "run `cargo xtask tools --full` where a target or a compiler is missing\n{}",
        said(&output)
    );
}

/// Tells whether there is a program header of the kind `PT_INTERP`, in a 64-bit file.
fn has_interpreter(elf: &[u8]) -> bool {
    let field = |at: usize, length: usize| {
        let mut number = [0; 8];
        number[..length].copy_from_slice(&elf[at..at + length]);
        usize::try_from(u64::from_le_bytes(number)).expect("a place in the file")
    };
    let (start, size, count) = (field(32, 8), field(54, 2), field(56, 2));
    assert!(elf.starts_with(b"\x7fELF\x02") && count > 0, "no program");
    (0..count).any(|i| field(start + i * size, 4) == 3)
}

/// It prints, and proves what was brought for a member, in a folder with nothing else, without a network.
fn runs(package: &Package, program: &Path, runner: Option<&str>) {
    let root = tempfile::tempdir().expect("a folder");
    fs::copy(program, root.path().join("bouquet")).expect("a program");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(package.path("out/members/orange"))
        .arg(root.path().join("orange"))
        .status();
    assert!(copied.expect("cp runs").success());
    if let Some(runner) = runner {
        let path = Path::new("/usr/bin").join(runner);
        fs::copy(path, root.path().join(runner)).expect("run `cargo xtask tools --full`");
    }
    let run = |words: &[&str]| {
        let mut inside = Command::new("unshare");
        inside.args(["--map-root-user", "--net", "chroot"]).arg(root.path());
        inside.args(runner.map(|runner| format!("/{runner}"))).arg("/bouquet");
        inside.args(words).output().expect("this test needs unshare: install util-linux")
    };
    let members = run(&["members"]);
    let text = said(&members);
    assert!(members.status.success() && text.contains("https://192.168.65.101:2380"), "{text}");
    // There is no etcd that could be started.
    let planned = run(&["install", "orange", "/orange", "--no-start", "--dry-run"]);
    let text = said(&planned);
    assert_eq!(planned.status.code(), Some(2), "{text}");
    for line in ["would make the account etcd\n", "would put the certificates into their place\n"] {
        assert!(text.contains(line), "{text}");
    }
    let left: Vec<_> = fs::read_dir(root.path()).expect("a folder").collect();
    assert_eq!(left.len(), 2 + usize::from(runner.is_some()), "it made something");
}

fn said(output: &Output) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    format!("{stdout}{stderr}")
}
