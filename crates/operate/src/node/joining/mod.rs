//! Whether a member founds the cluster, joins it, or goes on: by its data, and by what the others say. Nothing is
//! guessed: where it cannot be told, it is refused, with what would tell.

mod alone;
mod removed;
mod restored;

pub(crate) use removed::is_of_one_removed;

use crate::node::machine::Data;
use crate::node::peers::{Agreed, Answer, agreed, answering, has_url, heard};
use crate::package::DONE_RESTORED;
use bouquet_etcd::peer::{Members, PeerMember};
use bouquet_etcd::wal::Identity;
use bouquet_etcd::{Error, Reach};
use bouquet_model::artifact::shell_word;
use bouquet_model::cluster::{ClusterId, MemberId, State};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::quorum::quorum;
use bouquet_model::{Cluster, Member};

/// The way in which a member starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// With its own data.
    Start,
    /// It founds the cluster with the others, of whom so many run by now.
    Found {
        /// The founders that answer.
        running: usize,
    },
    /// It joins the cluster that runs; this is `--initial-cluster`.
    Join(String),
}

/// What a decision follows from.
pub(crate) struct Known<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) member: &'a Member,
    /// What it has of its own.
    pub(crate) data: Data,
    /// The mark that it has run here, where that is set.
    pub(crate) mark: Option<&'a str>,
    /// The token of the restore by which the data came here, where it did.
    pub(crate) restored: Option<&'a str>,
    /// What the others say.
    pub(crate) answers: &'a [Answer],
    /// It is to found the cluster although nobody answers.
    pub(crate) bootstrap: bool,
    /// It is added to the cluster later than now.
    pub(crate) is_before: bool,
    /// The lists that come over plain HTTP are believed.
    pub(crate) trust_network: bool,
    /// The name of the program.
    pub(crate) program: &'a str,
    /// Returns how it is installed with an option: its line between backquotes, as it is to be typed.
    pub(crate) install: &'a dyn Fn(&str) -> String,
}

/// Decides how a member starts.
///
/// # Errors
/// If it must not, or cannot be told: a start would found a second cluster, or lose what the member acknowledged.
pub(crate) fn way(known: &Known<'_>) -> Result<Way, Diagnostic> {
    match known.data {
        Data::Whole(identity) | Data::LogAlone(Some(identity)) => known.goes_on(identity),
        Data::Nameless | Data::LogAlone(None) => Err(known.nameless()),
        // What an interrupted first start leaves, unless it has run.
        Data::DatabaseAlone if known.mark.is_some() => Err(known.is_missing("log")),
        Data::DatabaseAlone | Data::None => known.begins(),
    }
}

/// Reports a list of members that is anybody's word.
pub(crate) fn said_over_http() -> Diagnostic {
    Diagnostic::error("the list of members came over plain HTTP: anybody may have sent it")
        .help("where only members are in that network: `--trust-network`")
}

/// Says how a member whose data is gone is replaced: a plan that is not told starts it again.
pub(in crate::node) fn replaced(program: &str, member: &Member) -> String {
    let name = shell_word(member.name.as_str());
    format!(
        "replace this member: `{program} plan --replace {name}`, on the machine with `out/`, has the steps"
    )
}

/// Reports that a member has run, whose data is gone.
pub(in crate::node) fn has_run(program: &str, member: &Member, entry: &PeerMember) -> Diagnostic {
    Diagnostic::error(format!("{} has run, and its data is gone", quoted(member.name.as_str())))
        .note(format!("the others list it as {}, with client URLs", MemberId(entry.id)))
        .note("with former data, or none, under its identity it would have forgotten what it acknowledged")
        .help("if its data is somewhere, on a disk that is not mounted: bring it back, and do this again")
        .help(format!("if it is lost: {}; nothing else helps until it was removed", replaced(program, member)))
}

/// Finds a member's entry in what members of that cluster list, if it has run there: only then it has client URLs.
pub(in crate::node) fn entry_of_one_that_ran<'a>(
    member: &Member,
    cluster_id: u64,
    answers: &'a [Answer],
) -> Option<&'a PeerMember> {
    let lists = answering(answers).into_iter().filter(|(_, list)| list.cluster_id == cluster_id);
    let mut entries = lists.filter_map(|(_, list)| entry(member, list));
    entries.find(|entry| !entry.client_urls.is_empty())
}

