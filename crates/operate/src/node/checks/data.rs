//! What lies in the data folder: whose it is, and whether it is whole.

use super::check::{Check, Node};
use super::mounts::unfit_for_a_log;
use crate::node::joining::{Known, replaced, way};
use crate::node::machine::Data;
use crate::node::machine::facts::Stored;
use crate::node::peers::answering;
use crate::show::bytes;
use bouquet_model::artifact::shell_word;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::mark::mark;
use bouquet_model::places::{Usage, places};
use bouquet_model::quorum::quorum;

pub(super) fn data(node: &Node<'_>) -> Check {
    const NAME: &str = "data";
    let stored = match &node.facts.data {
        Err(why) => return Check::unseen(NAME, why),
        Ok(stored) => stored,
    };
    let folder = folder(node);
    let seen = match stored.data {
        Data::None => format!("none in {folder}"),
        Data::Whole(identity) | Data::LogAlone(Some(identity)) => {
            let size =
                stored.database.map_or_else(String::new, |size| format!(", {}", bytes(size)));
            format!("of member {}{size}, in {folder}", MemberId(identity.member_id))
        }
        Data::Nameless | Data::LogAlone(None) => format!("of nobody that it names, in {folder}"),
        Data::DatabaseAlone => format!("a database without a log, in {folder}"),
    };
    let damage = damage(node, stored);
    let is_damaged = !damage.is_empty();
    let whose = whose(node, stored).filter(|_| !is_damaged);
    let found = Check::new(NAME, seen).with(damage).with(whose).with(no_beginning(node, stored));
    found.with(owners(node, stored, &folder)).with(emptied(node))
}

/// Warns of folders of the member's that `kubeadm reset` empties, where kubeadm is on this node.
fn emptied(node: &Node<'_>) -> Vec<Diagnostic> {
    let places = places(node.cluster(), node.member);
    let its = places.iter().filter(|_| node.facts.has_kubeadm);
    let emptied = its.filter_map(|place| Some((place, place.emptied_by_kubeadm()?)));
    let told = emptied.map(|(place, emptied)| {
        Diagnostic::warning(format!(
            "`kubeadm reset` on this node empties {emptied}, and `{}` is in it",
            place.option
        ))
        .note("kubeadm is here, and does so with an etcd that is none of its own, too")
        .help("no `kubeadm reset` here before this member was removed from the cluster")
    });
    told.collect()
}

/// Returns what is wrong with the data itself, whosever it is.
pub(super) fn unsound(node: &Node<'_>) -> Vec<Diagnostic> {
    let Ok(stored) = &node.facts.data else { return Vec::new() };
    let mut all = damaged(node);
    all.extend(owners(node, stored, &folder(node)));
    all
}

/// Returns what is wrong with the data itself, besides the account that it belongs to.
pub(super) fn damaged(node: &Node<'_>) -> Vec<Diagnostic> {
    let Ok(stored) = &node.facts.data else { return Vec::new() };
    let mut all = damage(node, stored);
    all.extend(no_beginning(node, stored));
    all
}

/// Reports that the log is to begin in a folder in which it cannot.
fn no_beginning(node: &Node<'_>, stored: &Stored) -> Option<Diagnostic> {
    unfit_for_a_log(node).filter(|_| stored.data.has_no_log())
}

fn folder(node: &Node<'_>) -> String {
    let places = places(node.cluster(), node.member);
    let data = places.into_iter().find(|place| place.usage == Usage::Data);
    data.map_or_else(String::new, |place| place.path.to_string())
}

