//! What a unit does with the folders and files that a member's options name.

use super::artifacts::CLUSTER;
use bouquet_model::artifact;
use bouquet_model::cluster::Setting;
use bouquet_model::option::{OPTIONS, Raw};
use bouquet_model::prelude::*;

/// Lines of the unit that are about folders, but for the script that makes them.
fn lines(options: &[(&str, Raw<'_>)], certs_dir: &str) -> Vec<String> {
    let version = EtcdVersion::new(Minor::V3_5, Some(30));
    let mut cluster = Cluster { version, ..CLUSTER.clone() };
    cluster.tls.as_mut().expect("TLS").certs_dir = NodePath::parse(certs_dir).expect("a path");
    let options = options.iter().map(|(name, raw)| {
        let option = OPTIONS.iter().find(|option| option.name() == *name).expect(name);
        Setting {
            name: option.name(),
            value: option.check(*raw, cluster.version).expect("a value"),
        }
    });
    cluster.members.to_mut()[0].options = options.collect::<Vec<_>>().into();
    let unit = artifact::all(&cluster).find(|file| file.path.ends_with("etcd.service"));
    let about = [
        "RequiresMountsFor=",
        "ReadWritePaths=",
        "WorkingDirectory=",
        "ProtectHome=",
        "PrivateTmp=",
    ];
    let text = unit.expect("a unit").text;
    let kept = text.lines().filter_map(|line| {
        let made = line.trim().strip_prefix("done' sh ").map(|folders| format!("made {folders}"));
        let whole =
            about.iter().any(|key| line.starts_with(key)) || line.starts_with("ExecStartPre=mkdir");
        made.or_else(|| whole.then(|| line.to_owned()))
    });
    kept.collect()
}

#[test]
fn without_a_data_dir_the_data_is_where_services_have_their_state() {
    assert_eq!(
        lines(&[], "/opt/etcd/certs"),
        [
            "RequiresMountsFor=/opt/etcd/certs",
            "RequiresMountsFor=/var/lib/etcd",
            "made /var/lib/etcd",
            "ReadWritePaths=-/var/lib/etcd",
            "WorkingDirectory=-/var/lib/etcd",
            "PrivateTmp=yes",
            "ProtectHome=yes",
        ]
    );
}

/// etcd renames `wal-dir.tmp` to `wal-dir`, which is therefore no mount point and not made before.
#[test]
fn the_folder_above_a_wal_dir_is_opened_and_not_the_wal_dir() {
    let of = |data, wal| {
        let lines = lines(&[("data-dir", Raw::Str(data)), ("wal-dir", Raw::Str(wal))], "/c/certs");
        lines.into_iter().filter(|line| !line.starts_with('P')).collect::<Vec<_>>()
    };
    assert_eq!(
        of("/var/lib/etcd/data", "/var/lib/etcd/wal"),
        [
            "RequiresMountsFor=/c/certs",
            "RequiresMountsFor=/var/lib/etcd",
            "RequiresMountsFor=/var/lib/etcd/data",
            "made /var/lib/etcd",
            "ReadWritePaths=-/var/lib/etcd",
        ]
    );
    assert_eq!(
        of("/data/etcd", "/wal/etcd/wal"),
        [
            "RequiresMountsFor=/c/certs",
            "RequiresMountsFor=/data/etcd",
            "RequiresMountsFor=/wal/etcd",
            "made /data/etcd /wal/etcd",
            "ReadWritePaths=-/data/etcd",
            "ReadWritePaths=-/wal/etcd",
        ]
    );
    assert_eq!(
        of("/data/etcd", "/data/etcd/wal"),
        [
            "RequiresMountsFor=/c/certs",
            "RequiresMountsFor=/data/etcd",
            "made /data/etcd",
            "ReadWritePaths=-/data/etcd",
        ]
    );
}

#[test]
fn a_folder_for_logs_is_made_by_root_or_within_etcds_own_by_etcd() {
    let outputs = ["stderr", "/var/log/etcd/a.log", "/data/etcd/log/b.log"];
    let options = [("data-dir", Raw::Str("/data/etcd")), ("log-outputs", Raw::List(&outputs))];
    assert_eq!(
        lines(&options, "/c/certs"),
        [
            "RequiresMountsFor=/c/certs",
            "RequiresMountsFor=/data/etcd",
            "RequiresMountsFor=/data/etcd/log",
            "RequiresMountsFor=/var/log/etcd",
            "made /data/etcd",
            "made /var/log/etcd",
            "ExecStartPre=mkdir -p /data/etcd/log",
            "ReadWritePaths=-/data/etcd",
            "ReadWritePaths=-/var/log/etcd",
            "PrivateTmp=yes",
            "ProtectHome=yes",
        ]
    );
}

/// Whichever option names them.
#[test]
fn what_is_read_is_not_hidden_and_its_disk_is_waited_for() {
    let key = Raw::Str("jwt,sign-method=RS256,priv-key=/home/etcd/jwt.key");
    let list = Raw::Str("/tmp/lists/revoked.crl");
    let of = |option, raw, certs| lines(&[("data-dir", Raw::Str("/data")), (option, raw)], certs);

    let home = of("auth-token", key, "/c/certs");
    for line in ["ProtectHome=read-only", "PrivateTmp=yes", "RequiresMountsFor=/home/etcd"] {
        assert!(home.iter().any(|l| l == line), "{line} in {home:?}");
    }
    for option in ["client-crl-file", "peer-crl-file"] {
        let temporary = of(option, list, "/c/certs");
        assert!(
            temporary.iter().any(|line| line == "RequiresMountsFor=/tmp/lists"),
            "{temporary:?}"
        );
        assert!(temporary.iter().all(|line| !line.starts_with("PrivateTmp=")), "{temporary:?}");
    }
    let certs = of("name", Raw::Str("x"), "/run/user/1/certs");
    assert!(certs.iter().any(|line| line == "ProtectHome=read-only"), "{certs:?}");

    let data = lines(&[("data-dir", Raw::Str("/home/etcd/data"))], "/c/certs");
    assert!(data.iter().all(|line| !line.starts_with("ProtectHome=")), "{data:?}");
}

#[test]
fn a_socket_can_be_made() {
    let urls = ["unixs:///run/etcd/http.sock"];
    let made = lines(&[("listen-client-http-urls", Raw::List(&urls))], "/c/certs");
    assert!(made.iter().any(|line| line == "ReadWritePaths=-/run/etcd"), "{made:?}");
}
