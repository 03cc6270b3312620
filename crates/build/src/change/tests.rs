//! Changes, as a person reads of them.

use super::place::{RUNS, place};
use super::{Written, pending, refused, unrecorded};
use crate::check::Proven;
use crate::diagnostic::{Diagnostic, Diagnostics, Label, Source, Style};
use crate::prove;
use bouquet_model::certificate::Kind;
use bouquet_model::change::{What, changes};
use bouquet_model::running::Running;
use bouquet_model::time::Date;

const SPEC: &str = r#"[cluster]
token = "etcd-cluster-1"
etcd = "3.5.33"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "pink"
ip = "10.0.0.1"

[[member]]
name = "orange"
ip = "10.0.0.2"

[[member]]
name = "camellia"
ip = "10.0.0.3"

[[client]]
name = "root"
"#;

fn proven(spec: &str) -> Proven {
    let (proven, found) = prove(spec.as_bytes());
    proven.unwrap_or_else(|| panic!("{}", shown(found, spec)))
}

fn shown(found: impl Into<Diagnostics>, spec: &str) -> String {
    found.into().render(Source::new("cluster.toml", spec), Style::Plain)
}

fn written(proven: &Proven) -> Written<'_> {
    Written { accept: &proven.accept, places: &proven.places, cas: &proven.issuing.spans }
}

fn running(spec: &str) -> Running {
    Running::of(&proven(spec).cluster, &[])
}

/// Returns what a build refuses of a spec, where another one runs.
fn refused_of(before: &str, after: &str) -> Vec<Diagnostic> {
    refused(&running(before), &running(after), written(&proven(after)))
}

/// Returns what a build says of a spec, where nothing is refused.
fn pending_of(before: &str, after: &str) -> String {
    assert_eq!(refused_of(before, after), []);
    let proven = proven(after);
    let said = pending(
        &running(before),
        None,
        &running(after),
        &proven.cluster,
        &[].into(),
        written(&proven),
    );
    shown(said, after)
}

/// Returns what a build says of a spec, where nothing is recorded.
fn unrecorded_of(before: &str, after: &str) -> String {
    let (proven, nothing) = (proven(after), Running::default());
    let day = Date(1_796_083_200);
    let said = unrecorded(&running(before), &nothing, &running(after), written(&proven), day);
    shown(said, after)
}

/// Returns the spec with one text in the place of another.
fn with(from: &str, to: &str) -> String {
    assert!(SPEC.contains(from), "{from}");
    SPEC.replace(from, to)
}

const PLAIN: &str = "\n[tls]\nenabled = false\n";

fn with_ca(ca: &str) -> String {
    format!("{SPEC}\n[ca]\n{ca}\n")
}

