//! Members that were not restored as the others were.

use super::{Site, Spec, aside, fails, have_the_same, on_each, restore, status};
use serde_json::Value;
use std::thread::sleep;
use std::time::Duration;

pub(super) const ALL: [(&str, u8); 3] = [("camellia", 1), ("orange", 2), ("pink", 3)];

/// Each by the lines that are printed for its node.
#[test]
fn members_that_are_restored_from_a_file_each_form_no_cluster_and_nothing_is_lost() {
    on_each(a_file_each);
    on_each(a_token_each);
}

fn a_file_each(release: &str) {
    let mut site = Site::start(&Spec::of(release));
    for (name, _) in ALL {
        site.types(&format!("bouquet etcdctl -- put {name} 1; bouquet snapshot {name}.db"));
    }
    let blocks = ALL.map(|(name, _)| blocks(&mut site, name, &format!("{name}.db"), ""));
    on_nodes(&mut site, &ALL.map(|(name, _)| format!("{name}.db")), &blocks);
    forms_no_cluster(&mut site);
}

/// From one file, and each as a restore of its own.
fn a_token_each(release: &str) {
    let mut site = Site::start(&Spec::of(release));
    site.types("for name in camellia orange pink; do bouquet etcdctl -- put $name 1; done");
    site.types("bouquet snapshot all.db");
    let blocks = ALL.map(|(name, _)| {
        site.types("sleep 1");
        blocks(&mut site, name, "all.db", "")
    });
    on_nodes(&mut site, &ALL.map(|_| "all.db".to_owned()), &blocks);
    forms_no_cluster(&mut site);
}

/// From one file, with the token that was printed for the first.
#[test]
fn members_that_are_restored_by_the_lines_for_each_node_are_one_cluster() {
    on_each(|release| {
        let spec = Spec::of(release);
        let mut site = Site::start(&spec);
        site.types(
            "bouquet etcdctl -- put kept 1; bouquet snapshot all.db; bouquet etcdctl -- put lost 1",
        );
        let said = site.types("bouquet restore all.db camellia");
        let (_, token) = said.rsplit_once(" --token ").expect("the line for the others");
        let token = token.trim().trim_end_matches('`').to_owned();
        let given = format!("--token {token}");
        // What is done once is printed once, and has all that is done besides.
        let record = format!("    bouquet done --restored all.db {given} &&\n");
        let once = ["stop the clients\n", &record, "start the clients\n"];
        assert!(once.iter().all(|words| said.contains(words)), "{said}");
        let later = site.types(&format!("bouquet restore all.db camellia {given}"));
        assert!(!once.iter().any(|words| later.contains(words)), "{later}");
        let blocks = ALL.map(|(name, _)| blocks(&mut site, name, "all.db", &given));
        on_nodes(&mut site, &ALL.map(|_| "all.db".to_owned()), &blocks);
        site.types("until bouquet etcdctl -- endpoint health; do sleep 0.3; done");
        site.types(record.trim().trim_end_matches('&'));
        let said = site.types("bouquet etcdctl -- get kept; bouquet etcdctl -- get lost");
        assert_eq!(said, "kept\n1\n");
        have_the_same(&site);
        site.build(&spec);
        assert_eq!(status(&mut site)["exit"], 0);
        // Where no unit starts members, a person does.
        site.build(&Spec { cluster: "formats = [\"command\"]\n".to_owned(), ..spec });
        let said = site.types("bouquet restore all.db pink");
        assert!(
            said.contains("    # stop etcd\n") && !said.contains("systemctl stop etcd"),
            "{said}"
        );
    });
}

/// Brings each its file, and does the blocks on the nodes, each on all before the next.
fn on_nodes(site: &mut Site, files: &[String; 3], blocks: &[Vec<String>; 3]) {
    for part in 0..3 {
        for (((name, last), file), blocks) in ALL.iter().zip(files).zip(blocks) {
            let address = site.address(*last);
            if part == 0 {
                site.types(&format!("scp {file} root@{address}:/root/restore-{name}.db"));
            }
            std::fs::write(site.path("block"), &blocks[part]).expect("a file");
            site.types(&format!("ssh -n root@{address} \"$(cat block)\""));
        }
    }
}

