//! What is said of etcd's process: its program, its variables, and the files that it has in a container.

use super::Folder;
use super::mistakes::ENV;

/// Returns a unit that starts etcd by that line, with the options of a file beside it.
fn unit(line: &str, more: &str) -> Folder {
    let unit =
        format!("[Service]\nUser=etcd\nEnvironmentFile=/etc/etcd.env\n{more}ExecStart={line}\n");
    Folder::of("etcd.service", &unit, "3.5.21").with("etcd.env", ENV)
}

#[test]
fn a_unit_that_is_built_starts_etcd_and_not_what_started_it() {
    for (line, binary) in [
        ("/bin/bash -c \"/usr/local/bin/etcd --pre-vote >>/var/log/etcd.log 2>&1\"", None),
        ("/usr/bin/env X=1 /bin/etcd", None),
        ("/usr/bin/numactl -l /opt/etcd/etcd --pre-vote", Some("/opt/etcd/etcd")),
    ] {
        let adopted = unit(line, "").adopt().expect("a spec");
        assert!(adopted.told.is_whole(), "{line}: {}", adopted.told.text());
        let written = adopted.text.lines().find(|it| it.starts_with("binary"));
        let expected = binary.map(|binary| format!("binary = \"{binary}\""));
        assert_eq!(written, expected.as_deref(), "{line}:\n{}", adopted.text);
        assert_eq!(adopted.text.contains("\"X=1\""), line.contains("X=1"), "{}", adopted.text);
    }
}

#[test]
fn a_container_is_no_program_of_the_node() {
    let line = "/usr/bin/docker run --name etcd --env-file /etc/etcd.env -v /srv/etcd:/data \
                quay.io/coreos/etcd:v3.5.21 /usr/local/bin/etcd --pre-vote";
    let adopted = unit(line, "Environment=A=b\n").adopt().expect("a spec");
    let told = adopted.told.text();
    assert!(told.contains("a container starts etcd"), "{told}");
    assert!(!adopted.text.contains("binary") && !adopted.text.contains("A=b"), "{}", adopted.text);
    assert!(adopted.text.contains("data-dir = \"/srv/etcd/etcd\""), "{}", adopted.text);
}

#[test]
fn a_volume_of_a_container_is_listed() {
    let text = ENV.replace('\n', " -e ").replace("=/data/etcd", "=/data");
    let text = format!(
        "docker run -v data:/data -e {} quay.io/coreos/etcd:v3.5.21 etcd --pre-vote\n",
        text.trim_end_matches(" -e ")
    );
    let shown = Folder::of("etcd.sh", &text, "3.5.21").shown();
    assert!(shown.contains("error: `data-dir` is `/data` in a volume of the container"), "{shown}");
    assert!(!shown.contains("all said"), "{shown}");
}

#[test]
fn a_configuration_file_in_a_container_has_its_paths() {
    let line = "/usr/bin/docker run -v /srv:/data quay.io/coreos/etcd:v3.5.21 etcd \
                --config-file /data/etcd.conf.yml";
    let file = "name: orange\ndata-dir: /data/etcd\nlog-outputs: [stderr, /data/log]\n";
    let folder = unit(line, "").with("etcd.conf.yml", file);
    let text = folder.adopt().expect("a spec").text;
    assert!(text.contains("data-dir = \"/srv/etcd\""), "{text}");
    assert!(text.contains("log-outputs = [\"stderr\", \"/srv/log\"]"), "{text}");
}

#[test]
fn a_proxy_is_listed_and_not_written() {
    let more = "Environment=HTTPS_PROXY=http://proxy.example:3128 NO_PROXY=10.0.0.0/8 GOGC=50\n";
    let adopted = unit("/usr/bin/etcd", more).adopt().expect("a spec");
    let told = adopted.told.text();
    assert!(told.contains("the variable `HTTPS_PROXY` is left out"), "{told}");
    assert!(!adopted.text.contains("HTTPS_PROXY"), "{}", adopted.text);
    assert!(
        adopted.text.contains("GOGC=50") && adopted.text.contains("NO_PROXY"),
        "{}",
        adopted.text
    );
}

#[test]
fn an_unsupported_processor_is_taken_over() {
    let more = "Environment=ETCD_UNSUPPORTED_ARCH=arm\n";
    let adopted = unit("/usr/bin/etcd", more).adopt().expect("a spec");
    assert!(adopted.told.is_whole(), "{}", adopted.told.text());
    let line = "environment = [\"ETCD_UNSUPPORTED_ARCH=arm\"]\n";
    assert!(adopted.text.contains(line), "{}", adopted.text);
    let env = format!("{ENV}ETCD_UNSUPPORTED_ARCH=arm\n");
    let shown = Folder::of("etcd.env", &env, "3.5.21").shown();
    let help = "help: elsewhere, write it under [systemd]: `environment = [\"ETCD_UNSUPPORTED_ARCH=arm\"]`";
    assert!(shown.contains(help), "{shown}");
}

#[test]
fn one_file_with_a_certificate_and_its_key_is_listed() {
    let files = "ETCD_CERT_FILE=/x/etcd.pem\nETCD_KEY_FILE=/x/etcd.pem\n";
    let env = format!("{ENV}{files}").replace("http://", "https://");
    let adopted = Folder::of("etcd.env", &env, "3.5.21").adopt().expect("a spec");
    let told = adopted.told.text();
    assert!(!adopted.text.contains("etcd.pem"), "{}", adopted.text);
    assert!(
        told.contains("cluster.toml cannot express where `orange` has its certificates"),
        "{told}"
    );
    assert!(told.contains("`key-file` is `/x/etcd.pem`"), "{told}");
}
