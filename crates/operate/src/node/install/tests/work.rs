//! The command line of an installation, as its help prints it.

#![expect(clippy::disallowed_methods, reason = "these tests run what is printed")]

use crate::node::install::restored::unreadable;
use crate::node::install::work::{Aim, Install};
use crate::node::machine::Unread;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

pub(super) fn install(from: Option<&str>) -> Install {
    Install {
        member: "orange".to_owned(),
        etcd: None,
        downgrade: false,
        from: from.map(Into::into),
        beside: None,
        root: None,
        dry_run: false,
        aim: Aim::Runs,
        bootstrap: false,
        trust_network: false,
        accept_downtime: false,
        rollback: false,
        retire: false,
        set_aside: false,
        joining: false,
        restore: None,
        token: None,
        sole: false,
        json: false,
        program: "bouquet".to_owned(),
        is_sent: false,
    }
}

#[test]
fn what_is_to_be_done_again_is_printed_as_it_is_typed() {
    assert_eq!(install(None).line("--bootstrap"), "bouquet install orange --bootstrap");
    let named = install(Some("/root/two words"));
    assert_eq!(named.line("--set-aside"), "bouquet install orange '/root/two words' --set-aside");
    assert_eq!(install(None).again(""), "`bouquet install orange`");
    let shown = Install { dry_run: true, ..install(None) };
    assert_eq!(shown.again("--bootstrap"), "`bouquet install orange --bootstrap --dry-run`");
    let piped = install(Some("-"));
    assert_eq!(
        piped.again("--bootstrap"),
        "`tar -c -C out/members orange | ssh root@NODE 'bouquet install orange - --bootstrap'` \
         on the machine with `out/`, where NODE is this one"
    );
}

/// It came by ssh with the files, and is gone: what is typed there, nobody finds.
#[test]
fn a_program_that_was_sent_for_one_call_is_told_to_be_brought_first() {
    let sent = Install { is_sent: true, ..install(Some("-")) };
    let problem = |help: &str| Diagnostic::error("refused").help(help);
    let told = |work: &Install, help: &str| work.with_program(problem(help)).help.len() > 1;
    let line = sent.again("--set-aside");
    assert!(told(&sent, &line) && told(&sent, "see `bouquet doctor orange`"));
    assert!(!told(&install(Some("-")), &line), "that is there");
    let elsewhere = "`bouquet plan --replace orange`, on the machine with `out/`, has the steps";
    assert!(!told(&sent, elsewhere) && !told(&sent, "`df -h /run`"));
    let help = sent.with_program(problem(&line)).help;
    assert!(help[1].contains("root@NODE:/usr/local/bin/bouquet`"), "{help:?}");
    assert_eq!(
        sent.explained("etcd-orange"),
        "on the machine with `out/`, where NODE is this one: `ssh root@NODE journalctl -u etcd-orange | bouquet doctor --log -`"
    );
    assert_eq!(install(None).explained("etcd"), "`journalctl -u etcd | bouquet doctor --log -`");
}

/// Nobody is led to do it where it was to be shown alone.
#[test]
fn what_only_root_may_see_is_done_again_by_root_and_as_it_was() {
    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
    let image = Path::new("/my image");
    let help = |work: &Install, error| work.unseen_by(false, (image, error), "look").help;
    let dry = Install {
        dry_run: true,
        rollback: true,
        root: Some("/my image".into()),
        aim: Aim::Placed,
        ..install(None)
    };
    let line = "as root: `sudo bouquet install orange --rollback --root '/my image' --dry-run`";
    assert_eq!(help(&dry, &denied), [line]);
    let piped = help(&install(Some("-")), &denied).concat();
    assert!(piped.starts_with("as root: `tar ") && !piped.contains("sudo"), "{piped}");
    assert_eq!(help(&dry, &io::Error::other("broken")), ["look"]);
    // Whom `sudo` would make of root may look no more.
    let by_root = dry.unseen_by(true, (image, &denied), "look");
    let help = "see what keeps root out: `findmnt -T '/my image'`, `lsattr -d '/my image'`, `dmesg | tail`";
    assert_eq!(by_root.help, [help]);
}

/// The data is broken, just when it is to be restored.
#[test]
fn data_that_cannot_be_read_gives_way_to_a_restore() {
    let inside = NodePath::from_static("/data/etcd/member");
    let sign = Path::new("/data/etcd/member/restored");
    let broken = Unread::at(sign)(io::Error::other("Input/output error"));
    let problem = unreadable((&install(None), "etcd-orange"), &inside, &broken);
    let message = "/data/etcd/member/restored cannot be read: Input/output error";
    assert_eq!(problem.message, message);
    let way = "`systemctl stop etcd-orange`, `mv -T /data/etcd/member /data/etcd/member.broken`, and this command again";
    assert!(problem.help.iter().any(|help| help.contains(way)), "{problem}");
}

