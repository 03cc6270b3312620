//! Snapshots of a cluster that runs, and restores from them, by the program and by the commands that it prints.

mod cut;
mod disk;
mod full_restore;
mod refused;
mod restored;
mod taken;

use super::site::Site;
use serde_json::Value;

/// What a command of the program prints as JSON; what it says besides is in the file `talk`.
fn json(site: &mut Site, line: &str) -> Value {
    let said = site.types(&format!("{line} --json 2>talk || {{ cat talk; exit 1; }}"));
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"))
}

/// Types what is printed for a restore from that file; returns the token of the restore.
fn restore(site: &mut Site, file: &str) -> String {
    let printed = json(site, &format!("bouquet restore {file}"));
    let steps = site.follow(printed["steps"].as_array().expect("steps"));
    assert_eq!(steps[..4], ["bring", "stop-clients", "stop-all", "restore-all"]);
    assert_eq!(steps[steps.len() - 2..], ["record", "start-clients"]);
    printed["token"].as_str().expect("a token").to_owned()
}

/// The step that does that, as it is printed.
fn step<'a>(printed: &'a Value, action: &str) -> &'a Value {
    let mut steps = printed["steps"].as_array().expect("steps").iter();
    steps.find(|step| step["action"] == action).unwrap_or_else(|| panic!("{action}: {printed:#}"))
}

/// What a line says that has to end with that exit code.
fn ends(site: &mut Site, line: &str, code: u8) -> String {
    let said = site.types(&format!("code=0; {{ {line}; }} || code=$?; echo \"ended with $code\""));
    let (said, ended) = said.rsplit_once("ended with ").unwrap_or_else(|| panic!("{said}"));
    assert_eq!(ended.trim(), code.to_string(), "{line}: {said}");
    said.to_owned()
}

/// A line fails, and says that.
fn fails(site: &mut Site, line: &str, words: &str) {
    let said = ends(site, line, 1);
    assert!(said.contains(words), "{line}: {said}");
}

/// What `status` says, whatever it ends with.
fn status(site: &mut Site) -> Value {
    let said = site.types("bouquet status --json 2>talk || true");
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"))
}

/// The messages of all that `status` finds.
fn findings(status: &Value) -> Vec<&str> {
    let findings = status["findings"].as_array().expect("a list").iter();
    findings.map(|it| it["message"].as_str().expect("text")).collect()
}
