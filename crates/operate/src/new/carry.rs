//! The edge: the files of a new package are written, all or none.

#![expect(clippy::disallowed_methods, reason = "the files' edge of a new package")]

use super::work::{File, New};
use bouquet_model::diagnostic::Diagnostic;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Makes a package. Nothing that is there already is written over.
///
/// # Errors
/// If a folder or a file cannot be made; then all that was made is removed.
pub(crate) fn carry(work: &New) -> Result<(), Diagnostic> {
    let mut made = Made::default();
    let result = made.folder(&work.folder);
    let result =
        result.and_then(|()| work.files.iter().try_for_each(|file| made.file(&work.folder, file)));
    if result.is_err() {
        made.undo();
    }
    result
}

/// What was made so far, in order.
#[derive(Default)]
struct Made {
    paths: Vec<PathBuf>,
}

impl Made {
    /// Makes a folder, and those that it is in.
    fn folder(&mut self, path: &Path) -> Result<(), Diagnostic> {
        let missing = path.ancestors().take_while(|folder| !folder.is_dir());
        let missing: Vec<&Path> = missing.collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(|error| failed(folder, &error))?;
            self.paths.push(folder.to_owned());
        }
        Ok(())
    }

    fn file(&mut self, folder: &Path, file: &File) -> Result<(), Diagnostic> {
        let path = folder.join(file.path);
        self.folder(path.parent().unwrap_or(folder))?;
        let mut open = fs::File::create_new(&path).map_err(|error| failed(&path, &error))?;
        self.paths.push(path.clone());
        open.write_all(file.text.as_bytes()).map_err(|error| failed(&path, &error))
    }

    /// Removes it again, the last first. A folder in which something else is by now stays.
    fn undo(self) {
        for path in self.paths.iter().rev() {
            let _ = if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) };
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("`{}` cannot be made: {error}", path.display()))
        .note("nothing of the package was left behind")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(folder: PathBuf, paths: &[&'static str]) -> New {
        let file = |path: &&'static str| File { path, text: format!("of {path}\n") };
        New { folder, files: paths.iter().map(file).collect(), told: String::new() }
    }

    fn entries(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn folders_are_made_down_to_the_last() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a/b");
        carry(&new(folder.clone(), &["src/main.rs", "Cargo.toml"])).unwrap();
        assert_eq!(fs::read(folder.join("src/main.rs")).unwrap(), b"of src/main.rs\n");
        assert_eq!(fs::read(folder.join("Cargo.toml")).unwrap(), b"of Cargo.toml\n");
    }

    /// The third file would lie in the second one.
    #[test]
    fn nothing_is_left_of_what_failed_in_the_middle() {
        let broken = ["src/main.rs", "src/lib.rs", "src/lib.rs/x", "Cargo.toml"];
        let home = tempfile::tempdir().unwrap();
        let problem = carry(&new(home.path().join("a/b"), &broken)).unwrap_err();
        assert!(problem.message.contains("src/lib.rs` cannot be made"), "{problem}");
        assert_eq!(entries(home.path()), Vec::<PathBuf>::new());

        // What was there before stays.
        let there = home.path().join("there");
        fs::create_dir_all(there.join(".git")).unwrap();
        assert!(carry(&new(there.clone(), &broken)).is_err());
        assert_eq!(entries(&there), [there.join(".git")]);
    }

    #[test]
    fn a_file_that_came_meanwhile_is_not_written_over() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("Cargo.toml"), "mine").unwrap();
        assert!(carry(&new(home.path().to_owned(), &["build.rs", "Cargo.toml"])).is_err());
        assert_eq!(fs::read(home.path().join("Cargo.toml")).unwrap(), b"mine");
        assert!(!home.path().join("build.rs").exists());
    }
}