/// The shell of the machine with `out/` reads it, and then that of the node.
#[test]
fn what_is_done_again_over_ssh_has_its_words_behind_both_shells() {
    const TRICKY: &str = "/root/it's $(two) words\\";
    let piped = Install {
        restore: Some(TRICKY.into()),
        token: Some("a 'b' \"c\"".to_owned()),
        program: shell_word("it's bouquet").into_owned(),
        ..install(Some("-"))
    };
    let again = piped.again("--bootstrap");
    let line = again.split('`').nth(1).expect("a line");
    // What ssh does: the words that it is given become one line, for the shell there.
    let folder = tempfile::tempdir().expect("a folder");
    let programs = [
        ("tar", "#!/bin/sh\n"),
        ("ssh", "#!/bin/sh\nshift\nexec sh -c \"$*\"\n"),
        ("it's bouquet", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"),
    ];
    for (name, text) in programs {
        let program = folder.path().join(name);
        fs::write(&program, text).expect("a program");
        fs::set_permissions(&program, Permissions::from_mode(0o755)).expect("it is ours");
    }
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let said = Command::new("sh").args(["-c", line]).env("PATH", path).output().expect("sh");
    let words = String::from_utf8(said.stdout).expect("text");
    let wanted =
        ["install", "orange", "-", "--restore", TRICKY, "--token", "a 'b' \"c\"", "--bootstrap"];
    assert_eq!(words.lines().collect::<Vec<_>>(), wanted, "{line}: {said:?}", said = said.stderr);
}

#[test]
fn an_etcd_that_is_brought_is_brought_again() {
    let named = Install { etcd: Some("/root/etcd 3.6".into()), ..install(None) };
    assert_eq!(
        named.again("--bootstrap"),
        "`bouquet install orange --etcd '/root/etcd 3.6' --bootstrap`"
    );
    let piped = Install { etcd: Some("-".into()), ..install(Some("-")) };
    assert_eq!(
        piped.again(""),
        "`tar -c -C out/members orange -C DIR etcd etcdctl etcdutl | ssh root@NODE 'bouquet install orange - --etcd -'` \
         on the machine with `out/`, where NODE is this one, and DIR has those programs"
    );
}

/// What makes room for a member is done before it is added, and is no part of what was to be shown.
#[test]
fn what_is_done_before_a_member_is_added_is_done_without_starting_it() {
    let asked = Install { joining: true, dry_run: true, ..install(Some("-")) };
    let line = "bouquet install orange - --set-aside --no-start";
    assert_eq!(asked.line("--set-aside --no-start"), line);
    assert_eq!(asked.line(""), "bouquet install orange - --joining --dry-run");
    let started = Install { dry_run: false, ..asked };
    assert_eq!(started.line("--set-aside"), "bouquet install orange - --joining --set-aside");
}

#[test]
fn what_was_asked_for_is_asked_for_again() {
    let plain = Install { trust_network: true, set_aside: true, ..install(None) };
    let line = "bouquet install orange --set-aside --trust-network --bootstrap";
    assert_eq!(plain.line("--bootstrap"), line);
    assert_eq!(plain.line("--set-aside"), "bouquet install orange --trust-network --set-aside");
    let kept = Install { aim: Aim::Kept, ..install(None) };
    assert_eq!(kept.line(""), "bouquet install orange --no-restart");
    // What it begins with nothing for has to start it.
    assert_eq!(kept.line("--set-aside"), "bouquet install orange --set-aside");
    // There is no way back with an option that begins with nothing.
    let back = Install { rollback: true, ..install(None) };
    assert_eq!(back.line(""), "bouquet install orange --rollback");
    assert_eq!(back.line("--set-aside"), "bouquet install orange --set-aside");
    let root = Install { root: Some("/image".into()), aim: Aim::Placed, ..install(None) };
    assert_eq!(root.line(""), "bouquet install orange --root /image");
    let restored = Install {
        restore: Some("/root/a.db".into()),
        token: Some("t.1".to_owned()),
        ..install(None)
    };
    assert_eq!(restored.line(""), "bouquet install orange --restore /root/a.db --token t.1");
    // The command line takes the two one after the other alone.
    let etcd = "bouquet install orange --no-start --etcd DIR";
    assert_eq!(restored.line("--etcd DIR"), etcd);
}
