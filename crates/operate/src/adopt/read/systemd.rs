//! A unit of systemd (systemd.service(5), systemd.exec(5)).

use super::command::{etcd_of, started};
use super::flags::flags;
use super::given::{Given, PREFIX, Read, Said, Service};
use super::shell::{self, Variables, Word};
use super::variables::variables;
use crate::unit::{self, Assignment};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::collections::BTreeMap;

/// Reads a unit, whose other files `other` finds by the paths that it names.
///
/// # Errors
/// If it starts no etcd, or a file that it names is not here.
pub(super) fn read(text: &str, other: &dyn Fn(&str) -> Option<String>) -> Result<Read, Diagnostic> {
    let said = unit::service(text);
    let line = unit::last(&said, "ExecStart").ok_or_else(|| {
        Diagnostic::error("the unit has no `ExecStart=`")
            .help("where a drop-in has it, give what `systemctl cat etcd` prints")
    })?;
    let mut read = Read::default();
    let environment = environment(&said, other, &mut read.said)?;
    let words = filled(unit::words_of(line), &environment, &mut read.said);
    let (program, arguments) = words.split_first().ok_or_else(|| {
        Diagnostic::error("the unit has an empty `ExecStart=`")
            .help("where a drop-in has it, give what `systemctl cat etcd` prints")
    })?;
    let program = program.text.trim_start_matches(['-', '@', ':', '+', '!', '|']).to_owned();
    match (program.rsplit('/').next(), arguments) {
        (Some("etcd"), _) => read.given.extend(flags(arguments, None, &mut read.said)),
        (Some("sh" | "bash" | "dash"), [options, script, ..])
            if options.text.starts_with('-') && options.text.ends_with('c') =>
        {
            let mut known: Variables = environment
                .iter()
                .map(|(name, value)| (name.clone(), Some(value.clone())))
                .collect();
            let commands = shell::commands_with(&script.text, &mut known);
            let etcd = commands.iter().find_map(|it| Some((it, etcd_of(&it.words)?)));
            let (command, at) = etcd.ok_or_else(|| no_etcd(&program))?;
            let inner = started(command, at);
            read.given.extend(inner.given.into_iter().map(|given| Given { line: None, ..given }));
            read.said.extend(inner.said);
            read.version = inner.version;
        }
        _ => {
            let words: Vec<Word> = words.clone();
            let at = etcd_of(&words).ok_or_else(|| no_etcd(&program))?;
            let inner = started(&shell::Command { line: 0, words }, at);
            read.given.extend(inner.given.into_iter().map(|given| Given { line: None, ..given }));
            read.said.extend(inner.said);
            read.version = inner.version;
        }
    }
    let (etcds, others): (Vec<_>, Vec<_>) =
        environment.into_iter().partition(|(name, _)| name.starts_with(PREFIX));
    read.given.extend(
        etcds.into_iter().map(|(name, value)| Given::variable(&name, Said::Text(value), None)),
    );
    let folder = unit::last(&said, "WorkingDirectory").unwrap_or("/").trim_start_matches('-');
    read.folder = Some(folder.to_owned()).filter(|folder| folder.starts_with('/'));
    let text = |key| unit::last(&said, key).map(str::to_owned);
    read.service =
        Some(Service { user: text("User"), group: text("Group"), program, variables: others });
    Ok(read)
}

fn no_etcd(program: &str) -> Diagnostic {
    Diagnostic::error(format!("the unit starts {}, and no etcd", quoted(program)))
        .help("give what starts etcd in the end: its command line, or the file with its options")
}

