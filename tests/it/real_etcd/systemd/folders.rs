//! A folder that is there under the unit: which it takes, which it leaves alone.

use super::line;
use super::site::Site;
use crate::support::scope::release;

#[test]
fn a_folder_is_taken_where_it_is_empty_and_left_where_it_is_somebodys() {
    let release = release("3.6.16");
    let site = Site::new(&spec(release, 0, "data-dir = '/data/etcd'"), release);
    site.install();
    let machine = &site.machines[0];
    let stat = || machine.sh("stat -c '%U %a' /data /data/etcd; ls -A /data/etcd | tr '\\n' ' '");

    machine.sh("mkdir -p -m 0755 /data/etcd; touch /data/etcd/others; chmod 0751 /data/etcd");
    assert!(!machine.run("systemctl start etcd").ok, "it takes a folder that is someone's");
    assert_eq!(stat(), "root 755\nroot 751\nothers");
    let said = "/data/etcd belongs to root and is not empty. If it holds nothing but data of etcd, run: \
                chown -R etcd:etcd /data/etcd";
    assert!(machine.journal().lines().any(|line| line == said), "{}", machine.journal());
    machine.sh("systemctl stop etcd");

    // A new disk.
    machine.sh("rm /data/etcd/others; mkdir /data/etcd/lost+found; systemctl start etcd");
    assert_eq!(stat(), "root 755\netcd 700\nlost+found member");
    machine.sh("systemctl stop etcd; chmod 0750 /data/etcd; systemctl start etcd");
    assert_eq!(stat(), "root 755\netcd 750\nlost+found member");

    // What the message says.
    machine.sh("systemctl stop etcd; chown -R root:root /data/etcd");
    assert!(!machine.run("systemctl start etcd").ok);
    machine.sh("systemctl stop etcd; chown -R etcd:etcd /data/etcd; systemctl start etcd");

    // A link to where the disk is.
    machine.sh("systemctl stop etcd; mv /data/etcd /srv-etcd; ln -s /srv-etcd /data/etcd");
    machine.sh("systemctl start etcd; test -d /srv-etcd/member");
}

/// A member alone on its machine, with ports of its own.
pub(super) fn spec(release: &str, port: usize, options: &str) -> String {
    let (peer, client) = (2380 + port, 2379 + port);
    format!(
        "[cluster]\ntoken = 'alone'\netcd = '{}'\n[tls]\nenabled = false\n[etcd]\n{options}\n\
         [[member]]\nname = 'one'\nip = '192.168.65.101'\npeer-port = {peer}\nclient-port = {client}\n",
        line(release)
    )
}
