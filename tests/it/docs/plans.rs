//! Plans that pages show: each is what the program prints for an edit of this repository's `cluster.toml`.

use super::page::Page;
use super::{root, writes};
use crate::support::program::{Around, ask};
use crate::support::recorded::{issued, recorded};
use bouquet_build::prove;
use bouquet_model::artifact::{DEFINITION, GENERATED};
use std::io;
use std::path::Path;

/// The word behind `text plan`, what is recorded, and what is built, each as an edit of that file.
const PLANS: &[(&str, Edit, Edit)] = &[
    ("option", |spec| spec.replace("\"10h\"", "\"1h\""), str::to_owned),
    ("member", str::to_owned, |spec| spec.to_owned() + CAMELLIA),
    ("removal", |spec| spec.to_owned() + CAMELLIA, str::to_owned),
    ("upgrade", str::to_owned, |spec| spec.replace("\"3.5\"", "\"3.6\"")),
];

type Edit = fn(&str) -> String;

const CAMELLIA: &str = "
[[member]]
name = \"camellia\"
ip = \"192.168.65.100\"
state = \"existing\"
";

#[test]
fn plans_are_shown_as_the_program_prints_them() {
    let mut wrong = Vec::new();
    for path in ["docs/guide.md", "docs/commands.md"] {
        let mut page = Page::read(path);
        let mut shown = Vec::new();
        for block in page.blocks() {
            let Some(word) = block.info.strip_prefix("text plan ") else { continue };
            let plan = PLANS.iter().find(|(name, ..)| *name == word);
            let &(_, before, after) = plan.unwrap_or_else(|| panic!("{path}: no plan `{word}`"));
            let printed = printed(before, after);
            // The guide shows the table alone.
            let text = if path == "docs/guide.md" { table(&printed) } else { printed };
            shown.push((block.range.clone(), block.text.to_owned(), text));
        }
        assert!(!shown.is_empty(), "{path} shows no plan");
        if writes() {
            for (range, _, text) in shown.iter().rev() {
                page.text.replace_range(range.clone(), text);
            }
            page.write();
        }
        let differ = shown.into_iter().filter(|(_, is, printed)| is != printed);
        wrong.extend(differ.map(|(_, is, printed)| format!("{path}\n{is}--- printed\n{printed}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The table of the steps.
fn table(plan: &str) -> String {
    let part = plan.split("\n\n").find(|part| part.contains("WAITS FOR"));
    part.expect("a table").trim_end().to_owned() + "\n"
}

fn printed(before: Edit, after: Edit) -> String {
    let spec = std::fs::read_to_string(root().join("cluster.toml")).unwrap();
    let built = |spec: &str| prove(spec.as_bytes()).0.expect("a cluster").cluster;
    let (was, is) = (built(&before(&spec)), built(&after(&spec)));
    let lock = recorded(&was, &issued(&was));
    let manifest = format!("# {GENERATED}\n# {DEFINITION}{}\n", is.digest);
    let read = |path: &Path| match path.to_str() {
        Some("/home/you/bouquet/cluster.toml") => Ok(Vec::new()),
        Some("/home/you/bouquet/cluster.lock") => Ok(lock.clone().into_bytes()),
        Some("/home/you/bouquet/out/manifest") => Ok(manifest.clone().into_bytes()),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    let around = Around {
        now: 0,
        folder: Path::new("/home/you/bouquet"),
        variable: &|_| None,
        read: &read,
        // Each folder of `out/` has keys.
        list: &|folder| Ok(vec![folder.join("server.key")]),
    };
    let outcome = ask(&is, &issued(&is), &["plan", "--offline"], &around);
    assert_eq!((outcome.stderr.as_str(), outcome.exit.code()), ("", 2));
    plain(&outcome.stdout)
}

/// Without colours.
fn plain(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.filter_map(|part| part.split_once('m').map(|(_, rest)| rest));
    first + &rest.collect::<String>()
}