/// Returns every kind of change that is refused: what runs, and what cluster.toml says.
fn all_refused() -> Vec<(&'static str, String, String)> {
    let spec = SPEC.to_owned();
    let version = |version: &str| with("etcd = \"3.5.33\"", &format!("etcd = \"{version}\""));
    let own = |value: &str| {
        with(
            "ip = \"10.0.0.2\"",
            &format!("ip = \"10.0.0.2\"\n[member.etcd]\ndata-dir = \"{value}\""),
        )
    };
    let member = |name: &str| {
        let at = SPEC.find(&format!("[[member]]\nname = \"{name}\"")).unwrap();
        let end = at + SPEC[at..].find("\n\n").unwrap() + 2;
        at..end
    };
    let two = SPEC.replace(&SPEC[member("pink")], "").replace(&SPEC[member("orange")], "");
    let swapped =
        SPEC.replace("10.0.0.1", "X").replace("10.0.0.2", "10.0.0.1").replace('X', "10.0.0.2");
    vec![
        ("data_dir", spec.clone(), with("/data/etcd", "/srv/etcd")),
        ("data_dir_of_one_member", spec.clone(), own("/srv/etcd")),
        ("data_dir_that_was_of_one_member", own("/srv/etcd"), spec.clone()),
        ("wal_dir", spec.clone(), with("[etcd]", "[etcd]\nwal-dir = \"/wal/etcd/wal\"")),
        ("token", spec.clone(), with("etcd-cluster-1", "etcd-cluster-2")),
        ("version_skipped", spec.clone(), version("3.7")),
        ("version_back", version("3.6.16"), spec.clone()),
        ("version_known_bad", version("3.4.27"), version("3.5.2")),
        ("version_too_old_for_the_next", version("3.5.25"), version("3.6.16")),
        ("quorum_removed", spec.clone(), two),
        ("quorum_moved", spec.clone(), with("10.0.0.", "10.1.0.")),
        ("renamed", spec.clone(), with("name = \"pink\"", "name = \"tulip\"")),
        ("swapped", spec.clone(), swapped),
        ("tls_on", format!("{SPEC}{PLAIN}"), spec.clone()),
        ("tls_off", spec.clone(), format!("{SPEC}{PLAIN}")),
        ("ca_issues_early", spec.clone(), with_ca("issue = 2\ntrust = [1, 2]")),
        ("ca_dropped_early", with_ca("trust = [1, 2]"), with_ca("issue = 2\ntrust = [2]")),
        ("ca_of_peers_issues_early", spec, with_ca("peer-issue = 2\npeer-trust = [1, 2]")),
    ]
}

#[test]
fn each_change_that_is_refused_tells_what_would_happen_the_way_and_what_accepts_it() {
    for (name, before, after) in all_refused() {
        let said = shown(refused_of(&before, &after), &after);
        insta::assert_snapshot!(format!("refused_{name}"), said);
    }
}

/// The line that an error shows, pasted, is all that it takes; then it says what is to be done.
#[test]
fn the_line_that_is_shown_accepts_what_was_refused_and_nothing_else() {
    for (name, before, after) in all_refused() {
        let errors = refused_of(&before, &after);
        let mut help = errors.iter().rev().flat_map(|error| error.help.iter().rev());
        let line = help.find_map(|help| help.split_once("under [cluster]: `"));
        let line = line.unwrap_or_else(|| panic!("{name}: {errors:?}")).1.trim_end_matches('`');
        let accepted = after.replacen("[cluster]\n", &format!("[cluster]\n{line}\n"), 1);
        let said = pending_of(&before, &accepted);
        assert!(said.contains("accepted, and to be done with care: "), "{name}: {said}");
        assert!(!said.contains("is not needed"), "{name}: {said}");
        assert_eq!(running(&accepted), running(&after), "{name}: a part of a digest");

        // Once it is recorded, it is to be deleted.
        let said = pending_of(&accepted, &accepted);
        assert!(said.contains("`accept` is not needed for "), "{name}: {said}");
        assert!(!said.contains("to be done with care"), "{name}: {said}");
    }
    let accepted = with("[cluster]", "[cluster]\naccept = [\"pink.data-dir = /srv/etcd\"]");
    let moved = |to: &str| accepted.replace("\"/data/etcd\"", &format!("\"{to}\""));
    assert_eq!(refused_of(SPEC, &moved("/srv/etcd")).len(), 1, "of the other two");
    let other = refused_of(SPEC, &moved("/srv/other"));
    let said = shown(other, &moved("/srv/other"));
    assert!(
        said.contains("camellia, orange and pink: data-dir") || said.contains("3 members"),
        "{said}"
    );
    assert!(said.contains("`accept` is not needed for `pink.data-dir = /srv/etcd`"), "{said}");
}

#[test]
fn several_changes_that_are_refused_are_told_at_once_with_one_line_for_all() {
    let after =
        with("/data/etcd", "/srv/etcd").replace("3.5.33", "3.7").replace("cluster-1", "cluster-2");
    insta::assert_snapshot!("refused_several", shown(refused_of(SPEC, &after), &after));
}

