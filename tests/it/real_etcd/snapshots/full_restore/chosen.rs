//! Which member is asked, where they differ.

use super::{Site, Spec, ends, fails, json, on_each};
use serde_json::Value;
use std::thread::sleep;
use std::time::Duration;

const ALL: [(&str, u8); 3] = [("camellia", 1), ("orange", 2), ("pink", 3)];

/// Neither one that stands still nor one that learns; the others say how far they are.
#[test]
fn a_member_that_stands_still_or_learns_is_not_asked() {
    on_each(stopped);
    on_each(learning);
}

/// A member of which the snapshot is, and its revision.
fn from(saved: &Value) -> (String, i64) {
    let member = saved["member"].as_str().expect("a name").to_owned();
    (member, saved["revision"].as_i64().expect("a revision"))
}

fn signal(site: &mut Site, name: &str, signal: &str) {
    site.types(&format!("kill -{signal} $(cat machines/of-{name}/state/pid)"));
}

/// First a follower, then the leader.
fn stopped(release: &str) {
    let mut site = Site::start(&Spec::of(release));
    site.types("bouquet etcdctl -- put one 1");
    let (first, _) = from(&json(&mut site, "bouquet snapshot all.db"));
    signal(&mut site, &first, "STOP");
    let (other, _) = ALL.iter().find(|(name, _)| *name != first).expect("another");
    site.types(&format!("bouquet etcdctl {other} -- put two 2"));
    let (second, revision) = from(&json(&mut site, "bouquet snapshot all.db --deadline 3s"));
    assert!(second != first && revision == 3, "{second} {revision}");
    fails(
        &mut site,
        &format!("bouquet snapshot named.db --from {first} --deadline 3s"),
        &format!("no snapshot can be taken of `{first}`: silent"),
    );
    assert!(!site.path("named.db").exists());
    signal(&mut site, &first, "CONT");
    site.types("until bouquet etcdctl -- endpoint health; do sleep 0.3; done");

    let leader = leader(&mut site);
    signal(&mut site, &leader, "STOP");
    let (other, _) = ALL.iter().find(|(name, _)| *name != leader).expect("another");
    site.types(&format!("until bouquet etcdctl {other} -- put three 3; do sleep 0.3; done"));
    let saved = json(&mut site, "bouquet snapshot all.db --deadline 3s");
    assert!(from(&saved).0 != leader && from(&saved).1 >= 4, "{saved:#}");
    site.tool("snapshot status all.db -w json");
    signal(&mut site, &leader, "CONT");
}

fn leader(site: &mut Site) -> String {
    let told = super::status(site);
    let members = told["members"].as_array().expect("a list");
    let leads = |member: &&Value| member["role"] == "leader";
    let leader = members.iter().find(leads).unwrap_or_else(|| panic!("{told:#}"));
    leader["name"].as_str().expect("a name").to_owned()
}

/// It was added by the steps of a plan, and has no vote yet.
fn learning(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    let more = [("camellia", 1), ("daffodil", 4), ("orange", 2), ("pink", 3)];
    site.build(&spec.members(&more));
    let plan = site.types("bouquet plan --offline --json 2>talk || true");
    let plan: Value = serde_json::from_str(&plan).unwrap_or_else(|_| panic!("{plan}"));
    let steps = plan["steps"].as_array().expect("steps");
    let promote = steps.iter().position(|step| step["action"] == "promote").expect("a step");
    assert_eq!(site.follow(&steps[..promote]), ["add", "start"]);
    for _ in 0..3 {
        let saved = json(&mut site, "bouquet snapshot all.db --force");
        assert!(saved["member"] != "daffodil" && saved["role"] == "voter", "{saved:#}");
    }
    let said = ends(&mut site, "bouquet snapshot named.db --from daffodil", 1);
    assert!(said.contains("no snapshot can be taken of `daffodil`: "), "{said}");
    assert!(!site.path("named.db").exists());
}

/// One that is shut out from the others answers as they do, and has only what was before.
#[test]
fn a_member_that_lags_is_not_asked() {
    on_each(lagging);
}

fn lagging(release: &str) {
    let mut site = Site::start(&Spec::of(release));
    site.types("bouquet etcdctl -- put before 1");
    let (_, before) = from(&json(&mut site, "bouquet snapshot before.db"));
    shut_out(&mut site);
    site.types("for i in 1 2 3 4 5 6 7 8; do bouquet etcdctl orange -- put after/$i 1; done");
    for _ in 0..3 {
        let (member, revision) = from(&json(&mut site, "bouquet snapshot all.db"));
        assert!(member != "camellia" && revision == before + 10, "{member} {revision}");
    }
    for target in ["all.db", "named.db"] {
        let line = format!("bouquet snapshot {target} --from camellia");
        fails(&mut site, &line, "camellia knows no leader, but others do");
    }
    assert!(!site.path("named.db").exists());
    // Where it is all that is left, it is asked, and only by force.
    for last in [2, 3] {
        let address = site.address(last);
        site.types(&format!("ssh -n root@{address} systemctl stop etcd"));
    }
    fails(&mut site, "bouquet snapshot left.db --deadline 3s", "NO ");
    let saved = json(&mut site, "bouquet snapshot left.db --deadline 3s --force");
    assert_eq!(from(&saved), ("camellia".to_owned(), before));
}

/// Two members trust each other's own certificates alone from now on, and so are a quorum without the third.
const SHUT: &str = r#"
make() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj "/CN=$1" \
        -addext "subjectAltName=IP:$2,IP:127.0.0.1,DNS:localhost" -keyout "other.$1.key" -out "other.$1.crt" 2>talk
}
turn() {
    ssh -n "root@$2" systemctl stop etcd
    cp other.ca "other.$1.crt" "other.$1.key" "machines/of-$1/opt/etcd/certs"
    sed -i -e "s|--peer-cert-file=[^ ]*|--peer-cert-file=/opt/etcd/certs/other.$1.crt|" \
        -e "s|--peer-key-file=[^ ]*|--peer-key-file=/opt/etcd/certs/other.$1.key|" \
        -e "s|--peer-trusted-ca-file=[^ ]*|--peer-trusted-ca-file=/opt/etcd/certs/other.ca|" \
        "machines/of-$1/etc/systemd/system/etcd.service"
}
shut() {
    make "$1" "$2"; make "$3" "$4"
    cat "other.$1.crt" "other.$3.crt" >other.ca
    turn "$1" "$2"; turn "$3" "$4"
    ssh -n "root@$2" systemctl start --no-block etcd
    ssh -n "root@$4" systemctl start --no-block etcd
    until bouquet etcdctl "$1" -- put shut out; do sleep 0.3; done
    bouquet etcdctl "$1" -- del shut
}
"#;

fn shut_out(site: &mut Site) {
    let [orange, pink] = [2, 3].map(|last| site.address(last));
    site.types(&format!("{SHUT}\nshut orange {orange} pink {pink}"));
    sleep(Duration::from_secs(2));
}
