//! A container that a command line runs: `docker run`, and the programs that read the same options.

use super::given::{Exported, Given, Mount, Read, Said};
use super::lexer::{Word, is_name};
use bouquet_model::diagnostic::{Diagnostic, quoted};

/// Programs that read the options of `docker run`.
const PROGRAMS: [&str; 3] = ["docker", "podman", "nerdctl"];

/// Other programs that run a container, or have a program see other files.
const OTHERS: [&str; 5] = ["ctr", "crictl", "rkt", "systemd-nspawn", "chroot"];

/// The options that have no value behind them (docker-run(1), podman-run(1)).
const SWITCHES: [&str; 19] = [
    "detach",
    "disable-content-trust",
    "env-host",
    "http-proxy",
    "init",
    "interactive",
    "no-healthcheck",
    "no-hosts",
    "oom-kill-disable",
    "privileged",
    "publish-all",
    "quiet",
    "read-only",
    "read-only-tmpfs",
    "replace",
    "rm",
    "rmi",
    "sig-proxy",
    "tty",
];

/// The letters of those of them that have one.
const LETTERS: &str = "ditPq";

/// A container, as its command line has it.
#[derive(Debug)]
pub(super) struct Container {
    /// The place of the image among the words.
    pub(super) image: usize,
    /// The options before it that have a value.
    options: Vec<(String, Said)>,
}

/// Reads the options up to the image.
pub(super) fn container(words: &[Word]) -> Option<Container> {
    let program = words.iter().position(|word| PROGRAMS.contains(&word.name()))?;
    let is_run = |word: &Word| word.text == "run" || word.text == "create";
    let mut at = program + words[program..].iter().position(is_run)? + 1;
    let mut options = Vec::new();
    loop {
        let word = words.get(at)?;
        let Some(option) = word.text.strip_prefix('-').filter(|rest| !rest.is_empty()) else {
            return Some(Container { image: at, options });
        };
        at += 1;
        let (name, value) = match option.strip_prefix('-') {
            Some("") => return Some(Container { image: at, options }),
            Some(long) => match long.split_once('=') {
                Some((name, _)) => (name.to_owned(), Some(word.after(name.len() + 3))),
                None if SWITCHES.contains(&long) => continue,
                None => (long.to_owned(), None),
            },
            None => {
                let Some(letter) = option.find(|c| !LETTERS.contains(c)) else { continue };
                let rest = option[letter..].chars().next().map_or(0, char::len_utf8) + letter + 1;
                let name = match &option[letter..rest - 1] {
                    "e" => "env",
                    "v" => "volume",
                    other => other,
                };
                let rest = rest + usize::from(word.text[rest..].starts_with('='));
                (name.to_owned(), (rest < word.text.len()).then(|| word.after(rest)))
            }
        };
        let value = if let Some(value) = value {
            value
        } else {
            at += 1;
            words.get(at - 1)?.after(0)
        };
        options.push((name, value));
    }
}

/// Tells whether a command runs its last program in a container.
pub(super) fn is_one(before: &[Word]) -> bool {
    before.iter().any(|word| PROGRAMS.contains(&word.name()) || OTHERS.contains(&word.name()))
}

impl Container {
    /// Returns the program that takes the place of the image's own.
    pub(super) fn entry(&self) -> Option<&str> {
        let entry = self.options.iter().rev().find(|(name, _)| name == "entrypoint")?;
        if let Said::Text(program) = &entry.1 { Some(program) } else { None }
    }

    /// Returns the variables that it gets: `outside` has those of the command. Its mounts are added to what is read, and
    /// what is not known of either.
    pub(super) fn inside(
        &self,
        outside: &Exported,
        line: Option<usize>,
        other: &dyn Fn(&str) -> Option<String>,
        read: &mut Read,
    ) -> Exported {
        let (mut files, mut own) = (Exported::new(), Exported::new());
        for (name, value) in &self.options {
            let text = match (name.as_str(), value) {
                ("env", value) => {
                    own.extend(variable(value, outside, line));
                    continue;
                }
                ("env-file" | "volume" | "mount" | "tmpfs" | "volumes-from", Said::Text(text)) => {
                    text
                }
                ("env-file" | "volume" | "mount" | "tmpfs" | "volumes-from", Said::Open(open)) => {
                    read.unsaid.push(unknown(name, open));
                    continue;
                }
                _ => continue,
            };
            match name.as_str() {
                "env-file" => match other(text) {
                    Some(text) => {
                        let lines = text.lines().map(str::trim_start);
                        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
                        files.extend(lines.filter_map(|entry| {
                            variable(&Said::Text(entry.to_owned()), outside, line)
                        }));
                    }
                    None => read.unsaid.push(
                        Diagnostic::error(format!(
                            "the container has variables of {}, which is not here",
                            quoted(text)
                        ))
                        .help("copy it from the node, beside this file"),
                    ),
                },
                "volume" => read.mounts.push(volume(text)),
                "tmpfs" => {
                    let inside = text.split(':').next().unwrap_or_default();
                    read.mounts.push(Mount::new(inside, None));
                }
                "mount" => match mount(text) {
                    Some(mount) => read.mounts.push(mount),
                    None => read.unsaid.push(unknown(name, text)),
                },
                _ => read.unsaid.push(unknown(name, text)),
            }
        }
        // What `--env` says counts over what a file says.
        files.extend(own);
        files
    }
}

