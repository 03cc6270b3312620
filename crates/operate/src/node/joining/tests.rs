//! Whether a member starts, founds, joins, or must not: by what it has and what the others say.

use super::{Known, Way, entry_of_one_that_ran, is_of_one_removed, way};
use crate::live::tests::scene::flowers::CLUSTER;
use crate::node::machine::Data;
use crate::node::peers::Answer;
use bouquet_etcd::peer::{Members, PeerMember};
use bouquet_etcd::wal::Identity;
use bouquet_etcd::{Error, Reach};
use bouquet_lock::Restored;
use bouquet_model::Cluster;
use bouquet_model::cluster::{Member, State};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use bouquet_model::url::Url;

const NAME: &str = "orange";

/// Returns the compiled cluster, in which this member founds, or is recorded as running.
fn cluster(state: State) -> Cluster {
    let members = CLUSTER.members.iter().map(|it| Member { state, ..it.clone() });
    Cluster { members: members.collect::<Vec<_>>().into(), ..CLUSTER.clone() }
}

fn id(name: &str) -> u64 {
    CLUSTER.member(name).and_then(|member| member.id).expect("the ID of a founder").0
}

fn url(name: &str) -> Url {
    CLUSTER.member(name).expect(name).initial_advertise_peer_urls[0].clone()
}

/// Returns the founders as they list one another before any of them is ready, but for those that are.
fn founders(ready: &[&str]) -> Vec<PeerMember> {
    let entry = |member: &Member| {
        let name = member.name.to_string();
        let is_ready = ready.contains(&name.as_str());
        PeerMember {
            id: member.id.expect("an ID").0,
            peer_urls: vec![member.initial_advertise_peer_urls[0].to_string()],
            client_urls: is_ready.then(|| "https://client".to_owned()).into_iter().collect(),
            is_learner: false,
            name,
        }
    };
    CLUSTER.members.iter().map(entry).collect()
}

fn says(name: &str, members: Vec<PeerMember>) -> Answer {
    let cluster_id = CLUSTER.id.expect("an ID").0;
    Answer { name: name.to_owned(), url: url(name), members: Ok(Members { cluster_id, members }) }
}

fn silent(name: &str, reach: Reach) -> Answer {
    Answer { name: name.to_owned(), url: url(name), members: Err(Error::Unreachable(reach)) }
}

/// A question, and what is answered: the way, or the message.
struct Ask {
    cluster: Cluster,
    data: Data,
    mark: Option<&'static str>,
    restored: Option<&'static str>,
    answers: Vec<Answer>,
    bootstrap: bool,
    is_before: bool,
    trust_network: bool,
}

impl Ask {
    fn new(state: State, answers: Vec<Answer>) -> Self {
        Self {
            cluster: cluster(state),
            data: Data::None,
            mark: None,
            restored: None,
            answers,
            bootstrap: false,
            is_before: false,
            trust_network: false,
        }
    }

    fn asked(&self) -> Result<Way, Diagnostic> {
        let known = Known {
            cluster: &self.cluster,
            member: self.cluster.member(NAME).expect(NAME),
            data: self.data,
            mark: self.mark,
            restored: self.restored,
            answers: &self.answers,
            bootstrap: self.bootstrap,
            is_before: self.is_before,
            trust_network: self.trust_network,
            program: "bouquet",
            install: &|option| format!("`bouquet install orange - {option}`"),
        };
        way(&known)
    }

    fn way(&self) -> Result<Way, String> {
        self.asked().map_err(|problem| {
            assert!(!problem.help.is_empty(), "{problem}");
            problem.message
        })
    }

    fn problem(&self) -> Diagnostic {
        self.asked().expect_err("a refusal")
    }
}

fn data(member: &str) -> Data {
    Data::Whole(Identity { member_id: id(member), cluster_id: CLUSTER.id.expect("an ID").0 })
}

fn refused(ask: &Ask) -> String {
    ask.way().expect_err("a refusal")
}

const OTHERS: [&str; 2] = ["daffodil", "pink"];

