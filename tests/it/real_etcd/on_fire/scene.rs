//! This repository's cluster on machines that are folders, and the page whose blocks are typed there.

use super::PATH;
use crate::docs::compare::same;
use crate::docs::page::{Block, Page};
use crate::docs::writes;
use crate::real_etcd::site::{Site, Spec};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The members, with the last number of their addresses.
pub(super) const MEMBERS: [(&str, u8); 3] = [("daffodil", 103), ("pink", 102), ("orange", 101)];

/// How long the cluster may take to look as the page shows it: peers are missed after some seconds.
const PATIENCE: Duration = Duration::from_secs(40);

pub(super) struct Scene {
    pub(super) site: Site,
    /// What a client wrote that was acknowledged.
    pub(super) written: BTreeSet<u32>,
}

/// The spec of this repository, on a release.
pub(super) fn spec(release: &str) -> Spec {
    let spec = Spec { token: "etcd-cluster-1", ..Spec::of(release).members(&MEMBERS) };
    spec.with("[[client]]\nname = \"kube-apiserver\"\n")
}

impl Scene {
    /// The cluster, in which something was written.
    pub(super) fn start(release: &str) -> Self {
        Self::of(Site::start(&spec(release)))
    }

    /// A cluster that runs, in which something is written then.
    pub(super) fn of(mut site: Site) -> Self {
        let written = site.writes_for(Duration::from_secs(1));
        assert!(!written.is_empty(), "nothing was written");
        // All members know by then what was agreed on.
        sleep(Duration::from_secs(1));
        Self { site, written }
    }

    /// Types a block of the page; what it printed, in the words of the page.
    pub(super) fn types(&mut self, info: &str) -> String {
        let text = self.here(&block(&Page::read(PATH), info, |block| block.text.to_owned()));
        let said = self.site.types(&text);
        if text.contains("cargo build") {
            self.site.was_built();
        }
        self.page(&said)
    }

    /// Waits until a command prints what the block of the page shows below it.
    pub(super) fn shows(&mut self, info: &str) {
        let shown = block(&Page::read(PATH), info, |block| block.text.to_owned());
        let (command, shown) = shown.split_once('\n').expect("a command");
        let line = command.strip_prefix("$ ").expect("a command");
        let deadline = Instant::now() + PATIENCE;
        if writes() {
            sleep(Duration::from_secs(8));
        }
        loop {
            let printed = self.site.types(&format!("{line} || true"));
            let printed = self.page(&printed);
            if same(&plain(shown), &plain(&printed)) {
                return;
            }
            if writes() {
                return write(info, &format!("{command}\n{printed}"));
            }
            assert!(Instant::now() < deadline, "{info}: shown is\n{shown}\nprinted is\n{printed}");
            sleep(Duration::from_secs(1));
        }
    }

    /// All that was acknowledged is there, the members are those of the spec, and all is well.
    pub(super) fn is_over(&mut self) {
        let there = self.site.there();
        let lost: Vec<_> = self.written.difference(&there).collect();
        assert_eq!(lost, Vec::<&u32>::new());
        self.site.has_its_members();
        // A member that just came back is not connected to all others yet.
        let status = "for i in $(seq 20); do bouquet status >last && exit 0; sleep 1; done; cat last; exit 1";
        self.site.types(&format!("({status})"));
        let more = self.site.writes_for(Duration::from_secs(1));
        assert!(!more.is_empty(), "nothing can be written");
    }

    /// Carries out what `bouquet restore` prints for a file.
    pub(super) fn restores(&mut self, file: &str) {
        let printed = self.site.types(&format!("bouquet restore {file} --json"));
        let printed: serde_json::Value =
            serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{printed}"));
        self.site.follow(printed["steps"].as_array().expect("steps"));
    }

