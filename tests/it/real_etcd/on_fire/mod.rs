//! `docs/on-fire.md`: each of its blocks is typed on a cluster that is in that state, and what it shows is what
//! the program prints then.

mod full_on_fire;
mod quorum;
mod scene;

use crate::docs::page::Page;
use std::collections::BTreeSet;

const PATH: &str = "docs/on-fire.md";

/// Every block of the page, by what stands behind its opening fence; each is in a test of these modules.
const BLOCKS: &[&str] = &[
    "text status quorum",
    "sh quorum-start",
    "sh quorum-save",
    "sh quorum-database",
    "text status nospace",
    "sh nospace",
    "text status expired",
    "sh expired",
    "sh expired-over",
    "text status member",
    "sh member-look",
    "sh disk",
    "sh replace-aside",
    "sh replace-remove",
    "sh replace-record",
    "sh differs",
    "sh unit-look",
    "text check unit",
    "sh unit",
    "sh restore-now",
    "sh restore-over",
    "text refused snapshot",
    "sh snapshot",
];

#[test]
fn every_block_of_the_page_is_typed_by_a_test() {
    let page = Page::read(PATH);
    let blocks: Vec<&str> = page.blocks().iter().map(|block| block.info).collect();
    assert_eq!(blocks, BLOCKS);
    let sources = concat!(
        include_str!("quorum.rs"),
        include_str!("full_on_fire/certificates.rs"),
        include_str!("full_on_fire/members.rs"),
        include_str!("full_on_fire/quorum.rs"),
        include_str!("full_on_fire/snapshots.rs"),
        include_str!("full_on_fire/space.rs"),
    );
    let typed = |block: &&&str| sources.contains(&format!("\"{block}\""));
    let missing: BTreeSet<_> = BLOCKS.iter().filter(|block| !typed(block)).collect();
    assert_eq!(missing, BTreeSet::new());
}
