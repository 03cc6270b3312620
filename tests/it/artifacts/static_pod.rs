//! A static Pod, read by kubectl into the types that the kubelet has, too.

use crate::support::build::{Output, example};
use crate::support::run::{run, stdout};
use bouquet_model::places::places;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const ALL: &str = "formats = [\"command\", \"static-pod\"]";

/// Options with paths of every kind, values that mean something else to a kubelet or to YAML, and IPv6.
const ODD: &str = r#"
[cluster]
token = "$(HOSTNAME) $$ {{ 1 }} 'a' \"b\""
etcd = "3.5.33"
FORMATS

[etcd]
data-dir = "/data/etcd"
wal-dir = "/wal/etcd/wal"
log-outputs = ["stderr", "/var/log/etcd é/etcd.log"]
auth-token = "jwt,pub-key=/etc/etcd/jwt/public.pem,priv-key=/etc/etcd/jwt/private.pem,sign-method=ES256"
listen-client-http-urls = ["unixs:///run/etcd/http.sock"]
listen-metrics-urls = ["http://[::]:2381"]

[[member]]
name = "a"
ip = "fd00::1"

[[client]]
name = "root"
"#;

/// The specs that are tried, and a member of each.
fn specs() -> Vec<(String, &'static str)> {
    let kubernetes =
        example("kubernetes").replace("etcd = \"3.5\"", &format!("etcd = \"3.5.33\"\n{ALL}"));
    let odd = ODD.replace("FORMATS", ALL);
    let plain = format!(
        "[cluster]\ntoken = \"t\"\netcd = \"3.6.0\"\n{ALL}\n[tls]\nenabled = false\n[[member]]\nname = \"a\"\nip = \"10.0.0.1\"\n"
    );
    vec![(kubernetes, "etcd-0"), (odd, "a"), (plain, "a")]
}

fn manifest(output: &Output, member: &str) -> Value {
    let text = output.read(&format!("members/{member}/etcd.yaml"));
    serde_saphyr::from_str(&text).expect("YAML")
}

/// It leaves out what it does not know, and fails at what has another type.
#[test]
fn kubectl_knows_every_field_and_takes_every_value() {
    for (spec, member) in specs() {
        let output = Output::of(&spec);
        let mut pod = manifest(&output, member);
        let read = by_kubectl(&output.path(&format!("members/{member}/etcd.yaml")));
        pod["spec"]["containers"][0]["image"] = json!(IMAGE);
        has_all_of(&read, &pod, "");
    }
}

#[test]
fn kubectl_leaves_out_a_field_that_is_none() {
    let (spec, member) = specs().remove(0);
    let output = Output::of(&spec);
    let text = output.read(&format!("members/{member}/etcd.yaml"));
    let file = output.beside("wrong.yaml");
    std::fs::write(&file, text.replace("hostNetwork:", "hostNetworks:")).expect("a file");
    assert_eq!(by_kubectl(&file)["spec"].get("hostNetworks"), None);
    std::fs::write(&file, text.replace("hostNetwork: true", "hostNetwork: 1")).expect("a file");
    assert!(!run(&mut kubectl(&file)).ok);
}

/// At the path that the node has, and to be written where etcd writes.
#[test]
fn all_that_options_name_is_in_the_container() {
    for (spec, member) in specs() {
        let output = Output::of(&spec);
        let pod = manifest(&output, member);
        let mounts = pod["spec"]["containers"][0]["volumeMounts"].as_array().expect("a list");
        let volumes = pod["spec"]["volumes"].as_array().expect("a list");
        let names = |list: &[Value]| list.iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
        assert_eq!(names(mounts), names(volumes));
        for (mount, volume) in mounts.iter().zip(volumes) {
            assert_eq!(mount["mountPath"], volume["hostPath"]["path"]);
        }
        for place in places(&output.cluster, output.cluster.member(member).expect("a member")) {
            let here = |mount: &&Value| {
                let folder = Path::new(mount["mountPath"].as_str().expect("a path"));
                Path::new(place.path.as_str()).starts_with(folder)
                    && mount["readOnly"] == json!(!place.is_written())
            };
            assert!(mounts.iter().any(|mount| here(&mount)), "{place:?} in {mounts:#?}");
        }
    }
}

/// Whose folder of data is missing begins with nothing; folders for logs are made.
#[test]
fn folders_that_have_to_be_there_are_not_made() {
    let output = Output::of(&ODD.replace("FORMATS", ALL));
    let pod = manifest(&output, "a");
    let volumes = pod["spec"]["volumes"].as_array().expect("a list");
    let kinds = volumes.iter().map(|volume| &volume["hostPath"]);
    let kinds: Vec<_> = kinds.map(|path| (path["path"].as_str(), path["type"].as_str())).collect();
    assert_eq!(
        kinds,
        [
            (Some("/data/etcd"), Some("Directory")),
            (Some("/run/etcd"), Some("DirectoryOrCreate")),
            (Some("/var/log/etcd é"), Some("DirectoryOrCreate")),
            (Some("/wal/etcd"), Some("Directory")),
            (Some("/etc/etcd/jwt"), Some("Directory")),
            (Some("/opt/etcd/certs"), Some("Directory")),
        ]
    );
}

/// A new file in everybody's folders, which most have no kubelet for, would be one more to be told about.
#[test]
fn it_is_written_where_it_is_asked_for() {
    let asked = Output::of(&ODD.replace("FORMATS", ALL));
    assert!(asked.read("README.md").contains("| `etcd.yaml` | "));
    let not_asked = Output::of(&ODD.replace("FORMATS", ""));
    assert!(!not_asked.path("members/a/etcd.yaml").exists());
    assert!(!not_asked.read("README.md").contains("| `etcd.yaml` | "));
}

const IMAGE: &str = "registry.zyxasr.io/etcd:1";

/// What kubectl makes of a file, without a cluster.
fn by_kubectl(file: &Path) -> Value {
    serde_json::from_str(&stdout(&mut kubectl(file))).expect("JSON")
}

/// It reads the file into its types, gives the container another image, and prints all of it.
fn kubectl(file: &Path) -> Command {
    let mut command = Command::new("kubectl");
    command.args(["set", "image", "--local", "--output=json", "--filename"]).arg(file);
    command.arg(format!("etcd={IMAGE}")).env("KUBECONFIG", "/dev/null");
    command
}

/// All of the second is in the first.
fn has_all_of(read: &Value, written: &Value, at: &str) {
    match written {
        Value::Object(fields) => {
            for (name, value) in fields {
                has_all_of(&read[name], value, &format!("{at}/{name}"));
            }
        }
        Value::Array(items) => {
            for (number, value) in items.iter().enumerate() {
                has_all_of(&read[number], value, &format!("{at}/{number}"));
            }
        }
        // It says nothing of what is so anyway.
        Value::Bool(false) | Value::Number(_) if read.is_null() => {
            assert!(written == &json!(false) || written == &json!(0), "{at}: {written}");
        }
        value => assert_eq!(read, value, "{at}"),
    }
}
