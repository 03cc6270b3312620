//! Members that start with the state that follows from what is recorded.

use crate::support::cluster::Cluster;
use crate::support::machines::machines;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use bouquet_model::cluster::MemberId;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Three members without TLS, of which builds are kept.
struct Founded {
    cluster: Cluster,
    release: String,
    endpoints: String,
    block: Block,
}

/// Who founds it, at which last byte of an address.
const FOUNDERS: [(&str, u8); 3] = [("a", 1), ("b", 2), ("c", 3)];

impl Founded {
    fn new(release: &str) -> Self {
        let (cluster, block) = (Cluster::new(""), Block::claim());
        let release = release.to_owned();
        let mut founded = Self { cluster, release, endpoints: String::new(), block };
        founded.build(&FOUNDERS, "");
        let spec = founded.cluster.read("cluster.toml");
        let proven = bouquet_build::prove(spec.as_bytes()).0.unwrap().cluster;
        let endpoints: Vec<_> = proven.endpoints().iter().map(ToString::to_string).collect();
        founded.endpoints = endpoints.join(",");
        founded.keep("FOUNDING", "new new new");
        founded
    }

    /// Builds a cluster of these members, with a line more under `[cluster]`.
    fn build(&self, members: &[(&str, u8)], line: &str) {
        let Self { cluster, release, block, .. } = self;
        let folder = cluster.folder.path().display();
        let member = |(name, at): &(&str, u8)| {
            format!(
                "[[member]]\nname = '{name}'\nip = '10.0.0.{at}'\n[member.etcd]\n\
                 data-dir = '{folder}/data/{name}'\n"
            )
        };
        let members: String = members.iter().map(member).collect();
        let spec = format!(
            "[cluster]\ntoken = 'recorded'\netcd = '{release}'\n{line}\n[tls]\nenabled = false\n{members}"
        );
        cluster.write(block.relocate(&spec, release));
        cluster.succeeds();
    }

    /// A member's ID, as the lock has it.
    fn id(&self, member: &str) -> MemberId {
        bouquet_lock::read(self.cluster.lock().as_bytes()).unwrap().id(member).expect("an ID")
    }

    /// Keeps what was built, for a script, after a look at what it says.
    fn keep(&self, name: &str, states: &str) {
        let folder = self.cluster.folder.path();
        let state = |member: &str| {
            let env = self.cluster.read(&format!("out/members/{member}/etcd.env"));
            let (_, rest) = env.split_once("ETCD_INITIAL_CLUSTER_STATE=").unwrap();
            rest.lines().next().unwrap().trim_matches('\'').to_owned()
        };
        assert_eq!(["a", "b", "c"].map(state).join(" "), states);
        let copied = Command::new("cp").arg("-r").arg("out").arg(name).current_dir(folder).status();
        assert!(copied.unwrap().success());
    }

    /// Records these members as running, builds, and keeps that.
    fn record(&self, members: &[&str], name: &str, states: &str) {
        self.cluster.record();
        self.cluster.recorded(|all| all.members.retain(|name, _| members.contains(&name.as_str())));
        self.cluster.succeeds();
        self.keep(name, states);
    }

