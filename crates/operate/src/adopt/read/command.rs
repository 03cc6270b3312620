//! A command line, or the script that it stands in.

use super::container::{container, is_one as is_container};
use super::exported::exported;
use super::flags::flags;
use super::given::{Exported, Given, PREFIX, Read};
use super::lexer::{Command, Variables, Word, is_name};
use super::shell::{self, assignment, commands, commands_with};
use bouquet_model::diagnostic::{Diagnostic, quoted};

/// Programs that start another one, and leave it all that follows.
const BEFORE: [&str; 5] = ["exec", "sudo", "nohup", "env", "command"];

/// Options whose value may be called as the program is: an account of etcd's has its name.
const ACCOUNTS: [&str; 5] = ["-u", "--user", "-g", "--group", "--chuid"];

/// A process that etcd is.
#[derive(Debug)]
pub(super) struct Process {
    /// The word that names its program; `None` in a container, which has its own.
    pub(super) program: Option<Word>,
    /// What it is given.
    pub(super) read: Read,
    /// The variables that it gets, and that are none of etcd's options.
    pub(super) variables: Vec<Given>,
}

/// Reads a script, or a command line; `other` finds the files that it names.
///
/// # Errors
/// If it starts no etcd, or more than one.
pub(super) fn read(text: &str, other: &dyn Fn(&str) -> Option<String>) -> Result<Read, Diagnostic> {
    let all = commands_with(text, Variables::new(), other);
    Ok(process(&all, Exported::new(), other)?.read)
}

/// Finds the command that starts etcd, and reads what it is given: by its words, and by variables, some of which may be
/// there before.
///
/// # Errors
/// If none starts it, or more than one.
pub(super) fn process(
    all: &[Command],
    environment: Exported,
    other: &dyn Fn(&str) -> Option<String>,
) -> Result<Process, Diagnostic> {
    let starts: Vec<(usize, usize)> = all
        .iter()
        .enumerate()
        .filter_map(|(number, command)| Some((number, etcd_of(&command.words)?)))
        .collect();
    // A path alone may be an argument of another program.
    let with_flags: Vec<_> =
        starts.iter().filter(|(number, at)| all[*number].words.len() > at + 1).collect();
    let (number, at) = match (with_flags.as_slice(), starts.as_slice()) {
        ([(number, at)], _) | ([], [.., (number, at)]) => (*number, *at),
        ([(first, _), (second, _), ..], _) => {
            return Err(Diagnostic::error(format!(
                "it starts etcd in line {} and in line {}",
                all[*first].line, all[*second].line
            ))
            .help("give each member's command line as a file of its own"));
        }
        ([], []) => {
            return Err(Diagnostic::error("it starts no etcd")
                .help("give a file with a line such as `etcd --name orange …`"));
        }
    };
    let earlier = &all[..number];
    let mut read = Read::default();
    read.unsaid.extend(earlier.iter().filter_map(not_read));
    let environment = exported(earlier, environment);
    Ok(started(&all[number], at, environment, other, read))
}

/// Says that a script runs the commands of a file that was not found.
fn not_read(command: &Command) -> Option<Diagnostic> {
    let path = match shell::file(command)? {
        Ok(path) => path,
        Err(open) => open,
    };
    Some(
        Diagnostic::error(format!("the script reads {}, which is not here", quoted(path)))
            .note("etcd gets the variables that it exports, too")
            .help("copy it from the node, beside the script; if it exports nothing for etcd, take that line out"),
    )
}

/// Reads the words of one command line.
///
/// # Errors
/// If it starts no etcd.
pub(crate) fn words(words: &[String]) -> Result<Read, Diagnostic> {
    let line = words.iter().map(|word| bouquet_model::artifact::shell_word(word));
    read(&line.collect::<Vec<_>>().join(" "), &|_| None)
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
            && word.name() == "etcd"
    };
    let first = first(words)?;
    if is_etcd(&words[first]) {
        return Some(first);
    }
    let is_option = |word: &Word| word.text.starts_with('-');
    if let Some(container) = container(words) {
        if let Some(entry) = container.entry() {
            return (entry.rsplit('/').next() == Some("etcd")).then_some(container.image);
        }
        let inside = &words[container.image..];
        let end = inside.iter().position(is_option).unwrap_or(inside.len());
        // Behind the image is the program in it; with options alone, that of the image.
        return match inside[..end].iter().rposition(is_etcd) {
            Some(at) => Some(container.image + at),
            None => (end == 1 && is_image(&inside[0].text)).then_some(container.image),
        };
    }
    // Behind another program it is the one that has flags, an account of this name aside.
    let is_one = |word: &Word| is_etcd(word) || tag(&word.text).is_some();
    let before = |at: usize| at.checked_sub(1).map_or("", |at| &words[at].text);
    let mut places = (first..words.len()).filter(|at| {
        is_one(&words[*at])
            && words.get(at + 1).is_some_and(is_option)
            && !ACCOUNTS.contains(&before(*at))
    });
    places.clone().find(|at| !before(*at).starts_with('-')).or_else(|| places.next())
}

