//! Each artifact read back into options, by the program that it was written for where there is one.

use super::node::is_root;
use super::run::{run, stdout, tools};
use bouquet_model::option::{GoDuration, OPTIONS, Yaml, YamlForm};
use bouquet_model::version::EtcdVersion;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// Options by name, with the text that a flag would have.
pub(crate) type Options = BTreeMap<String, String>;

/// A shell that a person might use; `sh` is one of them or yet another.
pub(crate) const SHELLS: [&str; 3] = ["sh", "dash", "bash"];

/// A program that stands in for etcd and says how it was called.
const FAKE: &str = "#!/bin/sh\nprintf '%s\\0' \"$@\"\n";

/// The flags that `etcd.sh` calls etcd with.
pub(crate) fn command(script: &Path, shell: &str) -> Options {
    let folder = script.with_file_name("path");
    fs::create_dir_all(&folder).expect("a folder");
    let fake = folder.join("etcd");
    if !fake.exists() {
        fs::write(&fake, FAKE).expect("a file");
        fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let mut command = Command::new(shell);
    command.arg(script).env_clear().env("PATH", path).env("ETCD_NAME", "stray");
    flags(stdout(&mut command).split_terminator('\0'))
}

/// `--name=value`, each once.
fn flags<'a>(words: impl Iterator<Item = &'a str>) -> Options {
    let mut options = Options::new();
    for word in words {
        let flag = word.strip_prefix("--").and_then(|flag| flag.split_once('='));
        let (name, value) = flag.unwrap_or_else(|| panic!("not a flag: {word}"));
        let twice = options.insert(name.to_owned(), value.to_owned());
        assert!(twice.is_none(), "--{name} twice");
    }
    options
}

/// The variables that a shell has after `. etcd.env`.
pub(crate) fn env(file: &Path, shell: &str) -> Options {
    let mut command = Command::new(shell);
    command.args(["-euc", "set -a; . \"$0\"; exec env -0"]).arg(file);
    command.env_clear().env("PATH", "/usr/bin:/bin");
    variables(stdout(&mut command).split_terminator('\0').filter_map(|line| line.split_once('=')))
}

/// The variables that `docker run --env-file` takes from a file, by its own rule: blanks in front of a
/// line go, lines without anything and those with `#` are none, and all behind the first `=` is the value,
/// quotes included (docker/cli, `opts/file.go` and `pkg/kvfile/kvfile.go`; podman, `pkg/env/env.go`).
pub(crate) fn env_by_docker(text: &str) -> Vec<(&str, &str)> {
    let lines = text.lines().map(|line| line.trim_start_matches([' ', '\t']));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once('=').expect("a value")).collect()
}

/// The options among them, but for those that the head of the file names: they need quotes, which
/// would become part of their value.
pub(crate) fn options_by_docker(file: &Path) -> (Options, Vec<String>) {
    let text = fs::read_to_string(file).expect("a file");
    let head = text.split_once("keep quotes as part of a value: they need another way for\n# ");
    let names = head.map_or("", |(_, rest)| rest.lines().next().expect("names"));
    let names: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
    let pairs = env_by_docker(&text).into_iter();
    let (quoted, bare): (Vec<_>, Vec<_>) = pairs.partition(|(_, value)| value.starts_with('"'));
    let quoted: Vec<_> = quoted.into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, quoted, "the head names what docker cannot read");
    let option = |name: &String| name["ETCD_".len()..].to_ascii_lowercase().replace('_', "-");
    (variables(bare.into_iter()), names.iter().map(option).collect())
}

fn variables<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Options {
    let option = |name: &str| name.to_ascii_lowercase().replace('_', "-");
    pairs
        .filter_map(|(name, value)| Some((option(name.strip_prefix("ETCD_")?), value.to_owned())))
        .collect()
}

/// The variables that systemd reads from `etcd.env`.
///
/// The reader of `EnvironmentFile=` is also that of `environment.d`, whose generator can be run
/// alone. It expands variables as the former does not, so it is no judge of a `$`.
pub(crate) fn env_by_systemd(file: &Path) -> Options {
    let home = file.with_file_name("xdg");
    let folder = home.join("environment.d");
    fs::create_dir_all(&folder).expect("a folder");
    fs::copy(file, folder.join("etcd.conf")).expect("a copy");
    let generator =
        "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";
    let printed = stdout(Command::new(generator).env_clear().env("XDG_CONFIG_HOME", &home));
    // It prints what a shell would read, and other settings of this machine too.
    let ours = printed.lines().filter(|line| line.starts_with("ETCD_"));
    // But for a `~`, which it leaves bare, and which a shell takes for someone's home.
    let ours: Vec<String> = ours
        .map(|line| match line.split_once('=') {
            Some((name, value)) if !value.starts_with(['"', '\'', '$']) => {
                format!("{name}={}", value.replace('~', r"\~"))
            }
            _ => line.to_owned(),
        })
        .collect();
    let again = file.with_file_name("etcd.env.by-systemd");
    fs::write(&again, ours.join("\n")).expect("a file");
    env(&again, "bash")
}

/// The flags of `ExecStart=` in a unit, as systemd itself parses it.
pub(crate) fn unit(file: &Path) -> Options {
    let words = exec_words(&fs::read_to_string(file).expect("a unit"), "etcd");
    flags(words.iter().map(String::as_str))
}

