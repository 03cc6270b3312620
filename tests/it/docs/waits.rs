//! What `docs/commands.md` says of a terminal: a command that is silent for a second says what it waits for.

use super::scratch;
use crate::support::programs::program;
use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

#[test]
fn what_is_waited_for_is_shown_on_a_terminal_alone_and_is_gone_at_the_end() {
    let folder = scratch("waits");
    // It takes connections, and answers nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let spec = format!(
        "[cluster]\ntoken = \"flowers\"\netcd = \"3.6\"\n\n[tls]\nenabled = false\n\n\
         [[member]]\nname = \"pink\"\nip = \"127.0.0.1\"\nclient-port = {port}\npeer-port = 1\n"
    );
    fs::write(folder.join("cluster.toml"), spec).unwrap();
    let run = |command: &mut Command| -> Output {
        let command = command.current_dir(&folder).env("BOUQUET_PACKAGE", &folder);
        command.env_remove("CARGO_MANIFEST_DIR").stdin(Stdio::null()).output().unwrap()
    };
    let status = format!("{} status", program().display());
    let output = run(Command::new("script").args(["-qec", &status, "/dev/null"]));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = "asking all members, which have 2s to answer";
    let cleared = format!("{line}\r{:width$}\r", "", width = line.len());
    assert!(said.contains(&cleared), "{said:?}");
    assert!(said.find(line) < said.find("pink"), "the line is gone before there is more: {said:?}");

    let output = run(Command::new(program()).arg("status"));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("asking"));
}
