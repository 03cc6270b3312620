//! What is no snapshot, or could be worth less than the one before.

use super::{ends, fails, json};
use crate::real_etcd::site::{Site, Spec};
use crate::support::node::is_root;
use crate::support::releases::releases;
use std::fs;

#[test]
fn what_could_be_worth_less_than_the_snapshot_before_is_refused() {
    let release = releases().pop().expect("a release");
    let mut site = Site::start(&Spec::of(&release));
    site.types("mkdir backups; bouquet snapshot backups; bouquet snapshot whole.db");
    // What is there, and is no snapshot, stays.
    site.types("echo mine >notes.txt");
    fails(&mut site, "bouquet snapshot notes.txt", "is no snapshot");
    assert_eq!(fs::read_to_string(site.path("notes.txt")).expect("a file"), "mine\n");
    fails(&mut site, "bouquet snapshot nowhere/at/all.db", "there is no such folder");
    fails(&mut site, "bouquet snapshot nowhere/", "there is no folder `nowhere/`");
    taken_over(&mut site);
    damaged(&mut site);
    let said = ends(&mut site, "bouquet restore whole.db tulip", 64);
    assert!(said.contains("`tulip` is not a member"), "{said}");
    let lines = site.types("bouquet restore whole.db orange");
    assert!(lines.contains(" snapshot restore /root/restore-orange.db "), "{lines}");
    // A cluster that went back.
    site.types("cd backups; mv *.db $(ls *.db | sed s/-r[0-9]*-/-r999999-/)");
    fails(&mut site, "bouquet snapshot backups", "the cluster went back");
    let said = site.types("bouquet snapshot backups --force --keep 1 --textfile last.prom");
    assert!(said.contains(".doubtful.db in ") && said.contains(", IN DOUBT"), "{said}");
    assert!(!said.contains("removed") && !site.path("last.prom").exists(), "{said}");
    // Two of three are stopped: the third gives a snapshot all the same.
    for last in [1, 2] {
        let address = site.address(last);
        site.types(&format!("ssh root@{address} systemctl stop etcd"));
    }
    fails(&mut site, "bouquet snapshot late.db --deadline 1s", "NO QUORUM");
    assert!(!site.path("late.db").exists() && !site.path(".late.db.partial").exists());
    let saved = json(&mut site, "bouquet snapshot late.db --deadline 1s --force");
    let warnings = saved["warnings"].as_array().expect("a list");
    assert!(
        matches!(&warnings[..], [one] if one.as_str().is_some_and(|it| it.contains("NO QUORUM"))),
        "{saved}"
    );
    site.tool("snapshot status late.db -w json");
}

/// A partial file that another account made, and has open.
fn taken_over(site: &mut Site) {
    if !is_root() {
        return;
    }
    site.types("mkdir shared; : >shared/.a.db.partial; chown nobody shared/.a.db.partial");
    site.types("exec 3<shared/.a.db.partial; bouquet snapshot shared/a.db; cat <&3 >theirs");
    assert_eq!(fs::read(site.path("theirs")).expect("a file"), b"");
    assert_eq!(site.types("stat -c '%u %a' shared/a.db; ls -A shared"), "0 600\na.db\n");
}

/// It is told before anything is stopped.
fn damaged(site: &mut Site) {
    let length = fs::metadata(site.path("whole.db")).expect("a file").len();
    let in_checksum = length - 7;
    let cut = length - 32;
    site.types(&format!(
        "head -c 12000 whole.db >cut.db; head -c {cut} whole.db >bare.db; : >empty.db"
    ));
    for file in ["cut.db", "bare.db", "empty.db", "notes.txt"] {
        fails(site, &format!("bouquet restore {file}"), "has no checksum at its end");
    }
    // Both first pages, some page behind them, and the checksum itself.
    for place in [0, 60, 4096 + 20, 9000, cut / 2, cut - 1, in_checksum, length - 1] {
        let mut bytes = fs::read(site.path("whole.db")).expect("a file");
        bytes[usize::try_from(place).expect("a place")] ^= 0x10;
        fs::write(site.path("flipped.db"), bytes).expect("a file");
        fails(site, "bouquet restore flipped.db", "its checksum does not match");
    }
    // One byte more is no multiple of a page either.
    site.types("cp whole.db longer.db; printf x >>longer.db");
    fails(site, "bouquet restore longer.db", "has no checksum at its end");
    // Nobody is at the other end of the pipe, and nobody is waited for.
    site.types("mkdir folder; mkfifo pipe");
    for line in
        ["restore folder", "restore nowhere.db", "restore pipe", "done --restored pipe --token any"]
    {
        fails(site, &format!("timeout 20 bouquet {line}"), "cannot read `");
    }
    fails(site, "timeout 20 bouquet snapshot pipe", "it is not a regular file");
    fails(site, "bouquet done --restored flipped.db --token any", "its checksum does not match");
}