/// Returns the variables that the unit sets, those of its files over its own.
fn environment(
    said: &[Assignment],
    other: &dyn Fn(&str) -> Option<String>,
    found: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, String>, Diagnostic> {
    let mut all = BTreeMap::new();
    let mut own: Vec<String> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    for Assignment { key, value } in said {
        let (list, entries) = match key.as_str() {
            "Environment" => (&mut own, unit::words_of(value)),
            "EnvironmentFile" => (&mut files, vec![value.clone()]),
            _ => continue,
        };
        if value.is_empty() {
            list.clear();
        } else {
            list.extend(entries);
        }
    }
    for word in own {
        let word = specified(&word, "Environment=", found).unwrap_or_default();
        if let Some((name, value)) = word.split_once('=') {
            all.insert(name.to_owned(), value.to_owned());
        }
    }
    for file in files {
        let (path, may_lack) = file.strip_prefix('-').map_or((&*file, false), |path| (path, true));
        match other(path) {
            Some(text) => {
                let variables = variables(&text).0.into_iter();
                all.extend(variables.map(|variable| (variable.name, variable.value)));
            }
            None if may_lack => found.push(
                Diagnostic::warning(format!("the unit reads {}, which is not here", quoted(path)))
                    .note(
                        "etcd starts without it; where the file is there, all that it says counts",
                    )
                    .help("if the node has it: copy it beside the unit, and do this again"),
            ),
            None => {
                return Err(Diagnostic::error(format!(
                    "the unit reads {}, which is not here",
                    quoted(path)
                ))
                .help("copy it from the node, beside the unit"));
            }
        }
    }
    for word in unit::words(said, "UnsetEnvironment") {
        all.remove(word.split_once('=').map_or(word, |(name, _)| name));
    }
    Ok(all)
}

/// Returns the words with variables and specifiers filled in: `${NAME}` anywhere, and `$NAME` as words of its own.
fn filled(
    words: Vec<String>,
    environment: &BTreeMap<String, String>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Word> {
    let mut all = Vec::new();
    let plain = Word::whole;
    for word in words {
        let Some(word) = specified(&word, "ExecStart=", found) else {
            all.push(Word::open(word.clone(), word));
            continue;
        };
        let alone = word.strip_prefix('$').filter(|name| shell::is_name(name));
        if let Some(name) = alone {
            let value = environment.get(name).map(String::as_str).unwrap_or_default();
            all.extend(unit::words_of(value).into_iter().map(plain));
            continue;
        }
        let mut text = String::new();
        let mut rest = word.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            text.push_str(before);
            rest = after;
            let inner = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
            if let Some((name, after)) = inner.filter(|(name, _)| shell::is_name(name)) {
                text.push_str(environment.get(name).map(String::as_str).unwrap_or_default());
                rest = after;
            } else {
                text.push('$');
                rest = rest.strip_prefix('$').unwrap_or(rest);
            }
        }
        text.push_str(rest);
        all.push(plain(text));
    }
    all
}

/// Returns a word with `%%` as `%`; `None` where it has another specifier, which only systemd fills in.
fn specified(word: &str, key: &str, found: &mut Vec<Diagnostic>) -> Option<String> {
    let mut text = String::new();
    let mut letters = word.chars();
    while let Some(c) = letters.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        match letters.next() {
            Some('%') => text.push('%'),
            other => {
                let specifier: String = ['%'].into_iter().chain(other).collect();
                found.push(
                    Diagnostic::error(format!(
                        "`{key}` has {}, which systemd fills in on the node",
                        quoted(&specifier)
                    ))
                    .help("write the value that it has there instead"),
                );
                return None;
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adopt::read::given::Key;

    fn given(read: Read) -> Vec<(String, String)> {
        let shown = |given: Given| {
            let (Key::Flag(name) | Key::Variable(name)) = given.key else { panic!("a key") };
            let Said::Text(text) = given.said else { panic!("no text") };
            (name, text)
        };
        read.given.into_iter().map(shown).collect()
    }

    #[test]
    fn variables_and_files_are_filled_in() {
        let unit = "[Service]\nUser=a\nWorkingDirectory=/var/lib/etcd\nEnvironment=\"A=1 2\" ETCD_NAME=x\n\
                    EnvironmentFile=-/etc/default/etcd\n\
                    ExecStart=/usr/bin/etcd $ARGS --data-dir=${A}/$$/50%% \\\n  '--wal-dir=/w x'\n";
        let file = |path: &str| {
            (path == "/etc/default/etcd")
                .then(|| "ETCD_NAME=y\nARGS=--pre-vote --name z\n".to_owned())
        };
        let read = read(unit, &file).expect("a unit");
        assert_eq!(read.folder.as_deref(), Some("/var/lib/etcd"));
        let service = read.service.as_ref().expect("a service");
        assert_eq!((service.user.as_deref(), &*service.program), (Some("a"), "/usr/bin/etcd"));
        let names: Vec<&str> = service.variables.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["A", "ARGS"]);
        let expected = [
            ("pre-vote", "true"),
            ("name", "z"),
            ("data-dir", "1 2/$/50%"),
            ("wal-dir", "/w x"),
            ("ETCD_NAME", "y"),
        ];
        assert_eq!(given(read), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn a_shell_between_them_is_looked_through() {
        let unit = "[Service]\nEnvironment=ETCD_NAME=x\n\
                    ExecStart=/bin/bash -c \"GOMAXPROCS=$(nproc) /usr/bin/etcd --name=\\\"${ETCD_NAME}\\\" --debug\"\n";
        let read = read(unit, &|_| None).expect("a unit");
        let expected = [("name", "x"), ("debug", "true"), ("ETCD_NAME", "x")];
        assert_eq!(given(read), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn what_is_missing_is_told() {
        let fails = |unit: &str| read(unit, &|_| None).expect_err("a mistake").message;
        assert_eq!(fails("[Unit]\n"), "the unit has no `ExecStart=`");
        assert_eq!(
            fails("[Service]\nExecStart=/bin/sleep 1\n"),
            "the unit starts `/bin/sleep`, and no etcd"
        );
        assert_eq!(
            fails("[Service]\nEnvironmentFile=/e\nExecStart=etcd\n"),
            "the unit reads `/e`, which is not here"
        );
        let open = read("[Service]\nExecStart=etcd --name=%H\n", &|_| None).expect("a unit");
        assert_eq!(
            open.said[0].message,
            "`ExecStart=` has `%H`, which systemd fills in on the node"
        );
    }
}
