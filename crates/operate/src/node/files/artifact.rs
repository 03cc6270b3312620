//! A file of a member's options, beside the compiled one.

use super::checked::{Checked, State};
use super::difference::{difference, is_free};
use super::head;
use crate::unit;
use bouquet_model::artifact::{FORMATS, Format, definition_in, shell_word};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::{Cluster, Member};
use std::io;
use std::path::{Path, PathBuf};

/// Judges a file that should be one of a member's. `program` is the name under which this one was
/// called.
pub(crate) fn artifact(
    cluster: &Cluster,
    member: &Member,
    program: &str,
    file: &Path,
    text: &str,
) -> Checked {
    let Some(format) = format(cluster, member, file, text) else {
        return not_ours(member, file, text);
    };
    let compiled = (format.render)(cluster, member);
    let named = head::member(text).map(|(name, _)| name);
    let is_of = |other: &&Member| (format.render)(cluster, other) == text;
    let theirs = cluster.members.iter().filter(|other| other.name != member.name).find(is_of);
    let theirs = theirs.map(|other| other.name.as_str());
    let theirs = theirs.or(named.filter(|name| *name != member.name.as_str()));
    let owner = Some(theirs.unwrap_or(member.name.as_str()).to_owned());
    let checked = |state| Checked { format: Some(format.name), owner, ..Checked::new(file, state) };
    if text == compiled {
        return checked(State::AS_COMPILED);
    }
    let shown = file.display();
    let again = Again { member, format, program, file };
    if let Some(theirs) = theirs {
        let message = format!("{shown} is of {}, not of `{}`", quoted(theirs), member.name);
        // Here the file may be right, and the name wrong: nothing that overwrites it.
        let help = format!("where this is `{}`, copy {} here", member.name, again.source());
        return checked(State::ANOTHERS).because(Diagnostic::error(message).help(help));
    }
    let with_lines = |mut problem: Diagnostic| {
        let lines = difference(text, &compiled).map(|line| line.notes());
        problem.notes.extend(lines.into_iter().flatten());
        problem
    };
    let digest = member.digest.to_string();
    match definition_in(text) {
        Some(there) if there == digest && is_free(text, &compiled) => {
            checked(State::SAME_DEFINITION)
        }
        Some(there) if there == digest => {
            let problem = Diagnostic::warning(format!("{shown} was edited by hand"));
            let problem = with_lines(problem)
                .note("or another release of this program made it, of the same definition")
                .help("if the edit is meant, make it in cluster.toml, and build");
            checked(State::wrong("edited")).because(again.help(problem, "if not, "))
        }
        Some(there) => {
            let message = format!(
                "{shown} is of another build: its definition is {there}, the compiled one {digest}"
            );
            let problem = with_lines(Diagnostic::warning(message));
            let problem = again.help(problem, "if this program is of the newer build, ");
            checked(State::OTHER_BUILD).because(problem)
        }
        None => {
            let message = format!("{shown} bears no definition: an older build made it");
            let problem = with_lines(Diagnostic::warning(message));
            checked(State::OTHER_BUILD).because(again.help(problem, ""))
        }
    }
}

/// The ways to lay a file down again.
struct Again<'a> {
    member: &'a Member,
    format: &'a Format,
    program: &'a str,
    file: &'a Path,
}

impl Again<'_> {
    fn source(&self) -> String {
        format!("out/members/{}/{}", self.member.name, self.format.file)
    }

    fn help(&self, problem: Diagnostic, when: &str) -> Diagnostic {
        let Self { member, format, program, file } = self;
        let source = self.source();
        // A relative path may be anywhere, in a build's `out/` too.
        if !file.is_absolute() {
            return problem.help(format!("{when}copy it again from {source}"));
        }
        let file = file.display().to_string();
        let (name, place) = (shell_word(member.name.as_str()), shell_word(&file));
        let then = if format.name == "systemd" { " && systemctl daemon-reload" } else { "" };
        // A shell empties a file before it looks for the program, which root may not find.
        problem.help(format!(
            "{when}copy it again from {source}, or, as root, `new=$({program} command {name} -o {}) && \
             printf '%s\\n' \"$new\" > {place}{then}`",
            format.name
        ))
    }
}

/// Tells the form of a file: by its head, and where that has other words, by its name.
fn format(cluster: &Cluster, member: &Member, file: &Path, text: &str) -> Option<&'static Format> {
    if !head::is_generated(text) {
        return None;
    }
    let what = head::member(text).map(|(_, what)| what.to_owned());
    let by_head = |format: &&&Format| {
        let compiled = (format.render)(cluster, member);
        what.is_some() && head::member(&compiled).map(|(_, what)| what.to_owned()) == what
    };
    let by_name = |format: &&&Format| {
        let ending = |name: &Path| name.extension().map(ToOwned::to_owned);
        let of_format = Path::new(format.file);
        file.file_name() == of_format.file_name()
            || ending(of_format).is_some_and(|of| of == "service" && ending(file) == Some(of))
    };
    FORMATS.iter().find(by_head).or_else(|| FORMATS.iter().find(by_name)).copied()
}

/// Says of a file that no build made what it is, as far as that can be told.
fn not_ours(member: &Member, file: &Path, text: &str) -> Checked {
    if !references(text).is_empty() {
        return Checked::new(file, State::OWN_UNIT);
    }
    let shown = file.display();
    let why = if text.trim().is_empty() {
        "is empty, as a masked unit is"
    } else if head::is_generated(text) {
        "is a generated file, and none of a member's"
    } else {
        "was not made by a build: its head does not say so"
    };
    not_of_a_build(member, file, format!("{shown} {why}"))
}

/// Says of a certificate, key or list that no folder of a member's holds such a file.
pub(crate) fn other(member: &Member, file: &Path) -> Checked {
    let shown = file.display();
    not_of_a_build(member, file, format!("{shown} has the name of none of a member's files"))
}

fn not_of_a_build(member: &Member, file: &Path, message: String) -> Checked {
    let problem = Diagnostic::warning(message)
        .help(format!("the build's are in out/members/{}/", member.name));
    Checked::new(file, State::wrong("not_ours")).because(problem)
}

/// Returns the files of options that a unit of the operator's starts etcd with.
pub(crate) fn references(text: &str) -> Vec<PathBuf> {
    let is_one = |path: &Path| FORMATS.iter().any(|f| path.file_name() == Some(f.file.as_ref()));
    let mut files = Vec::new();
    for unit::Assignment { key, value } in unit::service(text) {
        if key != "EnvironmentFile" && key != "ExecStart" {
            continue;
        }
        let words = value.split([' ', '=', '"', '\'']).map(|word| word.trim_start_matches('-'));
        let paths = words.map(Path::new).filter(|path| path.is_absolute() && is_one(path));
        files.extend(paths.map(Path::to_owned));
    }
    files
}

/// Says of a file that it cannot be read.
pub(crate) fn unread(member: &Member, file: &Path, error: &io::Error) -> Checked {
    let message = format!("{} cannot be read: {error}", file.display());
    let problem = Diagnostic::error(message);
    let (word, help) = match error.kind() {
        io::ErrorKind::PermissionDenied => ("unreadable", "run it as root".to_owned()),
        io::ErrorKind::NotFound => {
            ("missing", format!("the build's files are in out/members/{}/", member.name))
        }
        _ => ("unreadable", "name a file, or a folder of certificates".to_owned()),
    };
    Checked::new(file, State::wrong(word)).because(problem.help(help))
}
