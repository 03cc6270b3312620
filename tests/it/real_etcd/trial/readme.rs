//! The README shows what a trial says.

use super::program::Place;
use crate::support::releases::releases;
use std::fs;
use std::path::Path;

#[test]
fn the_readme_shows_what_a_trial_says() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).expect("a page");
    let (_, shown) = readme.split_once("```text try\n$ cargo run -- try\n...\n").expect("a block");
    let (shown, _) = shown.split_once("```").expect("a block that ends");

    let place = Place::new();
    let started = place.started(&[]);
    started.says("leaves nothing behind.\n");
    started.signal("INT");
    let (_, said) = started.ends();
    let said = said.replace(&place.temporary.path().display().to_string(), "/tmp");
    let said = said.replace(&format!("etcd {},", releases()[0]), "etcd 3.5.33,");
    let begin = said.find("etcd-cluster-1 is healthy: ").expect("a block");
    let end =
        said.find("leaves nothing behind.\n").expect("its end") + "leaves nothing behind.\n".len();
    assert_eq!(plain(&said[begin..end]), plain(shown));
}

/// Without what differs from one trial to the next: ports, the folder's name, seconds.
fn plain(text: &str) -> String {
    let mut plain = text.to_owned();
    for (before, digits) in [("127.0.0.1:", "PORT"), ("bouquet-try-", "NAME"), (", after ", "TIME")]
    {
        let parts: Vec<&str> = plain.split(before).collect();
        let rest = parts[1..].iter().map(|part| {
            let end = part.find(|c: char| !c.is_ascii_hexdigit() && c != '.').unwrap_or(part.len());
            format!("{before}{digits}{}", &part[end..])
        });
        plain = parts[0].to_owned() + &rest.collect::<String>();
    }
    plain
}
