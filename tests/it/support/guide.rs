//! The commands of `docs/guide.md`, by its sections.

use std::path::Path;

/// The two ways that the guide has for one thing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By `bouquet install`.
    Install,
    /// What is in a fold of that name.
    WithoutInstall,
}

/// What a fold begins with that has the way without `install`.
const WITHOUT_INSTALL: &str = "<details><summary>Without <code>install</code>";

/// Returns the `sh` blocks of a section, of one of the ways.
pub(crate) fn commands(heading: &str, way: Way) -> Vec<String> {
    blocks(&section(heading), "```sh", way)
}

/// Returns those of a section that run `bouquet install`.
pub(crate) fn installs(heading: &str) -> Vec<String> {
    let blocks = commands(heading, Way::Install).into_iter();
    blocks.filter(|block| block.contains("bouquet install ")).collect()
}

/// Returns what the first command of a section is shown to print.
pub(crate) fn printed(heading: &str) -> String {
    blocks(&section(heading), "```text", Way::Install).remove(0)
}

/// Returns the headings of all sections.
pub(crate) fn headings() -> Vec<String> {
    let guide = guide();
    let headings = guide.split("\n## ").skip(1).filter_map(|section| section.lines().next());
    headings.map(str::to_owned).collect()
}

fn section(heading: &str) -> String {
    let guide = guide();
    let section = guide.split("\n## ").find(|section| section.starts_with(heading));
    section.expect(heading).to_owned()
}

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
    std::fs::read_to_string(path).expect("the guide")
}

/// The blocks behind a fence, also of a list's items, which are indented.
fn blocks(section: &str, fence: &str, way: Way) -> Vec<String> {
    let (mut blocks, mut open) = (Vec::new(), None);
    let mut here = Way::Install;
    for line in section.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        match &mut open {
            None if text.starts_with(WITHOUT_INSTALL) => here = Way::WithoutInstall,
            None if text == "</details>" => here = Way::Install,
            None if text.starts_with("```") => {
                open = Some((text == fence && here == way, indent, String::new()));
            }
            Some((is_wanted, _, block)) if text == "```" => {
                blocks.extend(is_wanted.then(|| std::mem::take(block)));
                open = None;
            }
            Some((_, indent, block)) => {
                block.push_str(line.get(*indent..).unwrap_or_default());
                block.push('\n');
            }
            None => {}
        }
    }
    blocks
}