/// Tells whether it may start with it, as `install` decides.
fn whose(node: &Node<'_>, stored: &Stored) -> Option<Diagnostic> {
    let answers = node.facts.peers.as_ref().map_or(&[][..], |peers| &peers.answers);
    let heard = answering(answers).len();
    let mark = mark(node.cluster(), node.member);
    // Of a member that never ran here there is nothing to say before the others can tell.
    let is_new = stored.data == Data::None && !stored.has_mark;
    if is_new && heard < quorum(node.cluster().members.len()) {
        return None;
    }
    let known = Known {
        cluster: node.cluster(),
        member: node.member,
        data: stored.data,
        mark: stored.has_mark.then_some(mark.as_str()),
        answers,
        restored: stored.restored.as_deref(),
        bootstrap: false,
        is_before: false,
        trust_network: true,
        program: node.program,
        install: node.install,
    };
    way(&known).err()
}

/// Reports damage that the files show (etcd's facts: a file at a time, on 3.4.23 and 3.6.16).
fn damage(node: &Node<'_>, stored: &Stored) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let replaced = |problem: Diagnostic| {
        problem
            .note("nothing was changed; remove nothing in it: it may still be needed")
            .help("see whether the disk is whole and full: `dmesg | tail`, `df -h`")
            .help(format!("where the others have a quorum, {}", replaced(node.program, node.member)))
            .help(format!(
                "where they have not: `{0} rescue`, on the machine with `out/`, goes on with the data of the member that has \
                 most; only where none has any: `{0} restore FILE`",
                node.program
            ))
    };
    for file in &stored.empty_logs {
        all.push(replaced(
            Diagnostic::error(format!("{} has no byte: the log is cut", file.display()))
                .note("etcd ends there with `panic: cannot use none as id`"),
        ));
    }
    match stored.database {
        Some(0) => all.push(replaced(
            Diagnostic::error("the database, member/snap/db, has no byte".to_owned())
                .note("etcd ends there with `failed to find database snapshot file`"),
        )),
        Some(_) if stored.is_blank => all.push(replaced(
            Diagnostic::error(
                "the database, member/snap/db, begins with zeros: its first pages are gone"
                    .to_owned(),
            )
            .note("etcd ends there with `invalid database`"),
        )),
        None if stored.has_snapshot && matches!(stored.data, Data::LogAlone(_)) => {
            let problem = replaced(
                Diagnostic::error(
                    "the database, member/snap/db, is gone, and the log does not have all of it"
                        .to_owned(),
                )
                .note("etcd ends there with `failed to find database snapshot file`"),
            );
            all.push(problem);
        }
        _ => {}
    }
    all
}

/// Reports files of the data that belong to another account: the numbers of accounts differ between machines, and a
/// folder that was copied keeps those of the other.
fn owners(node: &Node<'_>, stored: &Stored, folder: &str) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let Ok(Some(account)) = node.facts.account else { return all };
    let name = node.cluster().systemd.account();
    let user = name.user;
    let Some((owner, mode)) = stored.folder else { return all };
    let own = format!(
        "while etcd is stopped, where all in it is etcd's: `chown -R {} {}`",
        name.owner(),
        shell_word(folder)
    );
    let who = |uid: u32| if uid == 0 { "root".to_owned() } else { format!("user {uid}") };
    // A new disk, which is root's: the unit takes it.
    if stored.is_empty {
        return all;
    }
    if owner != account {
        all.push(
            Diagnostic::error(format!("{folder} belongs to {}, and {user} is user {account}", who(owner)))
                .note("a folder that came from another machine keeps the numbers that accounts have there")
                .help(own),
        );
    } else if let Some((file, uid)) = &stored.other {
        all.push(
            Diagnostic::error(format!(
                "{} belongs to {}, and {user} is user {account}",
                file.display(),
                who(*uid)
            ))
            .note("as after a restore by root: etcd cannot write there")
            .help(own),
        );
    }
    if mode & 0o077 != 0 {
        all.push(
            Diagnostic::warning(format!("{folder} is open to others (mode {mode:04o})"))
                .note("all that is in etcd is in it; etcd warns of any mode but 0700")
                .help(format!("`chmod 700 {}`", shell_word(folder))),
        );
    }
    all
}
