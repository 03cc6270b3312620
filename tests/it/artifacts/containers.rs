//! Containers and new machines, by what reads these files: Podman's generator of units, the reader of Docker Compose, and
//! cloud-init.

use crate::support::build::{Output, example};
use crate::support::read::{self, Options};
use crate::support::run::{run, stdout, tools};
use bouquet_model::places::places;
use bouquet_model::settings::settings;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const ALL: &str = "formats = [\"systemd\", \"quadlet\", \"compose\", \"cloud-init\"]";

/// Options with paths of every kind, and values that mean something else to systemd, to Compose or to YAML.
const ODD: &str = r#"
[cluster]
token = "$(HOSTNAME) ${HOME} $$ %n 100% {{ 1 }} 'a' \"b\" \\"
etcd = "3.5.33"
FORMATS

[etcd]
data-dir = "/data/etcd, %n"
wal-dir = "/wal/etcd/wal"
log-outputs = ["stderr", "/var/log/etcd é $x/etcd.log"]
auth-token = "jwt,pub-key=/etc/etcd/jwt/public.pem,priv-key=/etc/etcd/jwt/private.pem,sign-method=ES256"
listen-client-http-urls = ["unixs:///run/etcd/http.sock"]
experimental-memory-mlock = true

[[member]]
name = "A_1.b"
ip = "fd00::1"

[[client]]
name = "root"
"#;

/// The specs that are tried, and a member of each.
fn specs() -> Vec<(String, &'static str)> {
    let usual =
        example("kubernetes").replace("etcd = \"3.5\"", &format!("etcd = \"3.5.33\"\n{ALL}"));
    let plain = format!(
        "[cluster]\ntoken = \"t\"\netcd = \"3.4.23\"\n{ALL}\n[tls]\nenabled = false\n[[member]]\nname = \"a\"\nip = \"10.0.0.1\"\n"
    );
    vec![(usual, "etcd-0"), (ODD.replace("FORMATS", ALL), "A_1.b"), (plain, "a")]
}

fn each(test: impl Fn(&Output, &str, &Path)) {
    for (spec, member) in specs() {
        let output = Output::of(&spec);
        test(&output, member, &output.path(&format!("members/{member}")));
    }
}

fn expected(output: &Output, member: &str) -> Options {
    let member = output.cluster.member(member).expect("a member");
    let settings = settings(&output.cluster, member);
    settings.iter().map(|it| (it.name.to_owned(), it.value.flag_text())).collect()
}

/// Every path that options name is at the same path in the container, and can be written where etcd writes.
fn all_is_there(output: &Output, member: &str, mounts: &[(String, bool)]) {
    for place in places(&output.cluster, output.cluster.member(member).expect("a member")) {
        let here = |(path, is_written): &&(String, bool)| {
            Path::new(place.path.as_str()).starts_with(path) && *is_written == place.is_written()
        };
        assert!(mounts.iter().any(|mount| here(&mount)), "{place:?} in {mounts:#?}");
    }
}

#[test]
fn compose_reads_every_option_and_every_folder() {
    each(|output, member, folder| {
        let read = stdout(&mut read::compose(&folder.join("compose.yaml")));
        let read: Value = serde_json::from_str(&read).expect("JSON");
        let service = &read["services"]["etcd"];
        let words = read::command_of_service(service);
        assert_eq!(read::of_etcd(&words), expected(output, member));
        assert_eq!(service["network_mode"], "host");
        let volumes = service["volumes"].as_array().expect("a list");
        let mount = |volume: &Value| {
            assert_eq!(volume["source"], volume["target"]);
            let path = volume["target"].as_str().expect("a path").to_owned();
            (path, volume["read_only"] != Value::Bool(true))
        };
        all_is_there(output, member, &volumes.iter().map(mount).collect::<Vec<_>>());
    });
}

#[test]
fn compose_refuses_what_is_no_key() {
    let output = Output::of(&ODD.replace("FORMATS", ALL));
    let text = output.read("members/A_1.b/compose.yaml").replace("network_mode", "network");
    let file = output.beside("wrong.yaml");
    fs::write(&file, text).expect("a file");
    assert!(!run(&mut read::compose(&file)).ok);
}

/// A folder of data that is missing is not made, one of logs is.
#[test]
fn folders_that_have_to_be_there_are_not_made() {
    let output = Output::of(&ODD.replace("FORMATS", ALL));
    let text = output.read("members/A_1.b/compose.yaml");
    let file: Value = serde_saphyr::from_str(&text).expect("YAML");
    let volumes = file["services"]["etcd"]["volumes"].as_array().expect("a list");
    let made = |volume: &&Value| volume["bind"]["create_host_path"] == Value::Bool(true);
    let made: Vec<_> =
        volumes.iter().filter(made).map(|volume| volume["source"].as_str()).collect();
    assert_eq!(made, [Some("/run/etcd"), Some("/var/log/etcd é $$x")]);
    let unit = output.read("members/A_1.b/etcd.container");
    let made: Vec<_> = unit.lines().filter(|line| line.starts_with("ExecStartPre=mkdir")).collect();
    assert_eq!(
        made,
        ["ExecStartPre=mkdir -p /run/etcd", "ExecStartPre=mkdir -p \"/var/log/etcd é $$x\""]
    );
}