/// Returns the place of the first word that is neither an assignment nor one that a command may stand behind.
fn first(words: &[Word]) -> Option<usize> {
    let reserved = words.len() - shell::simple(words).len();
    let is_before = |word: &Word| assignment(word).is_some() || BEFORE.contains(&word.name());
    let first = words[reserved..].iter().position(|word| !is_before(word))?;
    Some(reserved + first)
}

/// Reads what a command that starts etcd gives it, with the variables that the command gets.
fn started(
    command: &Command,
    at: usize,
    mut environment: Exported,
    other: &dyn Fn(&str) -> Option<String>,
    mut read: Read,
) -> Process {
    let line = Some(command.line);
    let (before, etcd) = command.words.split_at(at);
    let container = container(&command.words).filter(|container| container.image <= at);
    // `env` and programs like it take them quoted, too.
    for word in before {
        let text = word.text.strip_prefix("--env=").unwrap_or(&word.text);
        let pair = text.split_once('=').filter(|(name, _)| is_name(name));
        if let Some((name, value)) = pair {
            let said = word.after(word.text.len() - value.len());
            environment.insert(name.to_owned(), Given::variable(name, said, line));
        }
    }
    if let Some(container) = &container {
        environment = container.inside(&environment, line, other, &mut read);
    }
    let mut images = [&etcd[0]].into_iter().chain(before);
    read.version = images.find_map(|word| tag(&word.text));
    read.given = flags(&etcd[1..], line, &mut read.said);
    let (options, variables): (Vec<_>, Vec<_>) =
        environment.into_iter().partition(|(name, _)| name.starts_with(PREFIX));
    read.given.extend(options.into_iter().map(|(_, given)| given));
    read.is_inside = container.is_some() || is_container(before) || is_image(&etcd[0].text);
    Process {
        program: (!read.is_inside).then(|| etcd[0].clone()),
        read,
        variables: variables.into_iter().map(|(_, given)| given).collect(),
    }
}

/// Tells whether a word is an image of etcd's, with a tag or a digest.
fn is_image(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    name.split_once([':', '@']).is_some_and(|(name, _)| name.contains("etcd"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adopt::read::given::{Key, Said};

    fn plain(text: &str) -> Result<Read, Diagnostic> {
        super::read(text, &|_| None)
    }

    fn given(text: &str) -> Vec<(String, String)> {
        let read = plain(text).expect("a command");
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
        assert_eq!(given(text), pairs([("data-dir", "/etcd-data"), ("ETCD_NAME", "a")]));
        assert_eq!(plain(text).expect("a command").version.as_deref(), Some("3.5.21"));
    }

    #[test]
    fn names_and_accounts_are_not_taken_for_the_program() {
        for text in [
            "docker run --name etcd -v /a:/b img /opt/etcd --name a",
            "docker run --name etcd --net host etcd --name a",
            "docker run --name etcd --entrypoint /opt/etcd bitnami/etcd:latest --name a",
            "podman run --name etcd bitnami/etcd:latest --name a",
            "sudo -u etcd -E /opt/etcd --name a",
            "start-stop-daemon --chuid etcd --exec /opt/etcd --name a",
            "numactl -l etcd --name a",
            "then exec etcd --name a",
        ] {
            assert_eq!(given(text), pairs([("name", "a")]), "{text}");
        }
        let text = "etcd --name etcd --data-dir /d";
        assert_eq!(given(text), pairs([("name", "etcd"), ("data-dir", "/d")]));
        assert!(plain("docker run --name etcd img sh --help").is_err());
    }

    #[test]
    fn a_file_that_a_script_reads_is_followed() {
        let text = "set -a\n. ./etcd.env\nset +a\n[ -f /x ] && . /x\nexec etcd --data-dir $DIR\n";
        let file = |path: &str| {
            (path == "./etcd.env").then(|| "ETCD_NAME=a\nDIR=/d\n. ./etcd.env\n".to_owned())
        };
        let read = super::read(text, &file).expect("a command");
        let said = |text: &str| Said::Text(text.to_owned());
        assert_eq!(
            read.given,
            [
                Given::flag("data-dir", said("/d"), Some(5)),
                Given::variable("ETCD_NAME", said("a"), Some(2)),
            ]
        );
        let unsaid: Vec<_> = read.unsaid.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(unsaid, ["the script reads `/x`, which is not here"]);
    }

    #[test]
    fn a_variable_before_the_program_counts_over_an_exported_one() {
        let text = "export ETCD_NAME=a\nETCD_NAME=b etcd --pre-vote\n";
        assert_eq!(given(text), pairs([("pre-vote", "true"), ("ETCD_NAME", "b")]));
        let text = "env 'ETCD_NAME=b' etcd --pre-vote\n";
        assert_eq!(given(text), pairs([("pre-vote", "true"), ("ETCD_NAME", "b")]));
    }

    #[test]
    fn what_starts_no_etcd_or_two_is_refused() {
        assert_eq!(plain("ls /etcd").unwrap_err().message, "it starts no etcd");
        let two = "etcd --name a &\netcd --name b &\n";
        assert_eq!(plain(two).unwrap_err().message, "it starts etcd in line 1 and in line 2");
    }
}