fn both(members: &[PeerMember]) -> Vec<Answer> {
    OTHERS.iter().map(|name| says(name, members.to_vec())).collect()
}

fn nobody() -> Vec<Answer> {
    OTHERS.iter().map(|name| silent(name, Reach::NoListener)).collect()
}

#[test]
fn a_member_with_its_own_data_starts_whatever_the_others_say() {
    for state in [State::New, State::Existing] {
        for answers in [nobody(), both(&founders(&["daffodil", "orange", "pink"]))] {
            let ask = Ask { data: data(NAME), mark: Some("/m"), ..Ask::new(state, answers) };
            assert_eq!(ask.way(), Ok(Way::Start));
        }
    }
}

#[test]
fn data_of_another_cluster_or_member_is_refused_with_whose_it_is() {
    let Data::Whole(own) = data(NAME) else { panic!("whole") };
    let foreign = Data::Whole(Identity { cluster_id: 0xabc, ..own });
    let ask = Ask { data: foreign, ..Ask::new(State::New, nobody()) };
    let said = refused(&ask);
    assert!(said.starts_with("the data here is of another cluster, abc, and "), "{said}");
    let ask = Ask { data: data("pink"), ..Ask::new(State::New, nobody()) };
    let said = refused(&ask);
    assert!(said.starts_with("the data here is that of `pink`, "), "{said}");
    assert!(said.ends_with("a disk that was cloned, or swapped"), "{said}");
    let unknown = Data::Whole(Identity { member_id: 7, ..own });
    let ask = Ask { data: unknown, ..Ask::new(State::New, nobody()) };
    assert!(refused(&ask).starts_with("the data here is of member 7, and `orange` is "));
}

/// Two that started so would be the former cluster again.
#[test]
fn while_others_are_restored_no_member_starts_on_former_data() {
    let elsewhere = |count: usize| {
        let mut answers = both(&founders(&["daffodil", "orange", "pink"]));
        for answer in answers.iter_mut().take(count) {
            answer.members.as_mut().expect("a list").cluster_id = 0xabc;
        }
        answers
    };
    let start = |answers| Ask { data: data(NAME), ..Ask::new(State::Existing, answers) };
    let one = vec![elsewhere(1).remove(0), silent("pink", Reach::NoListener)];
    for (answers, begin) in [
        (one, "`daffodil` runs as another cluster, abc, "),
        (elsewhere(2), "`daffodil`, `pink` run as "),
    ] {
        let problem = start(answers).problem();
        assert!(problem.message.starts_with(begin), "{problem}");
        assert!(problem.help[0].contains("--restore FILE --token TOKEN"), "{problem}");
    }
    // One of them was wiped, and the other one is there.
    assert_eq!(start(elsewhere(1)).way(), Ok(Way::Start));
    assert_eq!(start(nobody()).way(), Ok(Way::Start));
}

/// It would be set aside by the help for any other data.
#[test]
fn data_that_was_restored_before_the_program_knew_is_not_to_be_set_aside() {
    const TOKEN: &str = "etcd-cluster-1.5a0d2f00.20261128T120000Z";
    let Data::Whole(own) = data(NAME) else { panic!("whole") };
    let id = Restored::cluster_id(&Running::of(&CLUSTER, &[]), TOKEN);
    let restored = Data::Whole(Identity { cluster_id: id.0, ..own });
    let mut ask = Ask { data: restored, ..Ask::new(State::Existing, nobody()) };
    assert!(refused(&ask).starts_with("the data here is of another cluster, "));
    ask.restored = Some("another");
    assert!(refused(&ask).starts_with("the data here is of another cluster, "));
    ask.restored = Some(TOKEN);
    let said = refused(&ask);
    assert_eq!(said, "the data here was restored, and this program does not know of that yet");
}