#[test]
fn what_is_to_be_rolled_out_is_a_line_for_each_kind() {
    let etcd = |more: &str| with("[etcd]", &format!("[etcd]\n{more}"));
    let fourth =
        format!("{SPEC}\n[[member]]\nname = \"tulip\"\nip = \"10.0.0.4\"\nstate = \"existing\"\n");
    let third = SPEC.find("[[member]]\nname = \"camellia\"").unwrap();
    let client = SPEC.find("[[client]]").unwrap();
    for (name, after) in [
        ("quota", etcd("quota-backend-bytes = 4294967296")),
        ("options", etcd("snapshot-count = 20000\nmax-wals = 7\nlog-level = \"warn\"")),
        ("patch", with("3.5.33", "3.5.34")),
        ("minor", with("3.5.33", "3.6.16")),
        ("added", fourth),
        ("removed", format!("{}{}", &SPEC[..third], &SPEC[client..])),
        ("moved", with("10.0.0.2", "10.0.0.9")),
        ("ca", with_ca("trust = [1, 2]")),
        ("client_removed", SPEC[..client].to_owned()),
        ("crl", with_ca("crl = true")),
    ] {
        insta::assert_snapshot!(format!("pending_{name}"), pending_of(SPEC, &after));
    }
}

#[test]
fn what_is_free_is_not_told() {
    let two = format!("{SPEC}\n[[client]]\nname = \"tulip\"\n");
    for after in [
        format!("# A comment.\n{SPEC}"),
        two,
        with("etcd = ", "state = \"existing\"\netcd = "),
        format!("{SPEC}\n[tls]\nvalid-for = \"30d\"\nrenew-before = \"10d\"\n"),
    ] {
        assert_eq!(pending_of(SPEC, &after), "", "{after}");
    }
}

#[test]
fn a_client_that_goes_waits_for_a_decision_and_no_more_once_it_is_made() {
    let without = &SPEC[..SPEC.find("[[client]]").unwrap()];
    let said = pending_of(SPEC, without);
    assert!(said.contains("client root: removed"), "{said}");
    let accepted = without.replacen("[cluster]", "[cluster]\naccept = [\"remove client/root\"]", 1);
    assert_eq!(pending_of(SPEC, &accepted), "");
}

#[test]
fn a_founder_that_is_not_recorded_yet_is_no_new_member() {
    let mut before = running(SPEC);
    before.members.remove("camellia");
    before.clients.clear();
    let proven = proven(SPEC);
    let said =
        pending(&before, None, &running(SPEC), &proven.cluster, &[].into(), written(&proven));
    assert_eq!(said, []);
    assert_eq!(
        pending(
            &Running::default(),
            None,
            &running(SPEC),
            &proven.cluster,
            &[].into(),
            written(&proven)
        ),
        []
    );
}

#[test]
fn a_change_of_the_unit_points_at_the_key_that_it_comes_from() {
    let systemd = |keys: &str| format!("{SPEC}\n[systemd]\n{keys}\n");
    let (user, group) = (systemd("user = \"kube\""), systemd("user = \"kube\"\ngroup = \"kube\""));
    let both = systemd("user = \"kube\"\ngroup = \"certs\"");
    let binary = systemd("user = \"kube\"\nbinary = \"/opt/etcd\"");
    let adopted = running(&user).adopted();
    for (before, after, written, told) in [
        (adopted, &user, "[cluster]", "runs by a unit that no build wrote"),
        (running(&binary), &user, "[cluster]", "runs with `/opt/etcd`"),
        (running(&both), &user, "user = \"kube\"", "runs with `certs`"),
        (running(&both), &group, "group = \"kube\"", "runs with `certs`"),
        (running(&user), &binary, "binary = \"/opt/etcd\"", "runs without `binary`"),
    ] {
        let proven = proven(after);
        let changes = changes(&before, &running(after));
        let of_unit = changes.iter().filter(|change| matches!(change.what, What::Unit { .. }));
        let labels: Vec<_> =
            of_unit.filter_map(|change| place(change, self::written(&proven), &RUNS)).collect();
        assert_eq!(labels.len(), 3, "{told}");
        for Label { span, text } in labels {
            let line = after[..span.start].rfind('\n').map_or(0, |end| end + 1);
            assert!(after[line..].starts_with(written), "{told}: {}", &after[line..]);
            assert_eq!(text, told);
        }
    }
}

