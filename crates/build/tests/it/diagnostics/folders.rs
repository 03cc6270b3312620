//! Folders and files on the machines: whose they are, whether they stay, what lies in what.

use super::support::{Spec, finds, silent, spec};

fn data(path: &str) -> Spec {
    spec().etcd(&format!("data-dir = {path}"))
}

#[test]
fn folders_of_etcds_own_are_accepted() {
    for options in [
        "data-dir = \"/data/etcd\"",
        "data-dir = \"/data\"",
        "data-dir = \"/home/etcd/data\"",
        "data-dir = \"/usr/local/etcd/\"",
        "data-dir = \"/var/lib/etcd\"\nwal-dir = \"/var/lib/etcd/wal\"",
        "data-dir = \"/var/lib/etcd/data\"\nwal-dir = \"/var/lib/etcd/wal\"",
        "data-dir = \"/data/etcd\"\nwal-dir = \"/wal/etcd/wal\"",
        "data-dir = \"/data/etcd\"\nwal-dir = \"/wal/wal\"\nlog-outputs = [\"/data/etcd/etcd.log\"]",
        "data-dir = \"/data/etcd\"\nwal-dir = \"/data/etcd/member/wal\"",
        "wal-dir = \"/var/lib/etcd/wal\"",
        "log-outputs = [\"stderr\", \"/var/log/etcd.log\", \"/var/lib/etcd/log/etcd.log\"]",
        "auth-token = \"jwt,sign-method=RS256,priv-key=/home/etcd/jwt.key\"",
    ] {
        silent(&spec().etcd(options));
    }
}

#[test]
fn a_folder_of_the_system_is_not_made_etcds() {
    for folder in [
        "/",
        "/bin",
        "/boot",
        "/dev",
        "/etc",
        "/home",
        "/lib",
        "/lib64",
        "/media",
        "/mnt",
        "/opt",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/srv",
        "/sys",
        "/tmp",
        "/usr",
        "/usr/share/etcd",
        "/var",
        "/var/lib",
        "/var/log",
        "/var/cache",
        "/var/tmp",
        "/var/run",
        "/home/ann",
        "/proc/1/cwd",
        "/dev/etcd",
        "/dev/shm",
        "//var//lib/",
    ] {
        for spec in
            [data(&format!("«\"{folder}\"»")), spec().tls(&format!("certs-dir = «\"{folder}\"»"))]
        {
            let said = super::support::findings(&spec);
            assert!(said.contains("which is not etcd's alone"), "{folder}: {said}");
            assert!(said.contains("help: write `"), "{folder}: {said}");
        }
    }
}

#[test]
fn data_in_a_folder_of_the_system_is_refused() {
    finds!(data("«\"/var/lib\"»"));
}

#[test]
fn certificates_in_a_folder_of_the_system_are_refused() {
    finds!(spec().tls("certs-dir = «\"/etc/ssl/certs\"»"));
}

#[test]
fn a_log_in_a_folder_of_the_system_is_refused() {
    finds!(spec().etcd("log-outputs = [«\"/etcd.log\"», \"/var/log/etcd.log\"]"));
}

#[test]
fn the_log_of_changes_needs_a_folder_above_it() {
    for folder in ["/wal", "/var/lib/wal", "/mnt/wal", "/var/lib/wal/"] {
        let deeper = format!("write `wal-dir = \"{}/wal\"`", folder.trim_end_matches('/'));
        let spec = spec().etcd(&format!("data-dir = \"/data\"\nwal-dir = «\"{folder}\"»"));
        let said = super::support::findings(&spec);
        assert!(said.contains(&deeper), "{said}");
    }
    finds!(spec().etcd("data-dir = \"/data/etcd\"\nwal-dir = «\"/wal\"»"));
}

/// What the help says is accepted itself.
#[test]
fn a_log_of_changes_is_not_led_to_where_it_cannot_be_either() {
    for folder in ["/home/ann/wal", "/root/wal", "/run/wal", "/tmp/wal", "/usr/wal"] {
        let spec = spec().etcd(&format!("data-dir = \"/data\"\nwal-dir = «\"{folder}\"»"));
        let said = super::support::findings(&spec);
        assert!(said.contains("write `wal-dir = \"/var/lib/etcd/wal\"`"), "{folder}: {said}");
    }
}

#[test]
fn a_log_or_a_socket_is_led_to_where_it_can_be() {
    for (path, help) in [
        ("/dev/stdout", "write `stdout`"),
        ("/dev/stderr", "write `stderr`"),
        ("/dev/null", "write `/var/log/etcd/null`"),
        ("/usr/lib/etcd.log", "write `/var/log/etcd/etcd.log`"),
        ("/root/etcd.log", "write `/var/log/etcd/etcd.log`"),
        ("/home/ann/etcd.log", "write `/var/log/etcd/etcd.log`"),
        ("/var/log/journal/etcd.log", "write `/var/log/etcd/etcd.log`"),
    ] {
        let said = super::support::findings(&spec().etcd(&format!("log-outputs = [«\"{path}\"»]")));
        assert!(said.contains(help), "{path}: {said}");
    }
    finds!(spec().etcd("listen-client-http-urls = [«\"unixs:///run/http.sock\"»]"));
}

