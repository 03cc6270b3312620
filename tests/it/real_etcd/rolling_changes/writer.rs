//! etcdctl with a client's files, and one write by it.

use std::path::Path;
use std::process::{Command, Stdio};

/// How often a write is tried again by a program that wants it done.
pub(super) const RETRIES: u32 = 2;

/// etcdctl with the files of a client.
pub(super) fn etcdctl(program: &Path, endpoints: &str, client: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("ETCDCTL_API", "3")
        .env("ETCDCTL_ENDPOINTS", endpoints)
        .env("ETCDCTL_CACERT", client.join("ca.crt"))
        .env("ETCDCTL_CERT", client.join("client.crt"))
        .env("ETCDCTL_KEY", client.join("client.key"))
        .stdin(Stdio::null());
    command
}

/// One write.
pub(super) fn put(program: &Path, endpoints: &str, client: &Path) -> Result<(), String> {
    let mut command = etcdctl(program, endpoints, client);
    let output = command
        .args(["--command-timeout=2s", "put", "bouquet", "of-flowers"])
        .output()
        .expect("etcdctl runs");
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