/// Nobody takes a write, and what was set aside is whole: back in its place, all that was acknowledged is there.
fn forms_no_cluster(site: &mut Site) {
    sleep(Duration::from_secs(6));
    fails(site, "bouquet etcdctl -- put any 1", "");
    let told = status(site);
    assert_eq!(told["exit"], 3, "{told:#}");
    for (name, _) in ALL {
        assert_eq!(state(&told, name), "silent", "{told:#}");
    }
    back(site, &ALL);
    for (name, _) in ALL {
        let (_, said) = site.client_says("root", &["get", name]);
        assert_eq!(said, format!("{name}\n1\n"));
    }
    have_the_same(site);
    assert_eq!(status(site)["exit"], 0);
}

/// The three blocks that are printed for the node of one member.
pub(super) fn blocks(site: &mut Site, member: &str, file: &str, token: &str) -> Vec<String> {
    let said = site.types(&format!("bouquet restore {file} {member} {token}"));
    let lines = said.lines().skip_while(|line| !line.starts_with(&format!("on {member}")));
    let (mut blocks, mut is_on_node) = (Vec::<String>::new(), false);
    for line in lines {
        if line.starts_with("on ") {
            blocks.push(String::new());
        }
        is_on_node = line.starts_with("on ") || (is_on_node && !line.starts_with("once, "));
        if let (Some(block), true) = (blocks.last_mut(), is_on_node && line.starts_with("  ")) {
            block.extend([line, "\n"]);
        }
    }
    assert_eq!(blocks.len(), 3, "{said}");
    blocks
}

/// Moves the data of before back, on these, and starts them: the undo of the steps.
pub(super) fn back(site: &mut Site, members: &[(&str, u8)]) {
    let each = |site: &mut Site, line: &dyn Fn(&str, &str) -> String| {
        for (name, last) in members {
            let (address, from) = (site.address(*last), aside(site, name));
            let line = line(name, &from);
            site.types(&format!("ssh -n root@{address} '{line}'"));
        }
    };
    each(site, &|_, _| "systemctl stop etcd".to_owned());
    each(site, &|name, from| {
        let data = format!("/data/etcd/{name}/member");
        format!("mv -T {data} {data}.new; mv -T {from} {data}; systemctl start --no-block etcd")
    });
    if members.len() == 3 {
        site.types("until bouquet etcdctl -- endpoint health; do sleep 0.3; done");
    }
}

/// With the data of before the restore, of a cluster that is no more.
#[test]
fn a_member_with_the_data_of_before_cannot_join_the_restored_cluster() {
    on_each(an_old_member);
}

fn an_old_member(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.types(
        "bouquet etcdctl -- put kept 1; bouquet snapshot kept.db; bouquet etcdctl -- put lost 1",
    );
    let before = site.cluster_ids()[0];
    restore(&mut site, "kept.db");
    site.build(&spec);
    let after = site.cluster_ids()[0];
    back(&mut site, &ALL[2..]);
    sleep(Duration::from_secs(5));
    let told = status(&mut site);
    let (up, exit) = (told["voters_up"].as_u64(), told["exit"].as_u64());
    assert_eq!((up, exit), (Some(2), Some(1)), "{told:#}");
    assert_eq!(state(&told, "pink"), "silent", "{told:#}");
    let log = std::fs::read_to_string(site.on_machine("pink", "/state/log")).expect("a log");
    assert!(log.contains("cluster ID mismatch"), "{before:x} {after:x}");
    // The two others are one cluster, which takes writes, and what the old one had is not in it.
    site.types("bouquet etcdctl orange -- put own 1");
    let said = site.types("bouquet etcdctl orange -- get lost");
    assert_eq!(said, "");
    // With the new data in its place it is one of them again.
    let address = site.address(3);
    site.types(&format!(
        "ssh -n root@{address} 'systemctl stop etcd; cd /data/etcd/pink; mv -T member member.old; \
         mv -T member.new member; systemctl start --no-block etcd'\n\
         until bouquet etcdctl -- endpoint health; do sleep 0.3; done"
    ));
    have_the_same(&site);
    assert_eq!(status(&mut site)["exit"], 0);
}

fn state<'a>(told: &'a Value, name: &str) -> &'a str {
    let mut members = told["members"].as_array().expect("a list").iter();
    let member = members.find(|member| member["name"] == name).expect("a member");
    member["state"].as_str().expect("a word")
}
