//! A unit of systemd (systemd.service(5), systemd.exec(5)).

use super::command::{Process, etcd_of, process};
use super::given::{Given, Key, Read, Said, Service, UNSUPPORTED_ARCH};
use super::lexer::{Command, Word, is_name};
use super::shell;
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
    let mut words = filled(unit::words_of(line), &environment, &mut read.said);
    let first = words.first_mut().ok_or_else(|| {
        Diagnostic::error("the unit has an empty `ExecStart=`")
            .help("where a drop-in has it, give what `systemctl cat etcd` prints")
    })?;
    let prefixed = first.text.clone();
    prefixed.trim_start_matches(['-', '@', ':', '+', '!', '|']).clone_into(&mut first.text);
    let (prefix, program) = prefixed.split_at(prefixed.len() - first.text.len());
    if prefix.contains('@') && words.len() > 1 {
        // It is what the program is told that it is called.
        words.remove(1);
    }
    let commands = match (program.rsplit('/').next(), words.as_slice()) {
        (Some("sh" | "bash" | "dash"), [_, options, script, ..])
            if options.text.starts_with('-') && options.text.ends_with('c') =>
        {
            let known = environment.iter().map(|(name, value)| (name.clone(), Some(value.clone())));
            shell::commands_with(&script.text, known.collect(), other)
        }
        _ => vec![Command { line: 0, words }],
    };
    if commands.iter().all(|command| etcd_of(&command.words).is_none()) {
        return Err(no_etcd(program));
    }
    let pair = |(name, value): (String, String)| {
        let given = Given::variable(&name, Said::Text(value), None);
        (name, given)
    };
    let Process { program, read: inner, variables } =
        process(&commands, environment.into_iter().map(pair).collect(), other)?;
    read.said.extend(inner.said);
    let mut read = Read { said: read.said, ..inner };
    for given in &mut read.given {
        given.line = None;
    }
    let folder = unit::last(&said, "WorkingDirectory").unwrap_or("/").trim_start_matches('-');
    // A container has its own.
    let folder = Some(folder).filter(|folder| folder.starts_with('/') && program.is_some());
    read.folder = folder.map(str::to_owned);
    let program = program.map(|program| match program.open {
        Some(open) => {
            read.said.push(only_there("the program that is etcd", &open));
            open
        }
        None => program.text,
    });
    // A unit may set it, though it looks like an option.
    let is_other = |given: &Given| given.key == Key::Variable(UNSUPPORTED_ARCH.to_owned());
    let (unsupported, given) = read.given.into_iter().partition(is_other);
    read.given = given;
    let mut others = Vec::new();
    for given in [unsupported, variables].concat() {
        match (given.key, given.said) {
            (Key::Variable(name), Said::Text(value)) => others.push((name, value)),
            (Key::Variable(name), Said::Open(open)) => {
                read.unsaid.push(only_there(&format!("the variable `{name}`"), &open));
            }
            _ => {}
        }
    }
    let text = |key| unit::last(&said, key).map(str::to_owned);
    read.service =
        Some(Service { user: text("User"), group: text("Group"), program, variables: others });
    Ok(read)
}

fn only_there(what: &str, open: &str) -> Diagnostic {
    Diagnostic::error(format!("{what} has {}, which is known only on the node", quoted(open)))
        .help("write the value that it has there instead")
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
        let alone = word.strip_prefix('$').filter(|name| is_name(name));
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
            if let Some((name, after)) = inner.filter(|(name, _)| is_name(name)) {
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
        assert_eq!(
            (service.user.as_deref(), service.program.as_deref()),
            (Some("a"), Some("/usr/bin/etcd"))
        );
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
        assert_eq!(
            read.service.as_ref().and_then(|it| it.program.as_deref()),
            Some("/usr/bin/etcd")
        );
        assert_eq!(
            read.unsaid[0].message,
            "the variable `GOMAXPROCS` has `$(nproc)`, which is known only on the node"
        );
        let expected = [("name", "x"), ("debug", "true"), ("ETCD_NAME", "x")];
        assert_eq!(given(read), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn the_program_is_etcd_whatever_starts_it() {
        for (line, program, variables) in [
            ("-/opt/etcd --name a", Some("/opt/etcd"), ""),
            ("@/opt/etcd etcd-a --name a", Some("/opt/etcd"), ""),
            ("/bin/bash -c 'exec /opt/etcd --name a >>/l 2>&1'", Some("/opt/etcd"), ""),
            ("/bin/sh -c 'export X=1; GOGC=4 /opt/etcd --name a'", Some("/opt/etcd"), "GOGC=4 X=1"),
            ("/usr/bin/env GOGC=4 /opt/etcd --name a", Some("/opt/etcd"), "GOGC=4"),
            (
                "/usr/bin/env ETCD_NAME=a ETCD_UNSUPPORTED_ARCH=arm etcd",
                Some("etcd"),
                "ETCD_UNSUPPORTED_ARCH=arm",
            ),
            ("/usr/bin/numactl --cpunodebind 0 /opt/etcd --name a", Some("/opt/etcd"), ""),
            ("/usr/bin/sudo -u etcd -E etcd --name a", Some("etcd"), ""),
            (
                "/usr/bin/docker run -e GOGC=4 quay.io/coreos/etcd:v3.5.21 etcd --name a",
                None,
                "GOGC=4",
            ),
            ("/usr/bin/podman run quay.io/coreos/etcd:v3.5.21 --name a", None, ""),
        ] {
            let read = read(&format!("[Service]\nExecStart={line}\n"), &|_| None);
            let read = read.unwrap_or_else(|error| panic!("{line}: {error:?}"));
            let service = read.service.as_ref().expect("a service");
            let all: Vec<String> =
                service.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(
                (service.program.as_deref(), &*all.join(" ")),
                (program, variables),
                "{line}"
            );
            assert!(read.unsaid.is_empty() && read.said.is_empty(), "{line}: {read:?}");
            let given = given(read);
            assert!(given.iter().any(|(_, text)| text == "a") && given.len() == 1, "{line}");
        }
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
