//! What is on a machine before its first boot.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// All that a systemd needs to find besides `/usr`. Without accounts but root's, and without
/// `/etc/login.defs`, so that programs do as they were built.
pub(crate) fn lay(root: &Path, hosts: &str) {
    for folder in ["etc/systemd/system", "usr", "root", "var", "run", "tmp", "proc", "sys", "dev"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    for link in ["bin", "sbin", "lib", "lib32", "lib64"] {
        if let Ok(target) = fs::read_link(Path::new("/").join(link)) {
            symlink(target, root.join(link)).expect("a link");
        }
    }
    let write = |path: &str, text: &str| fs::write(root.join(path), text).expect("a file");
    write("etc/os-release", "ID=node\n");
    // With an ID, or systemd would take it for a first boot, and enable all there is in /usr.
    write("etc/machine-id", "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0\n");
    write("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    write("etc/group", "root:x:0:\n");
    write("etc/nsswitch.conf", "hosts: files\npasswd: files\ngroup: files\n");
    write("etc/hosts", hosts);
}
