//! A command line, or the script that it stands in.

use super::flags::flags;
use super::given::{Given, PREFIX, Read, Said};
use super::shell::{Command, Word, assignment, commands};
use bouquet_model::diagnostic::Diagnostic;

/// Words that a command may stand behind.
const BEFORE: [&str; 9] = ["exec", "sudo", "nohup", "env", "command", "then", "do", "else", "{"];

/// Reads a script, or a command line.
///
/// # Errors
/// If it starts no etcd, or more than one.
pub(super) fn read(text: &str) -> Result<Read, Diagnostic> {
    let all = commands(text);
    let starts: Vec<(&Command, usize)> =
        all.iter().filter_map(|command| Some((command, etcd_of(&command.words)?))).collect();
    // A path alone may be an argument of another program.
    let with_flags: Vec<_> =
        starts.iter().filter(|(command, at)| command.words.len() > at + 1).collect();
    let (command, at) = match (with_flags.as_slice(), starts.as_slice()) {
        ([(command, at)], _) | ([], [.., (command, at)]) => (*command, *at),
        ([(first, _), (second, _), ..], _) => {
            return Err(Diagnostic::error(format!(
                "it starts etcd in line {} and in line {}",
                first.line, second.line
            ))
            .help("give each member's command line as a file of its own"));
        }
        ([], []) => {
            return Err(Diagnostic::error("it starts no etcd")
                .help("give a file with a line such as `etcd --name orange …`"));
        }
    };
    let mut read = started(command, at);
    read.given.extend(exported(all.iter().take_while(|other| !std::ptr::eq(*other, command))));
    Ok(read)
}

/// Reads the words of one command line.
///
/// # Errors
/// If it starts no etcd.
pub(crate) fn words(words: &[String]) -> Result<Read, Diagnostic> {
    let line = words.iter().map(|word| bouquet_model::artifact::shell_word(word));
    read(&line.collect::<Vec<_>>().join(" "))
}

/// Tells whether a text is a script or a command line that starts etcd.
pub(super) fn is_one(text: &str) -> bool {
    let starts =
        |command: &Command| etcd_of(&command.words).is_some_and(|at| command.words.len() > at + 1);
    commands(text).iter().any(starts)
}

/// Returns the place of the word that names the program, where that is etcd.
pub(super) fn etcd_of(words: &[Word]) -> Option<usize> {
    let is_etcd = |word: &Word| {
        !word.text.contains(|c: char| c == ':' || c == '=' || c.is_whitespace())
            && word.text.rsplit('/').next() == Some("etcd")
            // An image that is run starts it.
            || tag(&word.text).is_some()
    };
    let first = first(words)?;
    // Behind another program, as `docker run`, it is the one that has flags.
    let has_flags = |at: &usize| words.get(at + 1).is_some_and(|word| word.text.starts_with('-'));
    let mut places = (first..words.len()).filter(|at| is_etcd(&words[*at]));
    places.clone().find(has_flags).or_else(|| places.find(|at| *at == first))
}

/// Returns the place of the first word that is neither an assignment nor one that a command may stand behind.
fn first(words: &[Word]) -> Option<usize> {
    words
        .iter()
        .position(|word| assignment(word).is_none() && !BEFORE.contains(&word.text.as_str()))
}

/// Reads what a command that starts etcd gives it.
pub(super) fn started(command: &Command, at: usize) -> Read {
    let mut read = Read::default();
    let line = Some(command.line);
    let (before, etcd) = command.words.split_at(at);
    read.version = tag(&etcd[0].text);
    let mut words = before.iter();
    while let Some(word) = words.next() {
        let value = match word.text.as_str() {
            "-e" | "--env" => words.next(),
            _ => Some(word),
        };
        let Some(value) = value else { break };
        let text = value.text.strip_prefix("--env=").unwrap_or(&value.text);
        if let Some((name, _)) = text.split_once('=').filter(|(name, _)| name.starts_with(PREFIX)) {
            let start = value.text.len() - text.len() + name.len() + 1;
            read.given.push(Given::variable(name, value.after(start), line));
        }
        read.version = read.version.or_else(|| tag(&value.text));
    }
    read.given.extend(flags(&etcd[1..], line, &mut read.said));
    read
}

