//! The structure of the code: which file may know which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

/// A module's path within its crate; the root's is empty.
type Module = Vec<String>;

/// Which files of a crate use something of which others, by the modules that they hold.
type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// A parent and its child count too: what both need belongs into a file below both.
#[test]
fn no_two_files_import_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cycles = Vec::new();
    for folder in fs::read_dir(root.join("crates")).unwrap() {
        let source = folder.unwrap().path().join("src");
        for cycle in cycles_of(&graph(&source)) {
            let files = cycle.iter().map(|module| module.join("::")).collect::<Vec<_>>();
            cycles.push(format!("{}: {}", source.display(), files.join(", ")));
        }
    }
    assert!(cycles.is_empty(), "these files import each other:\n{}", cycles.join("\n"));
}

#[test]
fn cycles_are_found_through_parents_and_paths() {
    let crate_ = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = crate_.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("lib.rs", "mod a; mod b; mod c; #[cfg(test)] mod tests; pub use a::A;");
    write("a/mod.rs", "mod inner; pub struct A; pub use inner::B;");
    write("a/inner.rs", "use super::A; pub struct B(A);");
    write("b.rs", "pub fn b() { crate::c::c() }");
    write("c.rs", "use crate::b; pub fn c() { b::b() } #[cfg(test)] mod t { use crate::a::A; }");
    write("tests.rs", "use crate::b;");
    let module = |path: &[&str]| path.iter().map(ToString::to_string).collect::<Module>();
    assert_eq!(
        cycles_of(&graph(crate_.path())),
        [vec![module(&["a"]), module(&["a", "inner"])], vec![module(&["b"]), module(&["c"])]]
    );
}

/// A package of one's own has a program of its own name: advice, units and alerts say that one. Help pages are read as
/// they are printed, by the tests of `operate`.
#[test]
fn one_place_says_what_the_program_is_called() {
    let mut named = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().filter(|line| names_the_program(line));
        named.extend(lines.map(|line| format!("{}: {}", path.display(), line.trim())));
    }
    assert_eq!(named.len(), 1, "{}", named.join("\n"));
    assert!(named[0].contains("const PROGRAM: &'static str ="), "{}", named[0]);
}

/// What is to be typed has the program's name before the command: only then it can be pasted. Help pages have it in their
/// first line.
#[test]
fn no_line_that_is_to_be_typed_lacks_the_name_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/operate/src/cli");
    let commands = commands();
    let mut lines = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.starts_with(&root)) {
        let found = lines_without_a_program(&text, &commands);
        lines.extend(found.into_iter().map(|line| format!("{}: {line}", path.display())));
    }
    assert!(lines.is_empty(), "these lack the program's name:\n{}", lines.join("\n"));
}

#[test]
fn lines_that_are_to_be_typed_are_told_from_names_of_commands() {
    let commands = commands();
    let found = |text: &str| lines_without_a_program(text, &commands).len();
    for text in [
        "\"restored: `done --restored`, build\"",
        "\"pipe it: `snapshot - | age -R team.keys`\"",
        "\"then \\\n    `done NAME`\"",
        "\"look first: `status`\"",
        "\"bring them: `secrets import`\"",
        ".help(\"`status` says what is wrong\")",
        ".help(format!(\n    \"`install` of {name} does it\"))",
    ] {
        assert_eq!(found(text), 1, "{text}");
    }
    for text in [
        "\"`{} done --restored`\"",
        "\"another `apply` runs\"",
        "\"a file that `secrets export` wrote\"",
        "\"another name: `certs` takes both\"",
        "\"`etcdctl member remove ID`\"",
        "\"`install -d -m 0700 {out}`\"",
        "\"`diff {place} {out}/{COPY}` shows it\"",
    ] {
        assert_eq!(found(text), 0, "{text}");
    }
}