#[test]
fn data_that_was_restored_as_all_of_a_new_cluster_is_recorded_as_that() {
    const TOKEN: &str = "etcd-cluster-1.5a0d2f00.20261128T120000Z";
    let Data::Whole(own) = data(NAME) else { panic!("whole") };
    let mut sole = Running::of(&CLUSTER, &[]);
    sole.members.retain(|name, _| name == NAME);
    let id = Restored::cluster_id(&sole, TOKEN);
    let restored = Data::Whole(Identity { cluster_id: id.0, ..own });
    let known = |answers: Vec<Answer>| Ask {
        data: restored,
        restored: Some(TOKEN),
        ..Ask::new(State::Existing, answers)
    };
    let help = known(nobody()).problem().help.join("\n");
    assert!(help.contains(&format!("--token {TOKEN} --sole {NAME}`")), "{help}");
    // While the others run with the former data, nobody is led to restore all of them.
    let problem = known(both(&founders(&["daffodil", "orange", "pink"]))).problem();
    assert!(problem.message.ends_with("run with the former data"), "{problem}");
    let help = problem.help.join("\n");
    assert!(!help.contains("restore them from the same file"), "{help}");
}

/// Two restores of one file were mixed: the others are the one that is recorded, and have the quorum.
#[test]
fn one_of_another_restore_than_the_recorded_one_is_replaced_and_the_others_go_on() {
    let running = Running::of(&CLUSTER, &[]);
    let (ours, theirs) = ("etcd-cluster-1.a.20261128T120000Z", "etcd-cluster-1.b.20261128T130000Z");
    let id = |token| Restored::cluster_id(&running, token);
    let mut ask = Ask { restored: Some(ours), ..Ask::new(State::Existing, nobody()) };
    let Data::Whole(own) = data(NAME) else { panic!("whole") };
    ask.data = Data::Whole(Identity { cluster_id: id(ours).0, ..own });
    let mut answers = both(&founders(&["daffodil", "orange", "pink"]));
    for answer in &mut answers {
        answer.members.as_mut().expect("a list").cluster_id = id(theirs).0;
    }
    ask.answers = answers;
    ask.cluster.id = Some(id(theirs));
    for member in ask.cluster.members.to_mut() {
        member.id = Restored::member_id(&running, member.name.as_str(), theirs);
    }
    let problem = ask.problem();
    let words =
        "`orange` was restored with another token than the cluster that cluster.lock records";
    assert_eq!(problem.message, words);
    assert!(problem.help[0].contains("`bouquet plan --replace orange`"), "{problem}");
    assert!(problem.help[1].contains("--restore FILE --token TOKEN"), "{problem}");
    let help = problem.help.join("\n");
    assert!(!help.contains("stop") && !help.contains(ours), "{problem}");
    // Where the cluster that is compiled was founded, all may be about to be restored.
    for answer in &mut ask.answers {
        answer.members.as_mut().expect("a list").cluster_id = CLUSTER.id.expect("an ID").0;
    }
    ask.cluster = cluster(State::Existing);
    let help = ask.problem().help.join("\n");
    assert!(
        help.contains(&format!("restore them from the same file with `--token {ours}`")),
        "{help}"
    );
}

#[test]
fn data_of_a_member_that_was_removed_is_refused() {
    let mut list = founders(&["daffodil", "orange", "pink"]);
    list.retain(|member| member.name != NAME);
    let ask = Ask { data: data(NAME), ..Ask::new(State::Existing, both(&list)) };
    assert!(refused(&ask).starts_with("`orange` was removed from the cluster"));
    // One that was cut off may have a former list.
    let ask = Ask { answers: vec![says("pink", founders(&[]))], ..ask };
    assert_eq!(ask.way(), Ok(Way::Start));
}

#[test]
fn a_log_that_does_not_say_whose_it_is_is_refused() {
    for data in [Data::Nameless, Data::LogAlone(None)] {
        let ask = Ask { data, ..Ask::new(State::New, nobody()) };
        assert_eq!(refused(&ask), "there is a log here, and it does not say whose it is");
    }
}

#[test]
fn without_its_data_a_member_that_has_run_does_not_begin_again() {
    for data in [Data::None, Data::DatabaseAlone] {
        for answers in [nobody(), both(&founders(&[]))] {
            let ask = Ask { data, mark: Some("/m"), ..Ask::new(State::New, answers) };
            let ask = Ask { bootstrap: true, ..ask };
            assert!(refused(&ask).starts_with("`orange` has run here, and there is no "));
        }
    }
}

