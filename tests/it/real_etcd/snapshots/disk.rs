//! A disk that is full in the middle of a snapshot.

use super::{ends, json};
use crate::real_etcd::site::{Site, Spec};
use crate::support::node::is_root;
use crate::support::releases::releases;
use std::fs;

/// What was saved before stays as it was, and nothing of the other is left.
#[test]
fn a_disk_that_is_full_leaves_the_snapshot_before_as_it_was() {
    let release = releases().pop().expect("a release");
    let mut site = Site::start(&Spec::of(&release));
    json(&mut site, "bouquet snapshot small.db");
    let large = "head -c 1000000 /dev/urandom | base64 -w 0 | head -c 1000000 >large";
    site.types(&format!(
        "{large}; for i in 1 2 3 4; do bouquet etcdctl -- put large/$i <large; done"
    ));
    in_a_small_folder(&mut site);
    a_limit_of_the_process(&mut site);
    // A reader that is gone, and a disk behind it that is full.
    let said = ends(&mut site, "bouquet snapshot - >/dev/full", 1);
    assert!(said.contains("standard output: No space left on device"), "{said}");
    let said = site.types("{ bouquet snapshot - 2>talk || echo \"ended with $?\" >>talk; } | head -c 1000 >/dev/null; cat talk");
    assert!(said.contains("standard output: ") && said.contains("ended with 1"), "{said}");
}

/// A file system of its own, which has room for the small one alone.
fn in_a_small_folder(site: &mut Site) {
    let root = if is_root() { "" } else { "--map-root-user" };
    for target in ["small/kept.db", "small"] {
        fs::write(
            site.path("within"),
            format!(
                "mount -t tmpfs -o size=1m tmpfs small\n\
                 cp small.db small/kept.db\n\
                 code=0; bouquet snapshot {target} --textfile last.prom || code=$?\n\
                 echo \"ended with $code\"; cmp small.db small/kept.db; ls -A small; ls last.prom || true\n"
            ),
        )
        .expect("a file");
        let said = site.types(&format!("mkdir -p small; unshare {root} --mount sh -eu within"));
        assert!(said.contains("the disk is full"), "{said}");
        assert!(said.contains("snapshots that were there before are as they were"), "{said}");
        assert!(said.contains("ended with 1\nkept.db\nls: "), "{said}");
    }
}

/// As `LimitFSIZE=` of a unit does.
fn a_limit_of_the_process(site: &mut Site) {
    site.types("mkdir limited; cp small.db limited/kept.db");
    for target in ["limited/kept.db", "limited"] {
        let said = site.types(&format!(
            "code=0; (ulimit -f 1000; bouquet snapshot {target}) || code=$?\n\
             echo \"ended with $code\"; cmp small.db limited/kept.db; ls -A limited"
        ));
        assert!(said.contains("a file must not be so large here"), "{said}");
        assert!(said.ends_with("ended with 1\nkept.db\n"), "{said}");
    }
}