#[test]
fn folders_of_other_programs_are_not_made_etcds() {
    for folder in ["/var/lib/docker", "/etc/ssh", "/efi", "/snap/etcd", "/mnt/disk/lost+found"] {
        let said = super::support::findings(&data(&format!("«\"{folder}\"»")));
        assert!(said.contains("help: write `data-dir = \"/var/lib/etcd\"`"), "{folder}: {said}");
    }
    silent(&data("\"/var/lib/rancher/k3s/server/db/etcd\""));
}

#[test]
fn what_lies_in_the_home_of_another_is_worth_a_warning_where_the_unit_is_written() {
    let options = "data-dir = ‹\"/home/ann/etcd\"›\n\
                   auth-token = ‹\"jwt,sign-method=RS256,priv-key=/home/ann/jwt.key\"›";
    finds!(spec().etcd(options).tls("certs-dir = ‹\"/home/ann/certs\"›"));
    let cluster = "token = \"tok-1\"\netcd = \"3.5.30\"\nformats = [\"command\"]";
    silent(&spec().cluster(cluster).etcd(&options.replace(['‹', '›'], "")));
}

#[test]
fn certificates_that_are_provided_at_each_start_are_accepted() {
    let key = "auth-token = \"jwt,sign-method=ES256,priv-key=/run/secrets/jwt.key,ttl=5m\"";
    silent(&spec().etcd(key).tls("certs-dir = \"/run/secrets/etcd\""));
}

#[test]
fn certificates_and_keys_that_a_reboot_removes_are_worth_a_warning() {
    finds!(
        spec()
            .etcd("auth-token = ‹\"jwt,sign-method=RS256,priv-key=/tmp/jwt.key\"›")
            .tls("certs-dir = ‹\"/run/etcd/certs\"›")
    );
    let said = super::support::findings(&spec().tls("certs-dir = ‹\"/var/tmp/certs\"›"));
    assert!(said.contains("where old files are deleted"), "{said}");
}

#[test]
fn a_key_that_is_a_folder_or_a_device_is_refused() {
    for path in ["/etc", "/dev/zero", "/proc/self/environ", "/var/lib"] {
        let key = format!("auth-token = «\"jwt,sign-method=RS256,priv-key={path}\"»");
        let said = super::support::findings(&spec().etcd(&key));
        assert!(said.contains("which is no file of etcd's"), "{path}: {said}");
    }
    let cluster = "token = \"tok-1\"\netcd = \"3.5.30\"\nformats = [\"command\"]";
    finds!(spec().cluster(cluster).etcd("client-crl-file = «\"/etc/ssl/certs\"»"));
}

#[test]
fn a_clients_folder_that_the_system_has_is_worth_a_warning() {
    let client = |folder: &str| format!("[[client]]\nname = \"root\"\ncerts-dir = {folder}");
    for folder in ["/", "/etc/ssl/certs", "/usr/bin", "/dev/null", "/var/lib"] {
        let said = super::support::findings(&spec().clients(&client(&format!("‹\"{folder}\"›"))));
        assert!(said.contains("which is not its alone"), "{folder}: {said}");
    }
    finds!(spec().clients(&client("‹\"/etc\"›")));
    for folder in ["/home/ann/.etcd", "/root/etcd", "/etc/kubernetes/pki/etcd"] {
        silent(&spec().clients(&client(&format!("\"{folder}\""))));
    }
}

/// Who runs etcd without the unit may own more than `etcd` does.
#[test]
fn a_log_of_changes_anywhere_is_accepted_without_the_unit() {
    let cluster = "token = \"tok-1\"\netcd = \"3.5.30\"\nformats = [\"command\"]";
    silent(&spec().cluster(cluster).etcd("data-dir = \"/data\"\nwal-dir = \"/wal\""));
    let beside = "data-dir = \"/data\"\nwal-dir = \"/opt/etcd/wal\"";
    silent(&spec().cluster(cluster).etcd(beside));
}

#[test]
fn data_that_a_reboot_removes_is_worth_a_warning() {
    for folder in ["/run/etcd", "/var/run/etcd", "/dev/shm/etcd", "/tmp/etcd/data"] {
        let said = super::support::findings(&data(&format!("‹\"{folder}\"›")));
        assert!(said.contains("which a reboot empties"), "{said}");
    }
    finds!(spec().etcd("data-dir = ‹\"/run/etcd\"›\nwal-dir = ‹\"/var/tmp/etcd/wal\"›"));
}

#[test]
fn what_only_root_enters_is_refused_where_the_unit_is_written() {
    finds!(
        spec()
            .etcd(
                "data-dir = «\"/root/etcd\"»\nlog-outputs = [«\"/root/log/etcd.log\"»]\n\
                 auth-token = «\"jwt,sign-method=RS256,priv-key=/root/jwt.key\"»"
            )
            .tls("certs-dir = «\"/root/certs\"»")
    );
    let cluster = "token = \"tok-1\"\netcd = \"3.5.30\"\nformats = [\"command\"]";
    silent(&spec().cluster(cluster).tls("certs-dir = \"/root/certs\""));
}

