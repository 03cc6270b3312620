//! The control host: it sits at the switch, and reaches each machine by `ssh`, as root, with a key.

use crate::machine::Machine;
use crate::network::Network;
use crate::run::{Said, run, stdout};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a machine has that lets it in.
const SSHD_CONFIG: &str = "\
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /root/.ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
Subsystem sftp internal-sftp
";

const UNIT: &str = "\
[Service]
Type=notify
RuntimeDirectory=sshd
ExecStart=/usr/sbin/sshd -D -e
";

/// Runs a script where names have addresses, and `ssh`, `scp` and `sftp` know the machines. In order: the host's own
/// folder, where to run, the script.
const TYPED: &str = r#"
mount --bind "$1/hosts" /etc/hosts
PATH="$1/bin:$PATH"
cd "$2"
exec sh -euc "$3"
"#;

/// A host beside the switch, with a key of its own.
pub struct Control {
    folder: PathBuf,
    sshd: PathBuf,
}

impl Control {
    /// One that no machine knows yet. `folder` is its own, and `sshd` is where Debian's `openssh-server` is
    /// unpacked.
    ///
    /// # Panics
    /// If `ssh-keygen` or that package is missing.
    pub fn new(folder: &Path, hosts: &str, sshd: &Path) -> Self {
        let program = sshd.join("usr/sbin/sshd");
        assert!(program.is_file(), "no {}: run `cargo xtask tools`", program.display());
        fs::create_dir_all(folder.join("bin")).expect("a folder");
        generate(&folder.join("key"));
        fs::write(folder.join("hosts"), hosts).expect("a file");
        fs::write(folder.join("config"), config(folder)).expect("a file");
        for name in ["ssh", "scp", "sftp"] {
            let path = folder.join("bin").join(name);
            let config = folder.join("config");
            let script =
                format!("#!/bin/sh\nexec /usr/bin/{name} -F {} \"$@\"\n", config.display());
            fs::write(&path, script).expect("a file");
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a file");
        }
        Self { folder: folder.to_owned(), sshd: sshd.to_owned() }
    }

    /// Lays what it takes on a machine that is off, and takes note of the machine's key.
    ///
    /// # Panics
    /// If that cannot be written.
    pub fn is_let_in(&self, machine: &mut Machine, names: &[&str], address: IpAddr) {
        for folder in ["/etc/ssh", "/root/.ssh", "/etc/systemd/system/multi-user.target.wants"] {
            fs::create_dir_all(machine.path(folder)).expect("a folder");
        }
        let key = machine.path("/etc/ssh/ssh_host_ed25519_key");
        generate(&key);
        let own = fs::read_to_string(self.folder.join("key.pub")).expect("a key");
        for (path, text) in [
            ("/root/.ssh/authorized_keys", own.as_str()),
            ("/etc/ssh/sshd_config", SSHD_CONFIG),
            ("/etc/systemd/system/sshd.service", UNIT),
        ] {
            fs::write(machine.path(path), text).expect("a file");
        }
        let link = "/etc/systemd/system/multi-user.target.wants/sshd.service";
        symlink("../sshd.service", machine.path(link)).expect("a link");
        // Whom it is between a connection and a login.
        append(&machine.path("/etc/passwd"), "sshd:x:101:65534::/run/sshd:/usr/sbin/nologin\n");
        append(&machine.path("/etc/group"), "nogroup:x:65534:\n");
        machine.has_packages(&self.sshd);

        let mut known = names.join(",");
        write!(known, "{}{address}", if names.is_empty() { "" } else { "," }).expect("a text");
        let public = fs::read_to_string(key.with_extension("pub")).expect("a key");
        append(&self.folder.join("known_hosts"), &format!("{known} {public}"));
    }

    /// Takes note of a machine's key at another address, where it was brought.
    ///
    /// # Panics
    /// If it has none.
    pub fn knows(&self, machine: &Machine, address: IpAddr) {
        let key = fs::read_to_string(machine.path("/etc/ssh/ssh_host_ed25519_key.pub"));
        let known = format!("{address} {}", key.expect("a key"));
        append(&self.folder.join("known_hosts"), &known);
    }

    /// Types a script on it, in a folder.
    pub fn run(&self, network: &Network, folder: &Path, script: &str) -> Said {
        let mut command = network.beside(Path::new("sh"));
        run(command.args(["-euc", TYPED, "typed"]).arg(&self.folder).arg(folder).arg(script))
    }

    /// The same for one that has to succeed; its stdout.
    ///
    /// # Panics
    /// If it fails, with all that it said.
    pub fn sh(&self, network: &Network, folder: &Path, script: &str) -> String {
        let Said { ok, stdout, stderr } = self.run(network, folder, script);
        assert!(ok, "{script}\n{stdout}\n{stderr}");
        stdout
    }
}

/// Nothing is asked, and no machine is believed that is not known.
fn config(folder: &Path) -> String {
    let file = |name: &str| folder.join(name).display().to_string();
    format!(
        "User root\nIdentityFile {}\nIdentitiesOnly yes\nUserKnownHostsFile {}\n\
         GlobalKnownHostsFile none\nStrictHostKeyChecking yes\nBatchMode yes\nConnectTimeout 5\n",
        file("key"),
        file("known_hosts")
    )
}

fn generate(key: &Path) {
    let mut ssh_keygen = Command::new("ssh-keygen");
    stdout(ssh_keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "rig", "-f"]).arg(key));
}

fn append(path: &Path, text: &str) {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.expect("a file").write_all(text.as_bytes()).expect("a file");
}