#[test]
fn podman_makes_a_unit_that_starts_etcd_with_every_option_and_every_folder() {
    each(|output, member, folder| {
        let unit = read::quadlet(&folder.join("etcd.container"));
        let words = read::exec_words(&unit, "/usr/bin/podman");
        let image = words.iter().position(|word| word.contains("/etcd:v")).expect("an image");
        assert!(words[image].ends_with(&format!(":v{}", output.cluster.version)), "{words:?}");
        assert_eq!(read::of_etcd(&words[image + 1..]), expected(output, member), "{unit}");
        let options = &words[..image];
        for option in ["--network", "--http-proxy=false", "--sdnotify=container"] {
            assert!(options.iter().any(|word| word == option), "{option}: {options:?}");
        }
        let mounts: Vec<(String, bool)> = options
            .iter()
            .zip(&options[1..])
            .filter(|(option, _)| *option == "--mount")
            .map(|(_, mount)| mounted(mount))
            .collect();
        all_is_there(output, member, &mounts);
    });
}

/// Before etcd in a container, too.
#[test]
fn the_unit_of_a_container_does_not_start_where_data_is_missing() {
    each(|_, _, folder| {
        let guards = |file: &str| {
            let text = fs::read_to_string(folder.join(file)).expect("a file");
            let begin = text.find("# Not where it has run").expect("a guard");
            let guard = text[begin..].split("ExecStartPre=").nth(1).expect("a script").to_owned();
            guard.split("\n# ").next().expect("its end").split("\nExec").next().map(str::to_owned)
        };
        let container = guards("etcd.container").expect("a guard");
        let container = container.split("\nTimeoutStartSec").next().expect("its end");
        assert_eq!(container.trim_end(), guards("etcd.service").expect("a guard").trim_end());
    });
}

#[test]
fn cloud_init_takes_the_user_data_and_writes_the_unit() {
    each(|_, _, folder| {
        let file = folder.join("cloud-init.yaml");
        let text = fs::read_to_string(&file).expect("a file");
        assert!(text.starts_with("#cloud-config\n"), "{text}");
        let said = run(&mut by_cloud_init(&file));
        assert!(said.ok && format!("{}{}", said.stdout, said.stderr).contains("Valid"), "{said:?}");
        let data: Value = serde_saphyr::from_str(&text).expect("YAML");
        let written = &data["write_files"][0];
        let unit = fs::read_to_string(folder.join("etcd.service")).expect("a unit");
        assert_eq!(written["content"].as_str(), Some(unit.as_str()));
        assert!(!text.contains("PRIVATE KEY"));
        let wrong = file.with_extension("wrong.yaml");
        fs::write(&wrong, text.replace("permissions: \"0644\"", "permissions: 644"))
            .expect("a file");
        assert!(!run(&mut by_cloud_init(&wrong)).ok);
    });
}

/// They are for those who asked: each names one release, or is for machines that are yet to be made.
#[test]
fn they_are_written_where_they_are_asked_for() {
    let not_asked = Output::of(&ODD.replace("FORMATS", ""));
    for file in ["compose.yaml", "etcd.container", "cloud-init.yaml"] {
        assert!(!not_asked.path(&format!("members/A_1.b/{file}")).exists(), "{file}");
        assert!(!not_asked.read("README.md").contains(file), "{file}");
    }
    let asked = Output::of(&ODD.replace("FORMATS", ALL));
    assert!(asked.read("README.md").contains("| `etcd.container` | "));
}

fn by_cloud_init(file: &Path) -> Command {
    let mut command = Command::new(tools().join("venv/bin/python"));
    command.args(["-m", "cloudinit.cmd.main", "schema", "--config-file"]).arg(file);
    command.env("PYTHONPATH", tools().join("cloud-init"));
    command
}

/// Returns the folder of `type=bind,source=…`, and whether it is written.
fn mounted(mount: &str) -> (String, bool) {
    let field = |key: &str| {
        let quoted = format!("\"{key}=");
        let plain = format!("{key}=");
        match mount.split_once(&quoted) {
            Some((_, rest)) => rest.split('"').next().expect("an end").to_owned(),
            None => mount.split_once(&plain).expect(key).1.split(',').next().expect(key).to_owned(),
        }
    };
    assert_eq!(field("source"), field("destination"));
    (field("source"), !mount.contains("ro=true"))
}