/// Tells whether most of those who answer list that member.
pub(crate) fn is_listed(member: &Member, answers: &[Answer]) -> bool {
    agreed(answers).is_some_and(|agreed| entry(member, agreed.list).is_some())
}

/// Finds a member's entry in a list: by its URLs, else by its name.
fn entry<'l>(member: &Member, list: &'l Members) -> Option<&'l PeerMember> {
    let urls = &member.initial_advertise_peer_urls;
    let by_url = |it: &&PeerMember| urls.iter().any(|url| has_url(it, url));
    let by_name = |it: &&PeerMember| it.name == member.name.as_str();
    list.members.iter().find(by_url).or_else(|| list.members.iter().find(by_name))
}

impl Known<'_> {
    fn name(&self) -> &str {
        self.member.name.as_str()
    }

    fn replaced(&self) -> String {
        replaced(self.program, self.member)
    }

    /// Decides how a member goes on that has data, by whose data it is.
    fn goes_on(&self, identity: Identity) -> Result<Way, Diagnostic> {
        let agreed = agreed(self.answers);
        let heard = agreed.as_ref().filter(|agreed| agreed.is_certain());
        let cluster_id = self.cluster.id.map(|id| id.0).or(heard.map(|agreed| agreed.cluster_id));
        if let Some(ours) = cluster_id.filter(|id| *id != identity.cluster_id) {
            if let Some(problem) = self.unrecorded_restore(identity) {
                return Err(problem);
            }
            return Err(Diagnostic::error(format!(
                "the data here is of another cluster, {}, and {} is {}",
                ClusterId(identity.cluster_id),
                quoted(&self.cluster.token),
                ClusterId(ours)
            ))
            .note("nothing was changed: it may be the only copy of what is in it")
            .help(format!(
                "if this is the wrong node or disk: put the right one here; if that data is not needed here: {}",
                (self.install)(if self.is_before { "--set-aside --no-start" } else { "--set-aside" })
            )));
        }
        if let Some(problem) = self.others_are_elsewhere(identity) {
            return Err(problem);
        }
        let entry = heard.and_then(|agreed| entry(self.member, agreed.list));
        // One that was removed and added again has another ID than the one that it was built with.
        let own = entry.map(|entry| entry.id).or(self.member.id.map(|id| id.0));
        if own.is_some_and(|own| own != identity.member_id) || own.is_none() && heard.is_some() {
            return Err(self.not_ours(identity, own, heard));
        }
        if let Some(agreed) = heard
            && !agreed.lists(identity.member_id)
        {
            return Err(self.removed(identity));
        }
        Ok(Way::Start)
    }

    /// Reports that its data is of another member, or of one that it was before.
    fn not_ours(
        &self,
        identity: Identity,
        own: Option<u64>,
        heard: Option<&Agreed<'_>>,
    ) -> Diagnostic {
        let id = MemberId(identity.member_id);
        let compiled = self.cluster.members.iter().find(|other| other.id == Some(id));
        let listed = heard.and_then(|agreed| {
            let is_it = |member: &&PeerMember| member.id == identity.member_id;
            agreed.list.members.iter().find(is_it).map(|member| member.name.as_str())
        });
        let theirs = compiled.map(|other| other.name.as_str()).or(listed);
        match theirs.filter(|theirs| *theirs != self.name()) {
            Some(theirs) => Diagnostic::error(format!(
                "the data here is that of {}, {id}: a disk that was cloned, or swapped",
                quoted(theirs)
            ))
            .note("two members with one identity take each other's messages, and what was written is lost")
            .help(format!("set it aside, if {theirs} has its own: {}", (self.install)("--set-aside"))),
            None if heard.is_some_and(|agreed| !agreed.lists(identity.member_id)) => {
                self.removed(identity)
            }
            None => Diagnostic::error(format!(
                "the data here is of member {id}, and {} is {}",
                quoted(self.name()),
                own.map_or_else(|| "not known by any".to_owned(), |own| MemberId(own).to_string())
            ))
            .note("a member that was removed and added again has another ID, and starts without data")
            .help(format!("set it aside: {}", (self.install)("--set-aside"))),
        }
    }

    fn removed(&self, identity: Identity) -> Diagnostic {
        Diagnostic::error(format!(
            "{} was removed from the cluster: its data is of member {}, which no member lists any more",
            quoted(self.name()),
            MemberId(identity.member_id)
        ))
        .note("etcd ends with `the member has been permanently removed from the cluster` on it")
        .help(format!(
            "if it is to come back, add it again: `{} plan` has the steps; then {}",
            self.program,
            (self.install)("--set-aside")
        ))
        .help(format!("if it is not: `{} install {} --retire`", self.program, self.name()))
    }

    fn nameless(&self) -> Diagnostic {
        Diagnostic::error("there is a log here, and it does not say whose it is".to_owned())
            .note("its oldest file is cut, damaged, or encrypted")
            .help(format!(
                "look whether its disk is whole; `{} doctor` says what the damage looks like",
                self.program
            ))
            .help(self.is_lost())
    }

    fn is_missing(&self, what: &str) -> Diagnostic {
        let mark = self.mark.unwrap_or_default();
        Diagnostic::error(format!("{} has run here, and there is no {what}", quoted(self.name())))
            .note(format!("`{mark}` tells in which folders its data was"))
            .note("on an empty folder it would start without data, and forget what it acknowledged")
            .help("mount what is missing, or move it back, and do this again")
            .help(self.is_lost())
            .help(format!(
                "only where it was removed from its cluster and added again: `rm {}`",
                shell_word(mark)
            ))
    }

    /// Decides how a member begins that has no data of its own.
    fn begins(&self) -> Result<Way, Diagnostic> {
        if self.mark.is_some() {
            return Err(self.is_missing("data"));
        }
        let Some(agreed) = agreed(self.answers) else { return self.unheard() };
        if self.cluster.tls.is_none() && !self.trust_network {
            return Err(said_over_http());
        }
        self.is_ours(&agreed)?;
        if self.is_founded(&agreed) {
            return Ok(Way::Found { running: answering(self.answers).len() });
        }
        if !agreed.is_certain() {
            return Err(self.too_few(&agreed));
        }
        match entry(self.member, agreed.list) {
            None if !self.is_before => Err(self.not_listed()),
            // It may be removed before it is added.
            Some(entry) if !self.is_before && !entry.client_urls.is_empty() => {
                Err(has_run(self.program, self.member, entry))
            }
            _ => Ok(Way::Join(self.list(agreed.list))),
        }
    }

    /// Decides what a member does that nobody answers. Silence proves nothing, even with TLS: an attacker can cause it,
    /// too. So `--bootstrap` has to say that there is no cluster.
    fn unheard(&self) -> Result<Way, Diagnostic> {
        let is_founder = self.member.state == State::New;
        if self.is_alone() && !is_founder {
            return Err(self.has_lost_all());
        }
        if is_founder && (self.bootstrap || self.is_alone()) {
            return match self.distrusted() {
                Some(problem) => Err(problem),
                None => Ok(Way::Found { running: 0 }),
            };
        }
        let why = self.answers.iter().map(|Answer { name, url, members }| match members {
            Err(error) => format!("{name}, {url}: {error}"),
            Ok(_) => format!("{name}, {url}"),
        });
        let mut problem = Diagnostic::error(format!(
            "no other member answers, so it is not known whether {} founds the cluster or joins it",
            quoted(self.name())
        ));
        problem.notes = why.collect();
        Err(match (is_founder, self.bootstrap) {
            (true, _) => problem.help(format!(
                "if the cluster never ran, and this is the first of its members: {}",
                (self.install)("--bootstrap")
            )),
            (false, true) => problem
                .note("this program was built with it as a member of a cluster that runs: `--bootstrap` would found a second one")
                .help("start the others first"),
            (false, false) => problem.help("start the others first, or see that they can be reached from here"),
        })
    }

    /// Reports a member that answers, and whose certificate is not trusted or that trusts none of ours: it may run.
    fn distrusted(&self) -> Option<Diagnostic> {
        let is_distrust = |error: &Error| {
            let Error::Unreachable(reach) = error else { return true };
            matches!(reach, Reach::Untrusted(_) | Reach::Rejected(_) | Reach::NotTls)
        };
        let (answer, error) = self.answers.iter().find_map(|answer| {
            let error = answer.members.as_ref().err()?;
            is_distrust(error).then_some((answer, error))
        })?;
        let Answer { name, url, .. } = answer;
        Some(
            Diagnostic::error(format!("something runs at {url}, the place of {}", quoted(name)))
                .note(error.to_string())
                .help("a cluster may run already, which trusts another CA: look there first"),
        )
    }

    /// Checks that they are of the compiled cluster, all that answer.
    fn is_ours(&self, agreed: &Agreed<'_>) -> Result<(), Diagnostic> {
        let expected = self.cluster.id.map_or(agreed.cluster_id, |id| id.0);
        let Some((answer, list)) =
            heard(self.answers).find(|(_, list)| list.cluster_id != expected)
        else {
            return Ok(());
        };
        Err(Diagnostic::error(format!(
            "{} is a member of another cluster, {}, and this one is {}",
            quoted(&answer.name),
            ClusterId(list.cluster_id),
            ClusterId(expected)
        ))
        .note(format!("it was asked at {}", answer.url))
        .help(format!(
            "if members were restored from a snapshot: on the machine with `out/`, `{} {DONE_RESTORED}`, build, and bring the \
             new program here",
            self.program
        ))
        .help("if it is another cluster: its addresses are those of cluster.toml, and cannot be both"))
    }

    /// Tells whether the bootstrap goes on: all who answer know the compiled founders and nobody else, and this member
    /// has never run.
    fn is_founded(&self, agreed: &Agreed<'_>) -> bool {
        let ids = |id: Option<MemberId>| id.map(|id| id.0);
        let mut compiled: Vec<_> =
            self.cluster.members.iter().map(|member| ids(member.id)).collect();
        compiled.sort_unstable();
        let are_founders = |list: &Members| {
            let mut listed: Vec<_> = list.members.iter().map(|it| Some(it.id)).collect();
            listed.sort_unstable();
            listed == compiled
        };
        let entry = entry(self.member, agreed.list);
        self.member.state == State::New
            && self.cluster.id.is_some()
            && heard(self.answers).all(|(_, list)| are_founders(list))
            && entry.is_some_and(|entry| entry.client_urls.is_empty())
    }

    fn too_few(&self, agreed: &Agreed<'_>) -> Diagnostic {
        let (voters, agreeing) = (agreed.voters(), agreed.agreeing);
        let mut problem = Diagnostic::error(format!(
            "{agreeing} of {voters} voters tell who the members are, and it takes {}",
            quorum(voters)
        ));
        problem.notes = self
            .answers
            .iter()
            .map(|answer| match &answer.members {
                Ok(list) => format!("{} knows {} members", answer.name, list.members.len()),
                Err(error) => format!("{}: {error}", answer.name),
            })
            .collect();
        problem.help("start those that are down, and do this again")
    }

    fn not_listed(&self) -> Diagnostic {
        let urls = self.member.initial_advertise_peer_urls.iter().map(ToString::to_string);
        let urls = urls.collect::<Vec<_>>().join(",");
        Diagnostic::error(format!("{} is no member of the cluster that runs", quoted(self.name())))
            .help(format!(
                "add it, on the machine with `out/`: `{} etcdctl -- member add {} --learner --peer-urls={urls}`; then do this again",
                self.program,
                self.name()
            ))
    }

    /// Returns `--initial-cluster` as etcd compares it with the others' list: all members with their URLs; names count
    /// for nothing but this one's own (`ValidateClusterAndAssignIDs` in etcd's `server/etcdserver/api/membership`).
    fn list(&self, list: &Members) -> String {
        let own = entry(self.member, list).map(|entry| entry.id);
        let added = self.member.initial_advertise_peer_urls.iter().filter(|_| own.is_none());
        let added = added.map(|url| format!("{}={url}", self.name()));
        let pairs = list.members.iter().flat_map(|member| {
            let name = match &member.name {
                _ if Some(member.id) == own => self.name().to_owned(),
                name if name.is_empty() || name == self.name() => MemberId(member.id).to_string(),
                name => name.clone(),
            };
            member.peer_urls.iter().map(move |url| format!("{name}={url}"))
        });
        pairs.chain(added).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests;
