//! Restores where more is at stake than that they work: under load, onto another cluster, with members that are
//! left out, alarms, users, folders that cannot be moved, and disks that are full.

mod again;
mod alarm;
mod apart;
mod chosen;
mod corrupt;
mod disk;
mod folders;
mod left_out;
mod load;
mod recorded;
mod releases;
mod users;

use super::super::site::{Site, Spec};
use super::{ends, fails, findings, json, restore, status, step};
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use serde_json::Value;
use std::fmt::Write as _;

/// Does this on each release, side by side, because each waits most of the time.
fn on_each(story: fn(&str)) {
    with_each(&releases(), |release| story(release));
}

/// What a member's data is called where it was set aside, on its machine; there is one.
fn aside(site: &Site, member: &str) -> String {
    let data = site.on_machine(member, &format!("/data/etcd/{member}"));
    let names = std::fs::read_dir(&data).expect("a folder").flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let mut aside: Vec<_> = names.filter(|name| name.starts_with("member.2")).collect();
    assert_eq!(aside.len(), 1, "{member}: {aside:?}");
    format!("/data/etcd/{member}/{}", aside.remove(0))
}

/// The commands of a step as a script that ends where one of them fails, without those with one of these words.
fn script(printed: &Value, action: &str, without: &[&str]) -> String {
    let commands = step(printed, action)["commands"].as_array().expect("commands").iter();
    let commands = commands.flat_map(|command| command.as_str().expect("a text").split(" &&\n"));
    let is_left = |command: &&str| !without.iter().any(|word| command.contains(word));
    commands.filter(is_left).fold(String::new(), |mut text, command| {
        let _ = writeln!(text, "{command}\n[ $? = 0 ] || exit 1");
        text
    })
}

/// All members have the same data, by etcd's own hash of it.
fn have_the_same(site: &Site) {
    let (ok, said) = site.client_says("root", &["endpoint", "hashkv"]);
    assert!(ok, "{said}");
    let hashes: Vec<_> = said.lines().filter_map(|line| line.split(", ").nth(1)).collect();
    assert!(hashes.len() == 3 && hashes.iter().all(|hash| *hash == hashes[0]), "{said}");
}
