//! What the node's shells are told: texts for `sh`, and how they end.
//!
//! `ssh` hands one line to whichever shell the login has, be it one of POSIX, fish or csh: so each text is one line, in
//! single quotes, and has neither such a quote nor a backslash nor `!` in it. What varies are its arguments.

use crate::trial::{Told, told};
use bouquet_model::artifact::shell_word;

/// The codes with which the script ends; none of them is one of `install`'s own.
pub(super) const NO_PLACE: i32 = 70;
pub(super) const NO_EXECUTION: i32 = 71;
pub(super) const OTHER_MACHINE: i32 = 72;
pub(super) const NO_ROOM: i32 = 74;
pub(super) const NOT_WHOLE: i32 = 76;
pub(super) const NO_ROOT: i32 = 77;

/// Begins the line with the answer of [`LOOK`]: a login may print more.
const ANSWER: &str = "bouquet-look:";

/// Prints the processor, and who runs programs as root: the login itself, `sudo`, or nobody.
const LOOK: &str = "by=nobody; \
    if [ \"$(id -u)\" = 0 ]; then by=root; elif sudo -n sh -c : </dev/null; then by=sudo; fi; \
    echo bouquet-look: \"$(uname -m)\" \"$by\"";

/// Begins the line that names the etcd which [`FIND`] has found; behind it is what that told.
const FOUND: &str = "bouquet-etcd:";

/// Prints the first of its arguments that is a file, and what that program says of its version; nothing where none is.
const FIND: &str = "for file; do if [ -f \"$file\" ]; then echo bouquet-etcd: \"$file\"; \
    timeout 10 \"$file\" --version </dev/null 2>/dev/null; exit 0; fi; done";

/// Runs a text as root, with its name and its arguments.
const AS_ROOT: &str = "if [ \"$(id -u)\" = 0 ]; then exec sh -c \"$@\"; fi; \
    sudo -n sh -c : </dev/null || exit 77; \
    exec sudo -n sh -c \"$@\"";

/// Receives a program, and runs it. Arguments: its length, its SHA-256, the processor that it is for, its name, and its own
/// arguments.
///
/// No more of the stream may be read than the program, which `dd` promises and `head` does not. It is tried in each folder:
/// some are mounted so that nothing in them can be run.
const RUN: &str = "umask 077; length=$1 sum=$2 machine=$3 name=$4; shift 4; \
    [ \"$(uname -m)\" = \"$machine\" ] || exit 72; \
    folder= next=; gone() { rm -rf ${folder:+\"$folder\"} ${next:+\"$next\"}; }; \
    trap gone EXIT; trap \"exit 129\" HUP; trap \"exit 130\" INT; trap \"exit 143\" TERM; \
    for place in /run /tmp /var/tmp /root; do \
    next=$(mktemp -d \"$place/bouquet.XXXXXXXXXX\" 2>/dev/null) || { next=; continue; }; \
    if [ -z \"$folder\" ]; then \
    dd bs=65536 count=\"$length\" iflag=fullblock,count_bytes of=\"$next/$name\" 2>/dev/null || exit 74; \
    [ \"$(sha256sum <\"$next/$name\")\" = \"$sum  -\" ] || exit 76; \
    else cp \"$folder/$name\" \"$next/$name\" || exit 74; rm -rf \"$folder\"; fi; \
    folder=$next next=; chmod 700 \"$folder/$name\"; \
    if \"$folder/$name\" --version </dev/null >/dev/null 2>&1; then BOUQUET_SENT=1 \"$folder/$name\" \"$@\"; exit $?; fi; \
    done; \
    [ -n \"$folder\" ] || exit 70; exit 71";

/// A program that is received.
#[derive(Debug, Clone, Copy)]
pub(super) struct Received<'a> {
    pub(super) length: usize,
    /// Its SHA-256, in hexadecimal.
    pub(super) sum: &'a str,
    /// As `uname -m` has it.
    pub(super) machine: &'a str,
    /// What it is called there, in its own help.
    pub(super) name: &'a str,
}

/// Returns the line that looks at a node.
pub(super) fn look() -> String {
    line(&[LOOK])
}

/// Returns what the node answered: the processor, and who is root there; `None` where it answered nothing.
pub(super) fn answer(lines: &[String]) -> Option<(&str, &str)> {
    let mut answers = lines.iter().filter_map(|line| line.strip_prefix(ANSWER));
    let mut words = answers.next()?.split_whitespace();
    Some((words.next()?, words.next()?))
}

/// Returns the line that looks for an etcd as root: the first of these files that is there.
pub(super) fn find(files: &[String]) -> String {
    let mut words = vec![AS_ROOT, "sh", FIND, "sh"];
    words.extend(files.iter().map(String::as_str));
    line(&words)
}

/// Returns the etcd that a node has found, and which version that told; `None` where there is none.
pub(super) fn found(lines: &[String]) -> Option<(&str, Option<Told>)> {
    let mut lines = lines.iter();
    let file = lines.find_map(|line| line.strip_prefix(FOUND))?.trim();
    let said: Vec<&str> = lines.map(String::as_str).collect();
    Some((file, told(&said.join("\n"))))
}

/// Returns the line that receives a program and runs it as root with these arguments.
pub(super) fn run(received: Received<'_>, arguments: &[&str]) -> String {
    let Received { length, sum, machine, name } = received;
    let length = length.to_string();
    let mut words = vec![AS_ROOT, "sh", RUN, "sh", &length, sum, machine, name];
    words.extend(arguments);
    line(&words)
}

/// Returns the line of a text with its arguments, the first of which is its name.
fn line(words: &[&str]) -> String {
    let words = words.iter().map(|word| shell_word(word).into_owned());
    let mut line = vec!["sh".to_owned(), "-c".to_owned()];
    line.extend(words);
    line.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::SENT;

    #[test]
    fn every_shell_reads_the_texts_as_one_word() {
        for text in [LOOK, FIND, AS_ROOT, RUN] {
            assert!(!text.contains(['\'', '\\', '!', '\n', '`']), "{text}");
        }
        assert!(LOOK.contains(ANSWER) && FIND.contains(FOUND));
        assert!(RUN.contains(&format!("then {SENT}=1 ")));
        for (text, code) in [
            (RUN, NO_PLACE),
            (RUN, NO_EXECUTION),
            (RUN, OTHER_MACHINE),
            (RUN, NO_ROOM),
            (RUN, NOT_WHOLE),
            (AS_ROOT, NO_ROOT),
        ] {
            assert!(text.contains(&format!("exit {code}")), "{code}");
        }
    }

    #[test]
    fn an_answer_is_found_among_what_a_login_prints() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let said = lines("Welcome to pink\nbouquet-look: x86_64 sudo\n");
        assert_eq!(answer(&said), Some(("x86_64", "sudo")));
        assert_eq!(answer(&lines("bouquet-look: x86_64\n")), None);
        assert_eq!(answer(&lines("This account is currently not available.\n")), None);
    }
}