#[test]
fn log_in_the_folder_of_the_data_is_refused_without_the_unit_too() {
    let cluster = "token = \"tok-1\"\netcd = \"3.5.30\"\nformats = [\"command\"]";
    let said = super::support::findings(
        &spec().cluster(cluster).etcd("data-dir = \"/data\"\nwal-dir = «\"/data\"»"),
    );
    assert!(said.contains("are the same folder"), "{said}");
}

#[test]
fn log_in_the_folder_of_the_data_is_refused() {
    finds!(spec().etcd("data-dir = \"/data/etcd\"\nwal-dir = «\"/data//etcd/\"»"));
}

#[test]
fn log_in_the_folder_that_etcd_makes_in_the_data_is_refused() {
    let snap = "data-dir = \"/data/etcd\"\nwal-dir = «\"/data/etcd/member/snap\"»";
    assert!(super::support::findings(&spec().etcd(snap)).contains("keeps its database"));
    finds!(spec().etcd("data-dir = \"/data/etcd\"\nwal-dir = «\"/data/etcd/member\"»"));
}

#[test]
fn data_in_the_log_would_be_removed() {
    finds!(spec().etcd("data-dir = \"/data/etcd/data\"\nwal-dir = «\"/data/etcd\"»"));
}

#[test]
fn data_below_the_certificates_would_go_with_them() {
    finds!(spec().etcd("data-dir = \"/opt/etcd/data\"").tls("certs-dir = «\"/opt/etcd/\"»"));
}

#[test]
fn data_and_certificates_in_one_folder_are_refused() {
    finds!(spec().etcd("data-dir = \"/opt/etcd\"").tls("certs-dir = «\"/opt/etcd\"»"));
}

#[test]
fn certificates_in_the_data_are_refused() {
    finds!(spec().etcd("data-dir = \"/opt/etcd\"").tls("certs-dir = «\"/opt/etcd/certs\"»"));
}

#[test]
fn data_around_certificates_by_default_is_where_it_is_written() {
    finds!(spec().etcd("data-dir = «\"/opt/etcd\"»"));
}

#[test]
fn certificates_beside_the_log_of_changes_are_refused() {
    finds!(
        spec()
            .etcd("data-dir = \"/data/etcd\"\nwal-dir = «\"/opt/etcd/wal\"»")
            .tls("certs-dir = \"/opt/etcd/certs\"")
    );
}

#[test]
fn certificates_beside_a_log_of_changes_that_is_refused_are_not_told_of() {
    finds!(
        spec()
            .etcd("data-dir = \"/opt/etcd/data\"\nwal-dir = «\"/opt//etcd/data\"»")
            .tls("certs-dir = \"/opt/etcd/certs\"")
    );
}

#[test]
fn certificates_where_the_unit_keeps_data_by_default_are_refused() {
    finds!(spec().tls("certs-dir = «\"/var/lib/etcd\"»"));
}

#[test]
fn a_key_in_the_data_is_refused() {
    finds!(
        spec()
            .etcd("data-dir = \"/data/etcd\"\nauth-token = «\"jwt,sign-method=RS256,priv-key=/data/etcd/jwt.key\"»")
    );
}

#[test]
fn log_files_among_etcds_own_are_refused() {
    finds!(
        spec().etcd("data-dir = \"/data/etcd\"\nlog-outputs = [«\"/data/etcd/member/etcd.log\"»]")
    );
}

#[test]
fn log_files_in_the_log_of_changes_are_refused() {
    finds!(spec().etcd(
        "data-dir = \"/d/etcd\"\nwal-dir = \"/w/wal\"\nlog-outputs = [«\"/w/wal/etcd.log\"»]"
    ));
}

#[test]
fn a_file_that_is_a_folder_of_etcds_is_refused() {
    finds!(spec().etcd("data-dir = \"/data/etcd\"\nlog-outputs = [«\"/data/etcd\"»]"));
    for options in [
        "data-dir = \"/data/etcd/data\"\nlog-outputs = [«\"/data/etcd\"»]",
        "data-dir = \"/data/etcd\"\nwal-dir = \"/w/wal\"\nlog-outputs = [«\"/w/wal\"»]",
        "log-outputs = [«\"/opt/etcd/certs\"»]",
        "auth-token = «\"jwt,sign-method=RS256,priv-key=/opt/etcd/certs\"»",
        "data-dir = \"/data/etcd\"\nauth-token = «\"jwt,sign-method=RS256,priv-key=/data/etcd\"»",
        "listen-client-http-urls = [«\"unixs:///opt/etcd/certs\"»]",
    ] {
        let said = super::support::findings(&spec().etcd(options));
        assert!(said.contains("is a folder, ") && said.contains("1 error"), "{said}");
    }
}

#[test]
fn log_files_beside_the_certificates_are_refused() {
    finds!(spec().etcd("log-outputs = [«\"/opt/etcd/certs/etcd.log\"»]"));
}