/// Returns the text of each file of the crates, without what is for tests alone, and without comments.
fn sources() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(crates).unwrap().map(|folder| folder.unwrap().path().join("src")).collect();
    let mut all = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_test = path.file_stem().is_some_and(|name| name == "tests");
            if path.is_dir() && !is_test {
                folders.push(path.clone());
            }
            if is_test || path.is_dir() {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let text = lines.flat_map(|line| [line, "\n"]).collect();
            all.push((path, text));
        }
    }
    all
}

/// Returns the commands of the program, as they are declared; without `etcdctl`, which is typed without the program, too.
fn commands() -> Vec<String> {
    let verbs = include_str!("../../crates/operate/src/cli/verbs.rs");
    let words =
        verbs.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" => "));
    let words: Vec<String> = words.map(|(word, _)| word.to_owned()).collect();
    assert!(words.len() > 15 && words.iter().any(|word| word == "install"), "{words:?}");
    words.into_iter().filter(|word| word != "etcdctl").collect()
}

/// Returns what is in backquotes, begins with a command of the program, and is to be typed: a command with what it takes, or
/// one between a colon and the end of the sentence, or with which a help begins.
fn lines_without_a_program(text: &str, commands: &[String]) -> Vec<String> {
    // Programs of the system have such names, too, and a line of etcd's log begins so.
    const OTHERS: [&str; 6] = [
        "install -d ",
        "install -D ",
        "install -m ",
        "diff {place} ",
        "man {}",
        "apply request took too long",
    ];
    let continued = text.split("\\\n").map(str::trim_start).collect::<String>();
    let lines = continued.match_indices('`').filter_map(|(at, _)| {
        let (before, line) = (&continued[..at], &continued[at + 1..]);
        let (line, after) = line.split_once('`')?;
        let rest = commands.iter().find_map(|command| line.strip_prefix(command.as_str()))?;
        let is_name = rest.is_empty() || ["secrets import", "secrets export"].contains(&line);
        let before = before.trim_end().trim_end_matches('"').trim_end();
        let before = before.strip_suffix("format!(").unwrap_or(before).trim_end();
        let ends = after.starts_with(['"', ',', ';', '.', ')']);
        let is_typed = before.ends_with(':') && ends || before.ends_with(".help(");
        let is_others = OTHERS.iter().any(|other| line.starts_with(other));
        let is_line = rest.starts_with(' ') && !is_name || is_name && is_typed;
        (is_line && !is_others).then(|| line.to_owned())
    });
    lines.collect()
}

#[test]
fn the_name_of_the_program_is_told_from_other_names() {
    for line in ["`bouquet plan`", "ExecStart=/usr/local/bin/bouquet snapshot", "\"bouquet\""] {
        assert!(names_the_program(line), "{line}");
    }
    for line in
        ["bouquet_model::Cluster", "/run/bouquet-install.lock", ".bouquet ", "--path ../bouquet`"]
    {
        assert!(!names_the_program(line), "{line}");
    }
}

/// Whether a line has the program's name as a word of its own: not as a part of another name, or of a path.
fn names_the_program(line: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    line.match_indices("bouquet").any(|(at, name)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let begins = !before.ends_with(is_part) && !before.ends_with("../");
        begins && !after.starts_with(|c| is_part(c) || c == '/')
    })
}

/// The table of what etcd checks leads to the file that holds it, also after that was renamed.
#[test]
fn the_rules_that_the_documentation_names_are_there() {
    let relations = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/build/src/check/relations");
    let rooms: BTreeSet<String> = fs::read_dir(&relations)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let text = fs::read_to_string(relations.join("etcd.md")).unwrap();
    let listed = text.lines().filter_map(|line| {
        let (room, question) = line.strip_prefix("| `")?.split_once("` | ")?;
        question.ends_with("? |").then(|| room.to_owned())
    });
    assert_eq!(listed.collect::<BTreeSet<_>>(), rooms);

    let quoted = text.split('`').skip(1).step_by(2);
    let rules = quoted.filter_map(|path| path.split_once("::"));
    let rules: Vec<_> = rules.filter(|(room, _)| *room != "bouquet_model").collect();
    let is_there =
        |(room, rule): &&(&str, &str)| relations.join(room).join(format!("{rule}.rs")).is_file();
    let gone: Vec<_> = rules.iter().filter(|rule| !is_there(rule)).collect();
    assert!(!rules.is_empty() && gone.is_empty(), "etcd.md names what is not there: {gone:?}");
}