/// Its name is no word of the label.
#[test]
fn a_member_that_is_called_like_a_word_keeps_its_name() {
    let running = SPEC.replace("\"pink\"", "\"runs-with\"");
    let renamed = running.replace("\"runs-with\"", "\"runs\"");
    let said = unrecorded_of(&running, &renamed);
    assert!(
        said.contains("runs-with: renamed to runs") && said.contains("was as `runs-with`"),
        "{said}"
    );
}

/// Each change has its entry: the work grows with their number, and not with its square.
#[test]
fn ten_thousand_changes_that_are_accepted_one_by_one_are_told_at_once() {
    const MANY: usize = 10_000;
    let name = |n: usize| format!("client-{n}");
    let before = &mut running(SPEC);
    let root = before.clients["root"].clone();
    before.clients.extend((0..MANY).map(|n| (name(n), root.clone())));
    let entries: Vec<String> =
        (0..MANY).map(|n| format!("\"remove client/{}\"", name(n))).collect();
    let spec = with("[cluster]", &format!("[cluster]\naccept = [{}]", entries.join(", ")));
    let proven = proven(&spec);
    let after = Running::of(&proven.cluster, &[]);
    assert_eq!(refused(before, &after, written(&proven)), []);
    assert_eq!(pending(before, None, &after, &proven.cluster, &[].into(), written(&proven)), []);
    let without = self::proven(SPEC);
    let said = pending(before, None, &after, &without.cluster, &[].into(), written(&without));
    assert_eq!(
        said.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(),
        ["10000 clients: removed"]
    );
}

#[test]
fn what_is_not_recorded_is_taken_as_not_running_and_that_is_said() {
    for (name, before, after) in all_refused() {
        let said = unrecorded_of(&before, &after);
        let is_of_cas = name.starts_with("ca_");
        assert_eq!(said.is_empty(), is_of_cas, "{name}: {said}");
        assert!(
            is_of_cas || said.contains("taken as not yet running (2026-12-01)"),
            "{name}: {said}"
        );
    }
    insta::assert_snapshot!(
        "unrecorded_data_dir",
        unrecorded_of(SPEC, &with("/data/etcd", "/srv/etcd"))
    );
    insta::assert_snapshot!("unrecorded_minor", unrecorded_of(SPEC, &with("3.5.33", "3.6.16")));
    assert_eq!(unrecorded_of(SPEC, &with("10.0.0.2", "10.0.0.9")), "");
    assert_eq!(unrecorded_of(SPEC, &with("[etcd]", "[etcd]\nsnapshot-count = 20000")), "");
}

/// A certificate of the other CA, copied to a member that runs, is refused by all others at once.
#[test]
fn nothing_is_copied_before_members_that_would_refuse_each_other_are_stopped() {
    let spec = with_ca("issue = 2\ntrust = [2]");
    let (mut before, mut after) = (running(SPEC), running(&spec));
    for (running, serial) in [(&mut before, "1"), (&mut after, "2")] {
        for member in running.members.values_mut() {
            member.certificates.insert(Kind::Server, serial.into());
        }
        for client in running.clients.values_mut() {
            client.certificate = Some(serial.into());
        }
    }
    let proven = proven(&spec);
    let said = pending(&before, None, &after, &proven.cluster, &[].into(), written(&proven));
    let text = shown(said, &spec);
    assert!(!text.contains("no member is restarted"), "{text}");
    assert!(
        text.contains("to be copied when the steps of the members say so, and not before"),
        "{text}"
    );
    assert!(
        text.contains("all members are stopped before any of them, or a client, gets its files"),
        "{text}"
    );
    assert!(text.contains("stop all members, copy the new files, start all of them"), "{text}");
}