/// The words that systemd hands to the program that a unit starts.
pub(crate) fn exec_words(unit: &str, program: &str) -> Vec<String> {
    // Not in a build's folder, which is its owner's alone.
    let open = fs::Permissions::from_mode(0o755);
    let folder = tempfile::Builder::new().permissions(open).tempdir().expect("a folder");
    // An absolute path, because systemd looks for the program when it loads the unit.
    let text = unit.replace(&format!("ExecStart={program} "), "ExecStart=/bin/true ");
    fs::write(folder.path().join("etcd.service"), text).expect("a file");
    // What every unit depends on, and no more of the system than that.
    for target in ["sysinit", "basic", "shutdown"] {
        let unit = "[Unit]\nDefaultDependencies=no\n";
        fs::write(folder.path().join(format!("{target}.target")), unit).expect("a file");
    }
    let mut command = Command::new(if is_root() { "setpriv" } else { "env" });
    if is_root() {
        // As root it would take itself for the system's first process.
        command.args(["--reuid=65534", "--clear-groups", "env"]);
    }
    command.arg("-i").arg(format!("SYSTEMD_UNIT_PATH={}", folder.path().display()));
    command.args(["/usr/lib/systemd/systemd", "--test", "--system", "--unit=etcd.service"]);
    let dump = stdout(&mut command);
    let line = dump.split_once("-> Unit etcd.service:").and_then(|(_, unit)| {
        let start = unit.split_once("-> ExecStart:\n")?.1;
        start.lines().next()?.trim().strip_prefix("Command Line: /bin/true ")
    });
    let line = line.unwrap_or_else(|| panic!("{dump}"));
    // The dump is quoted for a shell; a doubled `$` becomes one when systemd starts the program.
    let words = format!("printf '%s\\0' {line}");
    let words = stdout(Command::new("bash").args(["-euc", &words])).replace("$$", "$");
    words.split_terminator('\0').map(str::to_owned).collect()
}

/// The words that a static Pod starts etcd with, as the kubelet hands them to it: two `$` are one.
pub(crate) fn command_of_pod(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a file");
    let pod: Value = serde_saphyr::from_str(&text).expect("YAML");
    let words = pod["spec"]["containers"][0]["command"].as_array().expect("a list");
    words.iter().map(|word| word.as_str().expect("a text").replace("$$", "$")).collect()
}

/// Where a static Pod has the kubelet ask after it.
pub(crate) fn probes_of_pod(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a file");
    let pod: Value = serde_saphyr::from_str(&text).expect("YAML");
    let container = pod["spec"]["containers"][0].as_object().expect("a container");
    let probes = container.values().map(|field| &field["httpGet"]).filter(|get| get.is_object());
    let part = |get: &Value, name: &str| get[name].to_string().trim_matches('"').to_owned();
    probes
        .map(|get| ["host", "port", "path"].map(|name| part(get, name)))
        .map(|[host, port, path]| format!("http://{host}:{port}{path}"))
        .collect()
}

/// The options in `etcd.yaml`.
pub(crate) fn static_pod(file: &Path) -> Options {
    of_etcd(&command_of_pod(file))
}

/// What Docker Compose makes of a file: its own reader, which puts in variables of the environment.
pub(crate) fn compose(file: &Path) -> Command {
    let mut command = Command::new(tools().join("bin/compose"));
    command.args(["-format", "json"]).arg(file).env("HOME", "/root").env("x", "wrong");
    command
}

/// The words that a service of `compose.yaml` starts.
pub(crate) fn command_of_service(service: &Value) -> Vec<String> {
    let words = service["command"].as_array().expect("a list");
    words.iter().map(|word| word.as_str().expect("a text").to_owned()).collect()
}

/// The unit that Podman has systemd run for `etcd.container`.
pub(crate) fn quadlet(file: &Path) -> String {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    fs::copy(file, folder.path().join("etcd.container")).expect("a copy");
    let mut quadlet = Command::new(tools().join("bin/quadlet"));
    let said = run(quadlet.arg("-dryrun").env("QUADLET_UNIT_DIRS", folder.path()));
    assert!(said.ok && !said.stderr.contains("unsupported"), "{}", said.stderr);
    let (_, unit) = said.stdout.split_once("---etcd.service---\n").expect("a unit");
    unit.to_owned()
}

/// The options of a command of etcd's, such as containers have.
pub(crate) fn of_etcd(words: &[String]) -> Options {
    assert_eq!(words[0], "etcd");
    flags(words[1..].iter().map(String::as_str))
}

/// The options in `etcd.conf.yml`, by the keys that this version of etcd has.
pub(crate) fn yaml(file: &Path, version: EtcdVersion) -> Options {
    let text = fs::read_to_string(file).expect("a file");
    let parsed: Value = serde_saphyr::from_str(&text).expect("YAML");
    let mut options = Options::new();
    for (key, value) in parsed.as_object().expect("a mapping") {
        match value {
            Value::Object(block) => {
                for (inner, value) in block {
                    options.extend([option(&[key, inner], value, version)]);
                }
            }
            value => options.extend([option(&[key], value, version)]),
        }
    }
    options
}

fn option(path: &[&str], value: &Value, version: EtcdVersion) -> (String, String) {
    let known = OPTIONS.iter().find_map(|option| match option.yaml(version) {
        Yaml::Key { path: known, form } if known == path => Some((option, form)),
        _ => None,
    });
    let (option, form) = known.unwrap_or_else(|| panic!("etcd has no key {path:?}"));
    let text = match (form, value) {
        (YamlForm::Bool, Value::Bool(_)) | (YamlForm::Int, Value::Number(_)) => value.to_string(),
        (YamlForm::Nanoseconds, Value::Number(n)) => {
            GoDuration::from_nanos(n.as_i64().expect("nanoseconds")).to_string()
        }
        (YamlForm::Str | YamlForm::Csv, Value::String(text)) => text.clone(),
        (YamlForm::List, Value::Array(items)) => {
            let items: Vec<&str> = items.iter().map(|i| i.as_str().expect("a string")).collect();
            items.join(",")
        }
        _ => panic!("{path:?} is {value}, not {form:?}"),
    };
    (option.name().to_owned(), text)
}
