use super::*;

#[test]
fn no_two_files_import_each_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/outdir");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() || path.ends_with("mod.rs") {
            continue;
        }
        let text = text(&path);
        let imports = text.lines().filter_map(|line| line.strip_prefix("use super::"));
        let name = |import: &str| import.split([':', ';']).next().unwrap().to_owned();
        let imports: Vec<_> = imports.map(name).collect();
        assert!(!imports.iter().any(|name| name.starts_with('{')), "{imports:?}");
        files.insert(path.file_stem().unwrap().to_str().unwrap().to_owned(), imports);
    }
    assert!(files.len() > 20, "{files:?}");
    // What imports nothing that is left can be built next.
    while let Some(next) = files
        .iter()
        .find(|(_, imports)| !imports.iter().any(|import| files.contains_key(import)))
        .map(|(name, _)| name.clone())
    {
        files.remove(&next);
    }
    assert!(files.is_empty(), "these import each other, in one way or another: {files:#?}");
}