#[test]
fn the_first_founder_has_to_be_told_so_and_the_next_ones_see_it() {
    let ask = Ask::new(State::New, nobody());
    assert!(refused(&ask).starts_with("no other member answers, so it is not known whether"));
    let ask = Ask { bootstrap: true, ..ask };
    assert_eq!(ask.way(), Ok(Way::Found { running: 0 }));
    // What an interrupted first start leaves is no data.
    let ask = Ask { data: Data::DatabaseAlone, ..ask };
    assert_eq!(ask.way(), Ok(Way::Found { running: 0 }));
    let one = vec![silent("daffodil", Reach::Silent), says("pink", founders(&[]))];
    assert_eq!(Ask::new(State::New, one).way(), Ok(Way::Found { running: 1 }));
    // A late founder of a cluster that has its quorum.
    let late = both(&founders(&["daffodil", "pink"]));
    assert_eq!(Ask::new(State::New, late).way(), Ok(Way::Found { running: 2 }));
}

#[test]
fn a_member_of_a_cluster_that_runs_founds_none_although_it_is_told_to() {
    let ask = Ask { bootstrap: true, ..Ask::new(State::Existing, nobody()) };
    assert!(refused(&ask).starts_with("no other member answers"));
}

#[test]
fn where_something_answers_that_trusts_another_ca_no_cluster_is_founded() {
    for reach in [Reach::Untrusted("x".into()), Reach::Rejected("x".into()), Reach::NotTls] {
        let answers = vec![silent("daffodil", Reach::NoListener), silent("pink", reach)];
        let ask = Ask { bootstrap: true, ..Ask::new(State::New, answers) };
        assert!(refused(&ask).starts_with("something runs at "));
    }
}

#[test]
fn members_of_another_cluster_are_told_with_both_ids() {
    let mut answers = both(&founders(&[]));
    if let Ok(list) = &mut answers[1].members {
        list.cluster_id = 0xabc;
    }
    let said = refused(&Ask::new(State::New, answers));
    assert!(said.starts_with("`pink` is a member of another cluster, abc, and this one is "));
}

/// Returns a cluster that runs, in which it has an entry that has never run.
fn added() -> Vec<PeerMember> {
    let mut list = founders(&["daffodil", "pink"]);
    for member in &mut list {
        if member.name == NAME {
            *member = PeerMember { id: 9, name: String::new(), is_learner: true, ..member.clone() };
        }
    }
    list
}

#[test]
fn an_added_member_joins_with_the_list_of_most_voters() {
    for state in [State::New, State::Existing] {
        let Ok(Way::Join(list)) = Ask::new(state, both(&added())).way() else {
            panic!("it does not join")
        };
        let expected = CLUSTER
            .members
            .iter()
            .map(|it| format!("{}={}", it.name, it.initial_advertise_peer_urls[0]));
        assert_eq!(list, expected.collect::<Vec<_>>().join(","));
    }
}

/// `apply` asks so before its first step: others of that name may be there still, which are removed before.
#[test]
fn before_a_member_is_added_its_node_is_told_apart_by_what_lies_there() {
    let mut others = founders(&["daffodil", "pink"]);
    let all = founders(&["daffodil", "orange", "pink"]);
    others.retain(|member| member.name != NAME);
    let before = |answers| Ask { is_before: true, ..Ask::new(State::Existing, answers) };
    for list in [&others, &all] {
        let Ok(Way::Join(joined)) = before(both(list)).way() else { panic!("it does not join") };
        let entry = format!("orange={}", url(NAME));
        assert_eq!(joined.split(',').filter(|it| *it == entry).count(), 1, "{joined}");
    }
    let one = vec![says("pink", others.clone()), silent("daffodil", Reach::Silent)];
    assert!(refused(&before(one)).contains(" tell who the members are"));
    assert!(refused(&before(nobody())).starts_with("no other member answers"));
    let Data::Whole(own) = data(NAME) else { panic!("whole") };
    let foreign = Data::Whole(Identity { cluster_id: 0xabc, ..own });
    let problem = Ask { data: foreign, ..before(both(&others)) }.problem();
    assert!(problem.message.starts_with("the data here is of another cluster, "), "{problem}");
    assert!(problem.help[0].ends_with(" --set-aside --no-start`"), "{problem}");
    let marked = Ask { mark: Some("/m"), ..before(both(&others)) };
    assert!(refused(&marked).starts_with("`orange` has run here, and there is no data"));
}

