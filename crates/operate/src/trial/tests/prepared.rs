//! What the caller does before the first start, and what is left where it fails.

use super::spec::with;
use crate::patience::Patience;
use crate::trial::cluster::Stage;
use crate::trial::{Trial, Ways, run};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::option::Value;
use std::cell::RefCell;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Tries with a program in the place of etcd that tells a version and ends; returns what it said.
#[expect(
    clippy::disallowed_methods,
    reason = "the program is a file, and the clock is this machine's"
)]
fn tried(prepare: impl Fn(&Stage<'_>) -> Result<(), Diagnostic>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let etcd = folder.path().join("etcd");
    let script = "#!/bin/sh\n[ \"$1\" != --version ] || exec echo 'etcd Version: 3.5.33'\necho gone >&2\nexit 3\n";
    std::fs::write(&etcd, script).unwrap();
    std::fs::set_permissions(&etcd, std::fs::Permissions::from_mode(0o755)).unwrap();
    let ways = Ways {
        print: |_| {},
        say: |_| {},
        read: |_| Err(io::ErrorKind::NotFound.into()),
        variable: |_| None,
        clock: std::time::SystemTime::now,
        patience: Patience::default(),
    };
    let cluster = with(&[("heartbeat-interval", Value::Int(100))]);
    let trial = Trial { cluster: &cluster, etcd: Some(&etcd), show: false, ways: &ways };
    let outcome =
        run(&trial, async |stage| prepare(stage), async |_, _| unreachable!("it cannot start"));
    outcome.unwrap_err().to_string()
}

/// Waits until the shell that watches over it has nothing to remove.
fn is_gone(folder: &Path) {
    let begin = Instant::now();
    while folder.exists() {
        assert!(begin.elapsed() < Duration::from_secs(10), "{} is left", folder.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_caller_sees_where_data_is_to_be_before_anything_has_started() {
    let seen = RefCell::new(PathBuf::new());
    let said = tried(|Stage { layout, .. }| {
        for member in &layout.members {
            assert!(Path::new(member.folder.as_str()).is_dir());
            assert!(!Path::new(&member.option("data-dir").unwrap()).exists());
        }
        *seen.borrow_mut() = layout.folder.as_str().into();
        Ok(())
    });
    assert!(said.contains("did not start: exit status: 3"), "{said}");
    assert!(said.contains("gone"), "{said}");
    is_gone(&seen.borrow());
}

#[test]
fn nothing_is_left_where_the_caller_fails_or_panics() {
    for panics in [false, true] {
        let seen = RefCell::new(PathBuf::new());
        let said = catch_unwind(AssertUnwindSafe(|| {
            tried(|Stage { layout, .. }| {
                *seen.borrow_mut() = layout.folder.as_str().into();
                assert!(!panics, "a fault of the caller");
                Err(Diagnostic::error("no such snapshot"))
            })
        }));
        assert_eq!(said.is_err(), panics);
        assert!(said.is_err() || said.is_ok_and(|said| said.contains("no such snapshot")));
        is_gone(&seen.borrow());
    }
}