    /// Commands of the page, for this cluster: other addresses, and a data folder for each member.
    fn here(&self, text: &str) -> String {
        let mut here = String::new();
        let mut name = MEMBERS[0].0;
        let mut rest = text;
        while !rest.is_empty() {
            let member = MEMBERS.iter().find(|(_, last)| rest.starts_with(&page_address(*last)));
            if let Some((of, last)) = member {
                name = of;
                here += &self.site.address(*last).to_string();
                rest = &rest[page_address(*last).len()..];
            } else if let Some(after) = rest.strip_prefix("/data/etcd") {
                here.extend(["/data/etcd/", name]);
                rest = after;
            } else {
                let next = rest.chars().next().map_or(0, char::len_utf8);
                here += &rest[..next];
                rest = &rest[next..];
            }
        }
        here
    }

    /// What was printed, in the words of the page.
    fn page(&self, text: &str) -> String {
        let mut page = text.to_owned();
        for (name, last) in MEMBERS {
            page = page.replace(&self.site.address(last).to_string(), &page_address(last));
            page = page.replace(&format!("/data/etcd/{name}"), "/data/etcd");
        }
        let own = bouquet_build::prove(include_bytes!("../../../../cluster.toml")).0;
        let (own, here) = (own.and_then(|own| own.cluster.id), self.site.cluster().id);
        match own.zip(here) {
            Some((own, here)) => page.replace(&here.to_string(), &own.to_string()),
            None => page,
        }
    }
}

fn page_address(last: u8) -> String {
    format!("192.168.65.{last}")
}

/// Lines of a table without what differs from run to run: who leads, how much was written, which release.
fn plain(text: &str) -> String {
    // What is known of a release comes last.
    let text = text.split("warning: etcd ").next().unwrap_or_default();
    // Which members raise the alarm, or are nearly full, depends on their last writes.
    let text = MEMBERS.iter().fold(text.to_owned(), |text, (name, _)| {
        let text = text.replace(&format!("NOSPACE of {name}:"), "NOSPACE:");
        text.replace(&format!("the database of {name} is"), "the database is")
    });
    let text = text
        .replace("is at least as large", "is nearly as large")
        .replace(": beyond the", ": at the");
    let is_row =
        |line: &&str| MEMBERS.iter().any(|(name, _)| line.starts_with(&format!("{name} ")));
    let line = |line: &str| match Some(line).filter(is_row) {
        None => without_time(line) + "\n",
        Some(row) => {
            let mut plain = String::new();
            for c in row.chars() {
                let number = c.is_ascii_digit() || c == '.';
                if !number {
                    plain.push(c);
                } else if !plain.ends_with('0') {
                    plain.push('0');
                }
            }
            for (is, becomes) in
                [("leader", "voter"), ("KiB", "B"), ("MiB", "B"), ("GiB", "B"), ("0 B/", "0/")]
            {
                plain = plain.replace(is, becomes);
            }
            // Peers are told in the order of their IDs.
            if let Some((before, peers)) = plain.rsplit_once("  no ") {
                let mut peers: Vec<&str> = peers.split(", ").collect();
                peers.sort_unstable();
                plain = format!("{before}  no {}", peers.join(", "));
            }
            plain + "\n"
        }
    };
    let mut lines: Vec<String> = text.lines().map(line).collect();
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines.concat()
}

/// A line without how long ago a certificate expired.
fn without_time(line: &str) -> String {
    let line = line.replace("just now, on ", "a moment ago, on ");
    let words = ["expired ", "the first "];
    let begin = words.iter().filter_map(|word| Some(line.find(word)? + word.len())).max();
    match begin.zip(line.find(" ago, on ")) {
        Some((begin, end)) if begin < end => line[..begin].to_owned() + &line[end..],
        _ => line,
    }
}

/// A block of the page.
fn block<T>(page: &Page, info: &str, then: impl Fn(&Block<'_>) -> T) -> T {
    let blocks = page.blocks();
    let block = blocks.iter().find(|block| block.info == info);
    then(block.unwrap_or_else(|| panic!("{PATH} has no block `{info}`")))
}

/// Writes what was printed into the page; one after another.
fn write(info: &str, text: &str) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock();
    let mut page = Page::read(PATH);
    let range = block(&page, info, |block| block.range.clone());
    page.text.replace_range(range, text);
    page.write();
}