    fn script(&self, script: &str) {
        let Self { cluster, release, endpoints, .. } = self;
        let folder = cluster.folder.path();
        fs::create_dir_all(folder.join("data")).unwrap();
        let begin = format!(
            "for build in FOUNDING TWO ALL THEN; do eval \"$build=$FOLDER/$build\"; done
             at() {{ stop $1; run $1 {release} \"$2\"; }}
             ended() {{ ! lives $1; }}
             is_there() {{ [ \"$(ask get bouquet --print-value-only)\" = of-flowers ] || refuse no data; }}\n"
        );
        machines(Path::new(folder), &[release], endpoints, &format!("{begin}{script}"));
    }
}

/// One is up, `done` is refused, and it goes on with a second one; then a third, late.
#[test]
fn a_cluster_is_founded_one_by_one_recorded_and_started_again() {
    with_each(&releases(), |release| {
        let founded = Founded::new(release);
        founded.record(&["a", "b"], "TWO", "existing existing new");
        founded.record(&["a", "b", "c"], "ALL", "existing existing existing");
        founded.script(&format!(
            "run a {release} $FOUNDING; sleep 2; at a $FOUNDING; run b {release} $FOUNDING
             within 40 ask put bouquet of-flowers
             at a $TWO; within 40 ask get bouquet; is_there
             at b $TWO; within 40 ask get bouquet; is_there
             run c {release} $TWO; healthy; is_there
             for member in c b a; do at $member $ALL; healthy; done; is_there
             [ \"$(ask member list | wc -l)\" = 3 ] || refuse three members"
        ));
    });
}

/// All three were recorded although one of them had never been started.
#[test]
fn a_late_founder_comes_up_with_existing_where_there_is_a_quorum() {
    with_each(&releases(), |release| {
        let founded = Founded::new(release);
        founded.record(&["a", "b", "c"], "ALL", "existing existing existing");
        founded.script(&format!(
            "for member in a b; do run $member {release} $FOUNDING; done
             within 40 ask put bouquet of-flowers
             for member in a b; do at $member $ALL; within 40 ask get bouquet; done
             run c {release} $ALL; healthy; is_there"
        ));
    });
}

/// Why fewer founders than a quorum are not recorded, and why `done --undo` is there.
#[test]
fn existing_before_there_is_a_quorum_is_the_end_of_a_member() {
    with_each(&releases(), |release| {
        let founded = Founded::new(release);
        founded.record(&["a", "b", "c"], "ALL", "existing existing existing");
        founded.script(&format!(
            "run a {release} $FOUNDING; sleep 2; run b {release} $ALL
             within 60 says b 'incompatible with current running cluster'
             within 60 ended b
             forget b; at b $FOUNDING
             within 40 ask put bouquet of-flowers; is_there"
        ));
    });
}

/// Three become one, and that is recorded; then they become three again, at other addresses, and both new ones
/// are started at once, on empty folders and before etcd was told of them: they wait for nobody, and found nothing.
#[test]
fn members_that_were_removed_and_come_back_found_no_second_cluster() {
    with_each(&releases(), |release| {
        let founded = Founded::new(release);
        founded.record(&["a", "b", "c"], "ALL", "existing existing existing");
        let (b, c) = (founded.id("b"), founded.id("c"));
        founded.build(&FOUNDERS[..1], "accept = ['remove b c']");
        founded.cluster.record();
        founded.build(&[("a", 1), ("b", 4), ("c", 5)], "");
        founded.keep("THEN", "existing existing existing");
        founded.script(&format!(
            "for member in a b c; do run $member {release} $FOUNDING; done
             within 40 ask put bouquet of-flowers; healthy; sleep 6
             # One that goes cannot answer any more.
             ENDPOINTS=${{ENDPOINTS%%,*}}
             within 40 ask member remove {c}; within 40 ask member remove {b}
             for member in b c; do stop $member; rm -r $FOLDER/data/$member; forget $member; done
             for member in b c; do run $member {release} $THEN; done
             for member in b c; do within 60 says $member 'member count is unequal'; within 60 ended $member; done
             within 40 ask get bouquet; is_there
             [ \"$(ask member list | wc -l)\" = 1 ] || refuse one member"
        ));
    });
}

/// Two of three run and are recorded, the third with them; it gets another address before it was ever started.
/// etcd is told by the ID that the lock has. With `new` it would never find the others.
#[test]
fn a_founder_that_was_never_started_gets_another_address() {
    with_each(&releases(), |release| {
        let founded = Founded::new(release);
        founded.record(&["a", "b", "c"], "ALL", "existing existing existing");
        let c = founded.id("c");
        founded.build(&[("a", 1), ("b", 2), ("c", 6)], "");
        founded.keep("THEN", "existing existing existing");
        let url = founded.cluster.read("out/members/c/etcd.env");
        let (_, url) = url.split_once("INITIAL_ADVERTISE_PEER_URLS=").unwrap();
        let url = url.lines().next().unwrap();
        founded.script(&format!(
            "for member in a b; do run $member {release} $FOUNDING; done
             within 40 ask put bouquet of-flowers
             within 40 ask member update {c} --peer-urls={url}
             cp -r $THEN $FOLDER/new; sed -i 's/=existing/=new/;s/=.existing./=new/' $FOLDER/new/members/c/etcd.env
             run c {release} $FOLDER/new; within 60 says c 'cluster ID mismatch'
             stop c; rm -r $FOLDER/data/c; forget c
             run c {release} $THEN; within 60 says c 'serv'; within 40 ask endpoint health --cluster
             [ \"$(ask member list | wc -l)\" = 3 ] || refuse three members; is_there"
        ));
    });
}