fn unknown(option: &str, value: &str) -> Diagnostic {
    Diagnostic::error(format!("`--{option}` of the container is {}", quoted(value)))
        .note("which folders of the node that mounts is not known here")
        .help("write `--volume NODE:CONTAINER` for each folder that etcd uses")
}

/// Returns the variable of `NAME=value`, or of a name alone: it then has the value that it has outside.
fn variable(value: &Said, outside: &Exported, line: Option<usize>) -> Option<(String, Given)> {
    let text = match value {
        Said::Text(text) | Said::Open(text) => text,
        Said::List(_) => return None,
    };
    let (name, rest) = text.split_once('=').map_or((&**text, None), |(a, b)| (a, Some(b)));
    let given = match (value, rest) {
        (_, None) => outside.get(name)?.clone(),
        (Said::Open(open), _) => Given::variable(name, Said::Open(open.clone()), line),
        (_, Some(rest)) => Given::variable(name, Said::Text(rest.to_owned()), line),
    };
    is_name(name).then(|| (name.to_owned(), given))
}

/// Reads `NODE:CONTAINER`, with or without options behind it; a volume has a name in place of the node's path.
fn volume(text: &str) -> Mount {
    let mut parts = text.split(':');
    match (parts.next(), parts.next()) {
        (Some(outside), Some(inside)) => {
            Mount::new(inside, outside.starts_with('/').then_some(outside))
        }
        (inside, _) => Mount::new(inside.unwrap_or_default(), None),
    }
}

/// Reads `type=bind,source=NODE,target=CONTAINER`.
fn mount(text: &str) -> Option<Mount> {
    let value = |names: &[&str]| {
        let mut pairs = text.split(',').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| names.contains(name)).map(|(_, value)| value)
    };
    let is_bind = value(&["type"]) == Some("bind");
    let outside = value(&["source", "src"]).filter(|path| is_bind && path.starts_with('/'));
    Some(Mount::new(value(&["target", "destination", "dst"])?, outside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adopt::read::shell::commands;

    #[test]
    fn options_are_told_from_the_image() {
        for (text, image) in [
            ("docker run -d --name etcd img etcd", "img"),
            ("sudo podman --log-level debug run -itv/a:/b --rm -p 1:1 --net=host img", "img"),
            ("nerdctl run --restart always -e A=b --privileged -- img --name a", "img"),
        ] {
            let words = &commands(text)[0].words;
            assert_eq!(words[container(words).expect("a container").image].text, image, "{text}");
        }
        for text in ["docker start etcd", "docker run --name", "etcd --name run"] {
            assert!(container(&commands(text)[0].words).is_none(), "{text}");
        }
    }

    #[test]
    fn mounts_and_variables_are_read_in_each_form() {
        let text = "docker run -v /a:/b:ro --volume=data:/c --mount type=bind,src=/d,dst=/e --tmpfs /f \
                    --mount type=volume,source=x,target=/g --volumes-from other -eA=1 --env B -e C \
                    --env-file /h --env-file /i img";
        let words = &commands(text)[0].words;
        let outside = Exported::from([(
            "B".to_owned(),
            Given::variable("B", Said::Text("2".to_owned()), None),
        )]);
        let mut read = Read::default();
        let file = |path: &str| (path == "/h").then(|| "# x\nA=0\nD=3 \"4\"\n".to_owned());
        let inside =
            container(words).expect("a container").inside(&outside, None, &file, &mut read);
        let said: Vec<_> = inside.into_iter().map(|(name, given)| (name, given.said)).collect();
        let pair = |name: &str, text: &str| (name.to_owned(), Said::Text(text.to_owned()));
        assert_eq!(said, [pair("A", "1"), pair("B", "2"), pair("D", "3 \"4\"")]);
        assert_eq!(
            read.mounts,
            [
                Mount::new("/b", Some("/a")),
                Mount::new("/c", None),
                Mount::new("/e", Some("/d")),
                Mount::new("/f", None),
                Mount::new("/g", None),
            ]
        );
        let unsaid: Vec<_> = read.unsaid.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(
            unsaid,
            [
                "`--volumes-from` of the container is `other`",
                "the container has variables of `/i`, which is not here"
            ]
        );
    }
}
