//! Files that are laid on machines.

use super::cluster::{cluster, commands, flowers, planned, readdressed};
use crate::change::Accepted;
use crate::plan::{Action, Known, offline};
use insta::assert_snapshot;
use std::collections::BTreeMap;

/// Where its files are to be in another folder, that is not there yet.
#[test]
fn certificates_of_a_member_at_another_address_are_laid_before_it_is_stopped() {
    let mut after = readdressed(flowers(), "pink", 112);
    for text in after.members.get_mut("pink").unwrap().options.values_mut() {
        *text = text.replace("/opt/etcd/certs/", "/srv/certs/");
    }
    let plan = planned(&flowers(), &after);
    let step = plan.steps.iter().find(|step| matches!(step.action, Action::Readdress(_))).unwrap();
    let typed = step.commands.join("\n");
    let places = [
        "[ -d /srv/certs ] || install -d",
        "cp -aT /srv/certs/ /srv/certs.new",
        "mv -T /srv/certs.new /srv/certs",
        "systemctl stop etcd",
        "systemctl start etcd",
    ];
    let places = places.map(|line| typed.find(line).unwrap_or_else(|| panic!("{line}: {typed}")));
    assert!(places.is_sorted(), "{typed}");
}

/// The folder of before is the former one, and not a new one with a date.
#[test]
fn what_takes_a_new_folder_of_certificates_back_is_the_former_folder() {
    let mut after = flowers();
    for text in after.members.values_mut().flat_map(|member| member.options.values_mut()) {
        *text = text.replace("/opt/etcd/certs/", "/srv/certs/");
    }
    let plan = planned(&flowers(), &after);
    let copy = &plan.steps[0];
    assert_eq!(copy.action, Action::Copy("daffodil".into()));
    assert_snapshot!(copy.undo.as_ref().unwrap(), @"the folder `/opt/etcd/certs` has those of before");
    assert!(
        copy.notes.contains(
            &"`/opt/etcd/certs` has keys, or is a link to a folder that has: once all is well, `rm /opt/etcd/certs` where \
              it is a link, as `install` lays it, and else remove it, file by file"
                .into()
        )
    );
}

/// What comes after one that failed is not run.
#[test]
fn the_files_of_clients_are_one_chain() {
    let after =
        cluster(&[("daffodil", 103), ("orange", 101), ("pink", 102)], &["alice", "bob", "root"]);
    let plan = planned(&flowers(), &after);
    assert_snapshot!(commands(&plan.steps[..1]), @"
    == clients alice, bob
    # HOST: each machine of alice, then each of bob
    ssh -n root@HOST 'mkdir -p /etc/alice' &&
    scp out/clients/alice/* root@HOST:/etc/alice/ &&
    ssh -n root@HOST 'mkdir -p /etc/bob' &&
    scp out/clients/bob/* root@HOST:/etc/bob/
    ");
}

/// No machine has the folder of a client whose pods read a Secret.
#[test]
fn a_client_that_has_a_secret_gets_it_anew() {
    let after =
        cluster(&[("daffodil", 103), ("orange", 101), ("pink", 102)], &["alice", "cilium", "root"]);
    let known = Known {
        program: "bouquet",
        on_node: "bouquet",
        ids: &BTreeMap::new(),
        token: None,
        files: &["etcd.service"],
        secrets: &["cilium"],
        accepted: &Accepted::default(),
    };
    let plan = offline(&flowers(), &after, &known);
    assert_snapshot!(commands(&plan.steps[..1]), @"
    == clients alice, cilium
    # HOST: each machine of alice
    ssh -n root@HOST 'mkdir -p /etc/alice' &&
    scp out/clients/alice/* root@HOST:/etc/alice/ &&
    kubectl apply --server-side -k out/clients/cilium
    ");
    let said = |note: &String| note.starts_with("pods read a Secret when they start");
    assert!(plan.steps[0].notes.iter().any(said), "{:?}", plan.steps[0].notes);
}

/// The etcd of another account can read nothing of what it had.
#[test]
fn data_and_certificates_go_to_the_account_that_etcd_is_to_run_under() {
    let mut after = flowers();
    for member in after.members.values_mut() {
        member.unit = [("user".into(), "kube".into()), ("group".into(), "certs".into())].into();
        member.options.insert("wal-dir".into(), "/wal/etcd/wal".into());
    }
    let mut before = flowers();
    for member in before.members.values_mut() {
        member.options.insert("wal-dir".into(), "/wal/etcd/wal".into());
    }
    let plan = planned(&before, &after);
    let step = plan.steps.iter().find(|step| matches!(step.action, Action::Restart(_))).unwrap();
    assert_snapshot!(step.commands.join("\n"), @r#"
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    ssh -n root@192.168.65.103 rm -rf /root/etcd-daffodil &&
    scp -r out/members/daffodil root@192.168.65.103:/root/etcd-daffodil &&
    ssh -n root@192.168.65.103 'set -e
      trap "rm -r /root/etcd-daffodil" EXIT
      getent group certs || groupadd --system certs; id kube || useradd --system --gid certs --home-dir /nonexistent --shell /usr/sbin/nologin kube
      systemctl stop etcd
      chown -RH kube:certs /data/etcd /wal/etcd /opt/etcd/certs
      install -m 0644 /root/etcd-daffodil/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl start etcd' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    "#);
    assert_snapshot!(step.undo.as_ref().unwrap(), @r#"stop etcd, `chown -RH etcd:etcd /data/etcd /wal/etcd /opt/etcd/certs`, then the files that a build of the former cluster.toml makes, and start etcd"#);
    let names: Vec<&str> = plan.steps.iter().filter_map(|step| step.action.member()).collect();
    assert!(["daffodil", "orange", "pink"].iter().all(|name| names.contains(name)), "{names:?}");
}

#[test]
fn a_variable_asks_for_the_new_unit_and_a_restart() {
    let mut after = flowers();
    for member in after.members.values_mut() {
        member.unit = [("environment.GOGC".into(), "50".into())].into();
    }
    let plan = planned(&flowers(), &after);
    let step = plan.steps.iter().find(|step| matches!(step.action, Action::Restart(_))).unwrap();
    let typed = step.commands.join("\n");
    assert!(typed.contains("etcd.service") && typed.contains("systemctl restart etcd"), "{typed}");
    assert!(!typed.contains("chown"), "{typed}");
}

/// Options that name a file otherwise than a build does lead to a link.
#[test]
fn a_file_of_another_name_is_a_link() {
    let mut after = flowers();
    for (name, member) in &mut after.members {
        let file = format!("/opt/etcd/certs/member-{name}.pem");
        member.options.insert("cert-file".into(), file);
    }
    let plan = planned(&flowers(), &after);
    let typed: Vec<&String> = plan.steps.iter().flat_map(|step| &step.commands).collect();
    let line = "ln -sfn server.crt /opt/etcd/certs.new/member-pink.pem";
    assert_eq!(typed.iter().filter(|text| text.contains(line)).count(), 1, "{typed:#?}");
}
