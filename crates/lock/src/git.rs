//! A command of git on `cluster.lock`, as a person types it.

use bouquet_model::artifact::shell_word;
use std::path::Path;

/// Returns the command, such as `checkout`, with the file that it is about. Where the path has a folder, it is
/// right in every current directory; without one it is typed beside the file.
pub fn git(command: &str, place: &Path) -> String {
    typed(&format!("{command} "), place)
}

/// Returns the command that prints the file as it is in a commit. As [`git`], it is right in every directory.
pub(crate) fn show(commit: &str, place: &Path) -> String {
    typed(&format!("show {commit}:./"), place)
}

fn typed(command: &str, place: &Path) -> String {
    let name = place.file_name().unwrap_or_default().display().to_string();
    let name = shell_word(&name).into_owned();
    match place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => {
            let folder = folder.display().to_string();
            format!("git -C {} {command}{name}", shell_word(&folder))
        }
        None => format!("git {command}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_folder_is_named_by_that() {
        for (place, typed) in [
            ("cluster.lock", "git checkout cluster.lock"),
            ("/srv/flowers/cluster.lock", "git -C /srv/flowers checkout cluster.lock"),
            ("/srv/a b/cluster.lock", "git -C '/srv/a b' checkout cluster.lock"),
            ("/cluster.lock", "git -C / checkout cluster.lock"),
        ] {
            assert_eq!(git("checkout", Path::new(place)), typed);
        }
        let place = Path::new("/srv/a b/cluster.lock");
        assert_eq!(show("HEAD^2", place), "git -C '/srv/a b' show HEAD^2:./cluster.lock");
    }
}
