//! Mistakes of those who hand files in: each is told, and none shows what is secret.

use super::{Folder, Form};
use bouquet_x509::pem;

pub(super) const ENV: &str = "ETCD_NAME=orange\nETCD_DATA_DIR=/data/etcd\n\
                   ETCD_INITIAL_ADVERTISE_PEER_URLS=http://10.0.0.1:2380\n\
                   ETCD_LISTEN_PEER_URLS=http://10.0.0.1:2380\n\
                   ETCD_LISTEN_CLIENT_URLS=http://10.0.0.1:2379,http://127.0.0.1:2379\n\
                   ETCD_ADVERTISE_CLIENT_URLS=http://10.0.0.1:2379\n\
                   ETCD_INITIAL_CLUSTER=orange=http://10.0.0.1:2380,pink=http://10.0.0.2:2380\n";

/// Returns the same file for another member.
fn pink() -> String {
    ENV.replace("ETCD_NAME=orange", "ETCD_NAME=pink")
        .replace("PEER_URLS=http://10.0.0.1", "PEER_URLS=http://10.0.0.2")
        .replace("CLIENT_URLS=http://10.0.0.1", "CLIENT_URLS=http://10.0.0.2")
}

#[test]
fn members_of_one_cluster_are_taken_together() {
    let folder = Folder::of("a.env", ENV, "3.5.21").and("b.env", pink());
    let adopted = folder.adopt().expect("a spec");
    assert!(adopted.told.is_whole(), "{}", adopted.told.text());
    assert_eq!(adopted.text.matches("[[member]]").count(), 2);
    assert_eq!(adopted.text.matches("data-dir").count(), 1);
}

#[test]
fn a_file_that_is_no_configuration_is_refused() {
    let key = pem::encode("PRIVATE KEY", b"hush, a secret");
    let cases: [(&[u8], &str); 7] = [
        (b"", "it is empty, and no configuration"),
        (b"\x7fELF\x02\0\0", "it is a program or other data, and no configuration"),
        (b"ETCD_NAME=\xff\n", "it is no text in UTF-8, and no configuration"),
        (key.as_bytes(), "it is a private key, and no configuration"),
        (b"hello there\n", "it is no configuration of etcd's"),
        (b"A=b\n", "it gives etcd no option, read as an environment file"),
        (b"\xff\xfeE\0", "it is text in UTF-16"),
    ];
    for (content, message) in cases {
        let folder = Folder { etcd: Some("3.5.21"), ..Folder::default() }.and("x", content);
        assert_eq!(folder.refused(), [message]);
        let errors = folder.adopt().map(|adopted| adopted.text).expect_err("a refusal");
        let all = format!("{errors:?}");
        assert!(!all.contains("hush") && !all.contains(&key[30..60]), "{all}");
    }
    let missing = Folder { given: vec!["y".into()], ..Folder::of("x", ENV, "3.5") };
    assert_eq!(missing.refused(), ["`/here/y` cannot be read: entity not found"]);
}

#[test]
fn the_version_is_asked_for() {
    let folder = Folder { etcd: None, ..Folder::of("etcd.env", ENV, "3.5") };
    assert_eq!(folder.refused(), ["which etcd the members run is not in these files"]);
}

#[test]
fn misspelt_options_are_told_with_what_was_meant() {
    let text = format!("{ENV}ETCD_HEARTBEAT_INTERVALL=200\nETCD_SECRET_THING=hush\n");
    let shown = Folder::of("etcd.env", &text, "3.5.21").shown();
    assert!(
        shown.contains("warning: `ETCD_HEARTBEAT_INTERVALL` is not an option of etcd"),
        "{shown}"
    );
    assert!(shown.contains("help: did you mean `heartbeat-interval`?"), "{shown}");
    assert!(shown.contains("etcd.env:8") && !shown.contains("hush"), "{shown}");
    let flags = Folder::of("x.sh", "etcd --name a --heartbeat-intervall=200\n", "3.5.21");
    assert_eq!(flags.refused(), ["`--heartbeat-intervall` is not an option of etcd"]);
}

