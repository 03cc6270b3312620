//! What a commit corrected or left, and a person should know.

use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// Says that others could read a key or enter its folder; they no longer can.
pub(super) fn too_open(path: &Path, was: u32, now: u32) -> Diagnostic {
    let shown = path.display();
    Diagnostic::warning(format!(
        "`{shown}` was open to others (mode {was:04o}); it is {now:04o} now"
    ))
    .help(new_ca(path).unwrap_or("if others use this machine, reissue what could be read"))
}

/// Says that everybody could put something into a folder; now its owner alone can.
pub(super) fn writable(folder: &Path, was: u32, now: u32) -> Diagnostic {
    let shown = folder.display();
    Diagnostic::warning(format!(
        "everybody could write into `{shown}` (mode {was:04o}); its mode is {now:04o} now"
    ))
    .help("if others use this machine, look for files in it that are not yours")
}

/// Says that a key's file had a further name (a hard link), which still has its content.
pub(super) fn linked(key: &Path) -> Diagnostic {
    let notice = Diagnostic::warning(format!(
        "`{}` had a second name; it is a file of its own now, but the other is still there",
        key.display()
    ));
    match new_ca(key) {
        Some(help) => notice.help(help),
        None => notice.help(format!(
            "find it by its content: `sudo find / -xdev -name '*.key' -exec cmp -s {} {{}} \\; -print`",
            quoted(key)
        )),
    }
}

/// Says that keys that nothing wants any more are left, with their certificates, in a member's or client's folder.
/// What can be removed is the whole folder, or some files where it holds others too.
pub(super) fn left(folder: &Path, remove: &[PathBuf]) -> Diagnostic {
    let help = if folder.ends_with("pki") {
        "leave it, or move it to a safe place: there is no other key of this CA".to_owned()
    } else if remove.iter().any(|path| path == folder) {
        format!("if it is not coming back: `rm -r {}`", quoted(folder))
    } else {
        let files: Vec<_> = remove.iter().map(|path| quoted(path)).collect();
        format!("if they are not coming back: `rm {}`", files.join(" "))
    };
    Diagnostic::warning(format!(
        "`{}` holds a private key that cluster.toml no longer wants; a build never removes a key",
        folder.display()
    ))
    .help(help)
}

fn new_ca(key: &Path) -> Option<&'static str> {
    key.ends_with("ca.key").then_some(
        "anyone who has the key of the CA can join the cluster: if others use this machine, make a \
         new CA",
    )
}

fn quoted(path: &Path) -> String {
    shell_word(&path.display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(notice: &Diagnostic) -> (&str, &str) {
        (&notice.message, &notice.help[0])
    }

    #[test]
    fn a_notice_names_the_path_and_what_to_do() {
        let [key, folder] = ["out/members/a b/peer.key", "out/members/pink"].map(Path::new);
        assert_eq!(
            texts(&too_open(key, 0o644, 0o600)),
            (
                "`out/members/a b/peer.key` was open to others (mode 0644); it is 0600 now",
                "if others use this machine, reissue what could be read"
            )
        );
        assert_eq!(
            texts(&writable(folder, 0o777, 0o755)),
            (
                "everybody could write into `out/members/pink` (mode 0777); its mode is 0755 now",
                "if others use this machine, look for files in it that are not yours"
            )
        );
        assert_eq!(
            texts(&linked(key)),
            (
                "`out/members/a b/peer.key` had a second name; it is a file of its own now, but the \
                 other is still there",
                "find it by its content: `sudo find / -xdev -name '*.key' -exec cmp -s \
                 'out/members/a b/peer.key' {} \\; -print`"
            )
        );
        let left_key = "`out/members/pink` holds a private key that cluster.toml no longer wants; a \
                        build never removes a key";
        assert_eq!(
            texts(&left(folder, &[folder.to_owned()])),
            (left_key, "if it is not coming back: `rm -r out/members/pink`")
        );
        assert_eq!(
            texts(&left(folder, &[key.to_owned(), folder.join("x.crt")])),
            (
                left_key,
                "if they are not coming back: `rm 'out/members/a b/peer.key' out/members/pink/x.crt`"
            )
        );
    }

    #[test]
    fn where_it_is_a_ca_the_advice_is_another() {
        let key = Path::new("out/pki/ca.key");
        for notice in [too_open(key, 0o644, 0o600), linked(key)] {
            assert_eq!(
                notice.help,
                [
                    "anyone who has the key of the CA can join the cluster: if others use this machine, \
                  make a new CA"
                ]
            );
        }
        let pki = left(Path::new("out/pki"), &[key.to_owned()]);
        let help = "leave it, or move it to a safe place: there is no other key of this CA";
        assert_eq!(pki.help, [help]);
    }
}
