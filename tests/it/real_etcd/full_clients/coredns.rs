//! `CoreDNS`, which is asked for a name.

use super::{MEMBERS, client, program};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::run;
use crate::support::side_by_side::with_each;
use bouquet_rig::PATIENCE;
use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What the page on clients says of a block that imports the file; a copy of that, beside it.
const COREFILE: &str = "skydns.example:5353 {
    import etcd.corefile
    bind ADDRESS
    errors
}
";

/// With a path that has to be quoted.
const CLIENT: &str = r#"
[[client]]
name = "coredns"
for = "coredns"
certs-dir = '''/srv/é 'b' #d: "e" $f {g}, \h 100%'''
"#;

/// The names of a zone lie below their labels, the last of them first.
const PUT: &str = r#"exec etcdctl put /skydns/example/skydns/www '{"host": "192.0.2.7"}'"#;

#[test]
fn coredns_answers_what_is_in_etcd() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let spec = format!("{MEMBERS}{CLIENT}");
        let output = Output::of(&block.relocate(&spec, release));
        let live = Live::start(&output, release, "command");
        assert_eq!(live.client(PUT).stdout, "OK\n");

        let address = block.address([10, 0, 0, 53].into()).to_string();
        let client = client(&output.cluster, "coredns");
        let machine = live.machine_of(client, &program("coredns"));
        let folder = client.certs_dir.as_str().replace('\'', r"'\''");
        let corefile = COREFILE.replace("ADDRESS", &address);
        let log = output.beside("coredns.log");
        let said = File::create(&log).expect("a log");
        let process = machine
            .sh(&format!(
                "cp '{folder}'/etcd.corefile .\ncat >Corefile <<'END'\n{corefile}END\nexec coredns -conf Corefile"
            ))
            .stdout(said.try_clone().expect("a log"))
            .stderr(said)
            .stdin(Stdio::null())
            .spawn()
            .expect("unshare runs");
        let _server = Server(process);
        let deadline = Instant::now() + PATIENCE;
        while answer(&address) != "192.0.2.7\n" {
            let said = fs::read_to_string(&log).expect("a log");
            assert!(Instant::now() < deadline, "etcd {release}: {}: {said}", answer(&address));
            sleep(Duration::from_millis(200));
        }
    });
}

/// What dig prints of the one name that is there.
fn answer(address: &str) -> String {
    let mut dig = Command::new("dig");
    dig.arg(format!("@{address}")).args(["-p", "5353", "+short", "+tries=1", "+timeout=2"]);
    run(dig.args(["www.skydns.example", "A"])).stdout
}

/// A process that ends with this.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