#[test]
fn an_option_of_another_version_is_told() {
    let flag = "etcd --name a --experimental-corrupt-check-time=1h\n";
    assert_eq!(
        Folder::of("x.sh", flag, "3.7.0").refused(),
        ["`experimental-corrupt-check-time` was removed in etcd 3.7"]
    );
    let variable = format!("{ENV}ETCD_PROXY=off\n");
    let shown = Folder::of("etcd.env", &variable, "3.6.1").shown();
    assert!(shown.contains("warning: `proxy` was removed in etcd 3.6"), "{shown}");
}

#[test]
fn what_is_a_flag_and_a_variable_is_refused() {
    let text = "export ETCD_NAME=a\netcd --name a --data-dir /d\n";
    assert_eq!(
        Folder::of("x.sh", text, "3.5.21").refused(),
        ["`name` is a flag and `ETCD_NAME` is set"]
    );
}

#[test]
fn what_only_the_node_knows_is_asked_for() {
    let text = "etcd --name $(hostname -s) --data-dir /d\n";
    assert_eq!(
        Folder::of("x.sh", text, "3.5.21").refused(),
        ["`name` has `$(hostname -s)`, which is known only on the node"]
    );
}

#[test]
fn members_of_two_clusters_or_of_one_name_are_refused() {
    let twice = Folder::of("a.env", ENV, "3.5.21").and("b.env", ENV);
    assert_eq!(twice.refused(), ["two files are of a member called `orange`"]);
    let token = format!("{}ETCD_INITIAL_CLUSTER_TOKEN=x\n", pink());
    let tokens = Folder::of("a.env", ENV, "3.5.21").and("b.env", token);
    assert_eq!(tokens.refused(), ["members have different `initial-cluster-token`s"]);
    let apart = pink().replace("orange=http://10.0.0.1:2380,", "");
    let alone = ENV.replace(",pink=http://10.0.0.2:2380", "");
    let apart = Folder::of("a.env", &alone, "3.5.21").and("b.env", apart);
    assert_eq!(apart.refused(), ["`a.env` and `b.env` are of two clusters"]);
}

#[test]
fn a_member_may_be_known_by_its_name_alone() {
    let by_name = ENV
        .replace("10.0.0.1:2380,pink", "orange.b:2380,pink")
        .replace("PEER_URLS=http://10.0.0.1", "PEER_URLS=http://orange.b")
        .replace("LISTEN_PEER_URLS=http://orange.b", "LISTEN_PEER_URLS=http://0.0.0.0")
        .replace("ADVERTISE_CLIENT_URLS=http://10.0.0.1", "ADVERTISE_CLIENT_URLS=http://orange.b")
        .replace("http://10.0.0.1:2379,http://127.0.0.1:2379", "http://0.0.0.0:2379");
    let adopted = Folder::of("a.env", &by_name, "3.5.21").adopt().expect("a spec");
    assert!(adopted.told.is_whole(), "{}", adopted.told.text());
    let mut folder = Folder::of("a.env", &by_name, "3.5.21");
    folder.ips.insert("orange".to_owned(), "10.0.0.1".parse().expect("an address"));
    let told = folder.adopt().expect("a spec");
    assert!(told.text.contains("ip = \"10.0.0.1\""), "{}", told.text);
    assert!(adopted.text.contains("advertise = \"hostname\""), "{}", adopted.text);
}

