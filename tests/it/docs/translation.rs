//! `README.zh.md` says what README.md does: the same commands with the same output, and of each kind as much. So what is run for
//! the one is true of the other.

use super::page::Page;

/// The parts of a page that are the same in every language.
fn skeleton(page: &Page) -> Vec<String> {
    let mut parts = Vec::new();
    let mut is_code = false;
    for line in page.text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        }
        let kind = match line {
            _ if is_code || line.starts_with("```") => line,
            // A title, a row of a table, an item of a list.
            _ if line.starts_with('#') => line.split(' ').next().unwrap_or_default(),
            _ if line.starts_with('|') => "|",
            _ if line.starts_with("- ") => "-",
            _ if line.starts_with(|c: char| c.is_ascii_digit()) => {
                line.split(' ').next().unwrap_or_default()
            }
            _ => continue,
        };
        parts.push(kind.to_owned());
    }
    parts
}

/// Where links lead, and what stands in code.
fn links_and_code(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let links = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = links.filter(|link| !link.starts_with("README"));
    let mut all: Vec<String> = links.map(str::to_owned).collect();
    all.extend(prose.split('`').skip(1).step_by(2).map(|code| code.replace('\n', " ")));
    all.sort_unstable();
    all
}

#[test]
fn the_chinese_readme_has_all_that_the_english_one_has() {
    let [english, chinese] = ["README.md", "README.zh.md"].map(Page::read);
    assert_eq!(skeleton(&chinese), skeleton(&english));
    assert_eq!(links_and_code(&chinese), links_and_code(&english));
}