/// It gives way where a member is added: nobody else's does.
#[test]
fn data_is_of_one_that_was_removed_where_a_quorum_does_not_list_it() {
    let all = founders(&["daffodil", "orange", "pink"]);
    let mut others = all.clone();
    others.retain(|member| member.name != NAME);
    let Data::Whole(own) = data(NAME) else { panic!("whole") };
    let cluster = cluster(State::Existing);
    let is_removed = |data, answers: &[Answer]| is_of_one_removed(&cluster, data, answers);
    for data in [data(NAME), Data::LogAlone(Some(own))] {
        assert!(is_removed(data, &both(&others)));
        assert!(!is_removed(data, &both(&all)), "it is a member");
        let one = [says("pink", others.clone()), silent("daffodil", Reach::Silent)];
        assert!(!is_removed(data, &one), "one that was cut off may say that");
        assert!(!is_removed(data, &nobody()));
    }
    let foreign = Data::Whole(Identity { cluster_id: 0xabc, ..own });
    for data in [foreign, data("pink"), Data::None, Data::Nameless, Data::DatabaseAlone] {
        assert!(!is_removed(data, &both(&others)), "{data:?}");
    }
}

#[test]
fn another_member_without_a_name_has_one_in_the_list() {
    let mut list = added();
    list.push(PeerMember {
        id: 0xbeef,
        name: String::new(),
        peer_urls: vec!["https://10.0.0.9:2380".to_owned()],
        client_urls: Vec::new(),
        is_learner: true,
    });
    let way = Ask::new(State::Existing, both(&list)).way();
    let Ok(Way::Join(list)) = way else { panic!("{way:?}") };
    assert!(list.ends_with(",beef=https://10.0.0.9:2380"), "{list}");
}

#[test]
fn one_voter_of_two_is_too_few_to_say_who_the_members_are() {
    let answers = vec![says("pink", added()), silent("daffodil", Reach::Silent)];
    let said = refused(&Ask::new(State::Existing, answers));
    assert_eq!(said, "1 of 2 voters tell who the members are, and it takes 2");
    let answers = vec![says("pink", added()), says("daffodil", founders(&[]))];
    assert!(refused(&Ask::new(State::Existing, answers)).contains(" tell who the members are"));
}

#[test]
fn a_member_that_has_run_and_one_that_was_never_added_do_not_join() {
    let all = founders(&["daffodil", "orange", "pink"]);
    let ask = Ask::new(State::Existing, both(&all));
    assert_eq!(refused(&ask), "`orange` has run, and its data is gone");
    let ask = Ask::new(State::New, both(&all));
    assert_eq!(refused(&ask), "`orange` has run, and its data is gone");
    let mut list = all;
    list.retain(|member| member.name != NAME);
    let ask = Ask::new(State::Existing, both(&list));
    assert_eq!(refused(&ask), "`orange` is no member of the cluster that runs");
}