#[test]
fn a_refused_option_is_listed_without_its_value() {
    let text = "etcd --name a --data-dir /d --discovery-srv hush.example --force-new-cluster\n";
    let shown = Folder::of("x.sh", text, "3.5.21").shown();
    assert!(shown.contains("error: `discovery-srv` has no place in cluster.toml"), "{shown}");
    assert!(shown.contains("error: `force-new-cluster` has no place in cluster.toml"), "{shown}");
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn the_form_can_be_named() {
    let folder =
        Folder { form: Some(Form::Yaml), ..Folder::of("x", "{name: a, data-dir: /d}", "3.5") };
    assert!(folder.adopt().is_ok());
    let folder = Folder { form: Some(Form::Systemd), ..Folder::of("x", ENV, "3.5") };
    assert_eq!(folder.refused(), ["the unit has no `ExecStart=`"]);
}

#[test]
fn a_configuration_file_that_is_named_takes_the_place_of_flags() {
    let unit =
        "[Service]\nUser=etcd\nExecStart=/usr/bin/etcd --config-file /etc/etcd/etcd.conf.yml\n";
    let file = "name: orange\ndata-dir: /data/etcd\n";
    let folder = Folder::of("etcd.service", unit, "3.5.21").with("etcd.conf.yml", file);
    let adopted = folder.adopt().expect("a spec");
    assert!(adopted.text.contains("name = \"orange\""), "{}", adopted.text);
    let alone = Folder::of("etcd.service", unit, "3.5.21");
    assert_eq!(alone.refused(), ["etcd reads `/etc/etcd/etcd.conf.yml`, which is not here"]);
}

#[test]
fn variables_of_etcdctl_beside_those_of_etcd_are_no_difference_of_units() {
    let unit = |name: &str| {
        format!("[Service]\nUser=root\nEnvironmentFile=/etc/{name}.env\nExecStart=/usr/bin/etcd\n")
    };
    let env = |env: &str, name: &str| {
        format!("{env}GOGC=50\nETCDCTL_KEY=/etc/ssl/etcd/ssl/admin-{name}-key.pem\n")
    };
    let folder = Folder::of("a.service", &unit("a"), "3.5.21").with("a.env", env(ENV, "a"));
    let folder = folder.and("b.service", unit("b")).with("b.env", env(&pink(), "b"));
    let adopted = folder.adopt().expect("a spec");
    assert!(adopted.told.is_whole(), "{}", adopted.told.text());
    assert!(
        adopted.text.contains("user = \"root\"\nenvironment = [\"GOGC=50\"]\n"),
        "{}",
        adopted.text
    );
    assert!(!adopted.text.contains("ETCDCTL"), "{}", adopted.text);
}

#[test]
fn what_a_retention_counts_is_said() {
    let env = format!("{ENV}ETCD_AUTO_COMPACTION_RETENTION=8\n");
    for (name, text, version) in [
        ("a.env", env, "3.5.21"),
        ("a.yml", retention("8"), "3.6.16"),
        ("a.yml", retention("8"), "3.7.3"),
    ] {
        let adopted = Folder::of(name, &text, version).adopt().expect("a spec");
        assert!(adopted.told.is_whole(), "{}", adopted.told.text());
        let wanted = "auto-compaction-mode = \"periodic\"\nauto-compaction-retention = \"8\"\n";
        assert!(adopted.text.contains(wanted), "{version}: {}", adopted.text);
        assert!(!adopted.told.text().contains("is left out"), "{}", adopted.told.text());
    }
}

/// Before 3.6 only the flag has a mode by default.
#[test]
fn a_retention_that_counts_nothing_is_left_out() {
    for (retention, version) in
        [(retention("8"), "3.4.23"), (retention("8"), "3.5.21"), (retention("0s"), "3.5.21")]
    {
        let adopted = Folder::of("a.yml", &retention, version).adopt().expect("a spec");
        let told = adopted.told.text();
        assert!(adopted.told.is_whole(), "{told}");
        assert!(!adopted.text.contains("auto-compaction"), "{}", adopted.text);
        assert!(told.contains("so that etcd compacts nothing"), "{told}");
    }
}

#[test]
fn a_retention_with_which_etcd_does_not_start_is_refused() {
    for version in ["3.4.23", "3.5.21"] {
        assert_eq!(
            Folder::of("a.yml", &retention("8h"), version).refused(),
            ["`auto-compaction-retention` is `8h`, without `auto-compaction-mode`"]
        );
    }
    for version in ["3.6.16", "3.7.3"] {
        let adopted = Folder::of("a.yml", &retention("8h"), version).adopt().expect("a spec");
        let wanted = "auto-compaction-mode = \"periodic\"\nauto-compaction-retention = \"8h\"\n";
        assert!(adopted.text.contains(wanted), "{version}: {}", adopted.text);
    }
}

/// Returns a file with that retention, which does not say what it counts.
fn retention(retention: &str) -> String {
    format!(
        "name: orange\ndata-dir: /data/etcd\nlisten-peer-urls: http://10.0.0.1:2380\n\
         initial-advertise-peer-urls: http://10.0.0.1:2380\n\
         listen-client-urls: http://10.0.0.1:2379,http://127.0.0.1:2379\n\
         advertise-client-urls: http://10.0.0.1:2379\n\
         initial-cluster: orange=http://10.0.0.1:2380\nauto-compaction-retention: \"{retention}\"\n"
    )
}
