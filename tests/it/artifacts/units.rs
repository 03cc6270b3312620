//! Units as systemd sees them, and shell as shellcheck does.

use crate::support::build::{EXAMPLES, Output, example};
use crate::support::node::Node;
use crate::support::run::{run, stdout};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `systemd-analyze security` gives at most, in tenths of its points, of which ten are the
/// worst: 1.2. Half a point of it is for using the network at all.
const EXPOSURE: &str = "12";

/// The same for [`DEMANDING`].
const DEMANDING_EXPOSURE: &str = "19";

/// A member on a port below 1024 that rotates its log file, with its data in a home, under a name
/// that has to be quoted, and its memory locked: each opens the sandbox a little.
pub(crate) const DEMANDING: &str = r#"
    [cluster]
    token = "demanding"
    etcd = "3.6"

    [etcd]
    data-dir = '/home/etcd/data "dir" of US$ 50%n \z'
    enable-log-rotation = true
    log-outputs = ["stderr", "/var/log/et cd/etcd.log"]
    log-rotation-config-json = '{"maxsize": 1, "compress": true}'
    memory-mlock = true
    quota-backend-bytes = "4MiB" # a container may lock 8 MiB

    [tls]
    certs-dir = "/etc/etcd/certs"

    [[member]]
    name = "one"
    ip = "192.168.65.101"
    client-port = 443

    [[client]]
    name = "root"
"#;

#[test]
fn systemd_accepts_every_unit() {
    for output in outputs() {
        for member in output.cluster.members.iter() {
            let hosts = output.beside("hosts");
            fs::write(&hosts, "127.0.0.1 localhost\n").expect("a file");
            let folder = output.path(&format!("members/{}", member.name));
            let node = Node::new(&output.beside("node"), &hosts, &programs(&output))
                .with(folder, "/etc/systemd/system");
            // On a machine with etcd, where the unit's program is to be found.
            let verify = "exec systemd-analyze verify --man=no --recursive-errors=one etcd.service";
            let said = run(&mut node.sh(&format!("cd /etc/systemd/system; {verify}")));
            assert!(said.ok && said.stderr.is_empty(), "{}: {}", member.name, said.stderr);
        }
    }
}

#[test]
fn systemd_accepts_the_units_of_snapshots() {
    for output in outputs() {
        let folder = output.path("clients/root");
        if !folder.exists() {
            continue;
        }
        let hosts = output.beside("hosts");
        fs::write(&hosts, "127.0.0.1 localhost\n").expect("a file");
        let node = Node::new(&output.beside("node"), &hosts, &programs(&output))
            .with(folder.clone(), "/etc/systemd/system");
        let verify = "exec systemd-analyze verify --man=no --recursive-errors=one";
        let units = "etcd-snapshot.service etcd-snapshot.timer";
        let said = run(&mut node.sh(&format!("cd /etc/systemd/system; {verify} {units}")));
        assert!(said.ok && said.stderr.is_empty(), "{}", said.stderr);
        is_hardened(&folder.join("etcd-snapshot.service"), EXPOSURE);
    }
}

/// A folder with programs that nobody starts, of these names.
fn programs(output: &Output) -> PathBuf {
    let folder = output.beside("programs");
    fs::create_dir_all(&folder).expect("a folder");
    for program in ["etcd", "bouquet"] {
        let program = folder.join(program);
        fs::write(&program, "#!/bin/sh\nexit 1\n").expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    folder
}

#[test]
fn every_unit_is_hardened() {
    for output in outputs() {
        for member in output.cluster.members.iter() {
            let unit = output.path(&format!("members/{}/etcd.service", member.name));
            let demanding = output.cluster.token == "demanding";
            is_hardened(&unit, if demanding { DEMANDING_EXPOSURE } else { EXPOSURE });
        }
    }
}

fn is_hardened(unit: &Path, exposure: &str) {
    let mut command = Command::new("systemd-analyze");
    command.args(["security", "--no-pager", "--offline=true"]);
    stdout(command.arg(format!("--threshold={exposure}")).arg(unit));
}

/// SIGHUP kills etcd; its readiness waits for a quorum, which may never come.
#[test]
fn no_unit_reloads_or_waits_for_ever() {
    for output in outputs() {
        for member in output.cluster.members.iter() {
            let unit = output.read(&format!("members/{}/etcd.service", member.name));
            let values = |key: &str| -> Vec<&str> {
                unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
            };
            assert_eq!(values("Type"), ["notify"]);
            assert_eq!(values("TimeoutStartSec"), ["15min"]);
            // Flags or environment, but never both: etcd dies where an option is in both.
            for absent in ["ExecReload", "Environment", "EnvironmentFile"] {
                assert!(values(absent).is_empty(), "{absent}");
            }
        }
    }
}

#[test]
fn shellcheck_accepts_the_shell() {
    for output in outputs() {
        for member in output.cluster.members.iter() {
            let folder = output.path(&format!("members/{}", member.name));
            shellcheck(&folder.join("etcd.sh"));
            shellcheck(&sourcing(&folder.join("etcd.env")));
            shellcheck(&started_before(&folder.join("etcd.service")));
        }
        for client in output.cluster.clients.iter() {
            let folder = output.path(&format!("clients/{}", client.name));
            shellcheck(&sourcing(&folder.join("etcdctl.env")));
        }
    }
}

/// A script that reads a file of variables as its head tells people to.
fn sourcing(file: &Path) -> PathBuf {
    let script = file.with_extension("sh.test");
    let name = file.file_name().expect("a name").display();
    fs::write(&script, format!("#!/bin/sh\nset -a\n. ./{name}\nset +a\n")).expect("a file");
    script
}

/// The scripts of a unit, as the shell gets them.
fn started_before(unit: &Path) -> PathBuf {
    let text = fs::read_to_string(unit).expect("a unit");
    let text = text.split("\\\n").map(str::trim).collect::<Vec<_>>().join(" ");
    let scripts = text.split("sh -euc '").skip(1).filter_map(|rest| rest.split('\'').next());
    let scripts: String = scripts.map(|script| read_by_systemd(script) + "\n").collect();
    assert!(scripts.contains("chown") && scripts.contains("mktemp"), "{text}");
    let script = unit.with_extension("service.test");
    fs::write(&script, format!("#!/bin/sh\nset -eu\n{scripts}")).expect("a file");
    script
}

/// What it makes of a word in single quotes.
fn read_by_systemd(word: &str) -> String {
    word.replace("$$", "$").replace("%%", "%").replace(r"\\", r"\")
}

fn shellcheck(script: &Path) {
    let mut command = Command::new("shellcheck");
    command.args(["--norc", "--external-sources", "--shell=sh"]).arg(script);
    stdout(command.current_dir(script.parent().expect("a folder")));
}

fn outputs() -> impl Iterator<Item = Output> {
    let specs = EXAMPLES.map(example).into_iter().chain([DEMANDING.to_owned()]);
    specs.map(|spec| Output::of(&spec))
}