/// Who the members are is anybody's word there. That nobody says a word is the same with TLS and without, and founds
/// nothing but where it is told to.
#[test]
fn over_plain_http_what_is_said_has_to_be_trusted_and_silence_is_no_word() {
    let plain = |answers| {
        let ask = Ask::new(State::New, answers);
        Ask { cluster: Cluster { tls: None, ..ask.cluster }, ..ask }
    };
    let founding = || plain(both(&founders(&[])));
    for ask in [founding(), plain(both(&added())), Ask { bootstrap: true, ..founding() }] {
        let said = "the list of members came over plain HTTP: anybody may have sent it";
        assert_eq!(refused(&ask), said);
    }
    let ask = Ask { trust_network: true, ..founding() };
    assert_eq!(ask.way(), Ok(Way::Found { running: 2 }));
    let ask = Ask { trust_network: true, ..plain(both(&added())) };
    assert!(matches!(ask.way(), Ok(Way::Join(_))));

    assert!(refused(&plain(nobody())).starts_with("no other member answers"));
    let ask = Ask { bootstrap: true, ..plain(nobody()) };
    assert_eq!(ask.way(), Ok(Way::Found { running: 0 }));
    // What answers there and is no member, such as one that has TLS, is not silent.
    let other = Answer {
        members: Err(Error::NotEtcd("400 Bad Request".to_owned())),
        ..silent("pink", Reach::NotTls)
    };
    let ask = Ask { bootstrap: true, ..plain(vec![silent("daffodil", Reach::NoListener), other]) };
    assert!(refused(&ask).starts_with("something runs at "));
}

/// As it came: by standard input, another time.
#[test]
fn the_line_that_helps_is_the_one_that_was_typed_with_an_option_more() {
    let ask = Ask::new(State::New, nobody());
    let help = ask.problem().help;
    assert_eq!(help.len(), 1, "{help:?}");
    assert!(help[0].ends_with("`bouquet install orange - --bootstrap`"), "{help:?}");
}

/// Nobody else has its data, or could take its place.
#[test]
fn one_that_is_all_of_its_cluster_is_not_told_of_others() {
    let alone = |state| {
        let mut ask = Ask::new(state, Vec::new());
        let members = ask.cluster.members.iter().filter(|it| it.name.as_str() == NAME).cloned();
        ask.cluster.members = members.collect::<Vec<_>>().into();
        ask
    };
    assert_eq!(alone(State::New).way(), Ok(Way::Found { running: 0 }));
    let gone = alone(State::Existing);
    let message = "`orange` is all of a cluster that has run, and its data is not here";
    assert_eq!(gone.problem().message, message);
    let forced = Ask { bootstrap: true, ..alone(State::Existing) };
    assert_eq!(forced.problem().message, message, "it would be a second one");
    let marked = Ask { mark: Some("/m"), ..alone(State::Existing) };
    let nameless = Ask { data: Data::Nameless, ..alone(State::Existing) };
    for problem in [gone.problem(), marked.problem(), nameless.problem()] {
        let help = problem.help.concat();
        assert!(help.contains("`bouquet install orange - --restore FILE`"), "{problem}");
        assert!(!format!("{problem:?}").contains("others"), "{problem:?}");
    }
}

/// A plan that is not told would start it again: the line has to name it.
#[test]
fn one_whose_data_is_lost_is_told_how_it_is_replaced() {
    let line = "replace this member: `bouquet plan --replace orange`, on the machine with `out/`, has the steps";
    let marked = Ask { mark: Some("/m"), ..Ask::new(State::Existing, nobody()) };
    let listed = Ask::new(State::Existing, both(&founders(&["daffodil", "orange", "pink"])));
    for problem in [marked.problem(), listed.problem()] {
        assert!(problem.help.iter().any(|help| help.contains(line)), "{problem}");
    }
}

/// A restore would take it back to what it had before, and make it forget what it has acknowledged since.
#[test]
fn a_member_has_run_in_a_cluster_whose_members_list_client_urls_of_it() {
    let compiled = cluster(State::Existing);
    let member = compiled.member(NAME).expect(NAME);
    let cluster_id = CLUSTER.id.expect("an ID").0;
    let entry = |answers: &[Answer], cluster_id| {
        entry_of_one_that_ran(member, cluster_id, answers).map(|entry| entry.id)
    };
    let ran = [silent("daffodil", Reach::NoListener), says("pink", founders(&["pink", NAME]))];
    assert_eq!(entry(&ran, cluster_id), Some(id(NAME)));
    assert_eq!(entry(&ran, cluster_id + 1), None, "another cluster");
    assert_eq!(entry(&[says("pink", founders(&["pink"]))], cluster_id), None, "not started yet");
    assert_eq!(entry(&[silent("pink", Reach::NoListener)], cluster_id), None, "nobody answers");
}