/// Reads all files of a crate but those that are for tests alone.
fn graph(source: &Path) -> Graph {
    let mut files = BTreeMap::new();
    read(source, &source.join("lib.rs"), Vec::new(), &mut files);
    let modules: BTreeSet<Module> = files.keys().cloned().collect();
    let mut graph = Graph::new();
    for (module, file) in &files {
        let mut uses = Uses { modules: &modules, module, used: BTreeSet::new() };
        uses.visit_file(file);
        uses.used.remove(module);
        graph.insert(module.clone(), uses.used);
    }
    graph
}

/// Reads a file and those of the modules that it declares.
fn read(folder: &Path, path: &Path, module: Module, files: &mut BTreeMap<Module, syn::File>) {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for item in &file.items {
        let Item::Mod(ItemMod { ident, content: None, attrs, .. }) = item else { continue };
        if is_for_tests(attrs) {
            continue;
        }
        let name = ident.to_string();
        let inside = folder.join(&name);
        let found: Option<PathBuf> = [folder.join(format!("{name}.rs")), inside.join("mod.rs")]
            .into_iter()
            .find(|p| p.is_file());
        let found = found.unwrap_or_else(|| panic!("{name} of {} has no file", path.display()));
        let child = module.iter().cloned().chain([name]).collect();
        read(&inside, &found, child, files);
    }
    files.insert(module, file);
}

/// `#[cfg(test)]`, alone or among other conditions.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let mut tests = false;
        let cfg = attribute.path().is_ident("cfg");
        let _ = attribute.parse_nested_meta(|meta| {
            tests |= meta.path.is_ident("test");
            Ok(())
        });
        cfg && tests
    })
}

/// Collects what a file names of its own crate.
struct Uses<'a> {
    modules: &'a BTreeSet<Module>,
    module: &'a Module,
    used: BTreeSet<Module>,
}

impl Uses<'_> {
    /// Notes the file that a path leads into: that of the longest module in it.
    fn note(&mut self, path: &[String]) {
        let mut at = match path.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self" | "super") => self.module.clone(),
            Some(name) => {
                let mut child = self.module.clone();
                child.push(name.to_owned());
                if !self.modules.contains(&child) {
                    return;
                }
                self.module.clone()
            }
            None => return,
        };
        for name in path {
            match name.as_str() {
                "crate" | "self" => {}
                "super" => drop(at.pop()),
                name => {
                    at.push(name.to_owned());
                    if !self.modules.contains(&at) {
                        at.pop();
                        break;
                    }
                }
            }
        }
        self.used.insert(at);
    }

    fn note_tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| {
            let mut path = before.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            UseTree::Path(path) => self.note_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.note(&with(&name.ident)),
            UseTree::Rename(name) => self.note(&with(&name.ident)),
            UseTree::Glob(_) => self.note(before),
            UseTree::Group(group) => group.items.iter().for_each(|t| self.note_tree(before, t)),
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    /// `pub(in crate::spec)` says who may use something, and uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.note_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
            self.note(&names);
        }
        visit::visit_path(self, path);
    }
}

/// The groups of files each of which leads to all others of its group.
fn cycles_of(graph: &Graph) -> Vec<Vec<Module>> {
    let reach = |from: &Module| {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&Module> = graph[from].iter().collect();
        while let Some(module) = next.pop() {
            if reached.insert(module.clone()) {
                next.extend(&graph[module]);
            }
        }
        reached
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> =
        graph.keys().map(|module| (module, reach(module))).collect();
    let mut cycles = BTreeSet::new();
    for module in graph.keys().filter(|module| reached[*module].contains(*module)) {
        let group = reached[module].iter().filter(|other| reached[*other].contains(module));
        cycles.insert(group.cloned().collect::<Vec<_>>());
    }
    cycles.into_iter().collect()
}