/// Returns the tag of an image of etcd's, such as `quay.io/coreos/etcd:v3.5.21`.
pub(super) fn tag(image: &str) -> Option<String> {
    let (image, _) = image.split_once('@').unwrap_or((image, ""));
    let (name, tag) = image.rsplit_once(':')?;
    let is_etcd = name.rsplit('/').next().is_some_and(|name| name.contains("etcd"));
    let version = tag.strip_prefix('v').unwrap_or(tag);
    let version = version.split(['-', '+', '_']).next().unwrap_or(version);
    (is_etcd && version.starts_with(|c: char| c.is_ascii_digit())).then(|| version.to_owned())
}

/// Returns etcd's variables that a script exports.
fn exported<'a>(commands: impl Iterator<Item = &'a Command>) -> Vec<Given> {
    let (mut all, mut exports_all) = (Vec::new(), false);
    for command in commands {
        let mut words = command.words.as_slice();
        let exports = words.first().is_some_and(|word| word.text == "export");
        if let [set, what, ..] = words
            && set.text == "set"
        {
            exports_all |= what.text == "-a" || what.text == "-o";
        }
        if exports {
            words = &words[1..];
        } else if !exports_all {
            continue;
        }
        for word in words {
            let Some((name, value)) = assignment(word) else { break };
            if name.starts_with(PREFIX) {
                let said = value.map_or_else(|| word.after(0), Said::Text);
                all.push(Given::variable(name, said, Some(command.line)));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adopt::read::given::Key;

    fn given(text: &str) -> Vec<(String, String)> {
        let read = read(text).expect("a command");
        let shown = |given: Given| {
            let (Key::Flag(name) | Key::Variable(name)) = given.key else { panic!("a key") };
            match given.said {
                Said::Text(text) => (name, text),
                Said::Open(open) => (name, format!("?{open}")),
                Said::List(_) => panic!("a list"),
            }
        };
        read.given.into_iter().map(shown).collect()
    }

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    #[test]
    fn flags_are_read_in_every_form_that_go_reads() {
        let text = "/usr/bin/etcd --name a -data-dir=/d --pre-vote --enable-pprof=false --wal-dir '/w x'\n";
        assert_eq!(
            given(text),
            pairs([
                ("name", "a"),
                ("data-dir", "/d"),
                ("pre-vote", "true"),
                ("enable-pprof", "false"),
                ("wal-dir", "/w x"),
            ])
        );
    }

    #[test]
    fn a_script_fills_in_what_it_has_set() {
        let text = "#!/bin/sh\nIP=10.0.0.1\nexport ETCD_NAME=a\nETCD_DEBUG=1\nexec etcd \\\n  \
                    --listen-peer-urls=https://$IP:2380 --initial-cluster-token=$(cat token)\n";
        assert_eq!(
            given(text),
            pairs([
                ("listen-peer-urls", "https://10.0.0.1:2380"),
                ("initial-cluster-token", "?$(cat token)"),
                ("ETCD_NAME", "a"),
            ])
        );
    }

    #[test]
    fn a_container_is_looked_into() {
        let text = "docker run -d -v /var/lib/etcd:/etcd-data -e ETCD_NAME=a --name etcd \
                    quay.io/coreos/etcd:v3.5.21-arm64 /usr/local/bin/etcd --data-dir /etcd-data";
        assert_eq!(given(text), pairs([("ETCD_NAME", "a"), ("data-dir", "/etcd-data")]));
        assert_eq!(read(text).expect("a command").version.as_deref(), Some("3.5.21"));
    }

    #[test]
    fn what_starts_no_etcd_or_two_is_refused() {
        assert_eq!(read("ls /etcd").unwrap_err().message, "it starts no etcd");
        let two = "etcd --name a &\netcd --name b &\n";
        assert_eq!(read(two).unwrap_err().message, "it starts etcd in line 1 and in line 2");
    }
}
