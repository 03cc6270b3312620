//! The edge of `restore`: reads the file, says what it is, and prints how it is brought back.

use super::doubts::{doubts, refusal};
use super::file::{Facts, facts};
use super::head::head;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::names;
use crate::patience::Patience;
use crate::show::{HEAD, HINT, hex, json, paint};
use crate::steps::{INDENT, StepView, steps, text as steps_text};
use crate::typed;
use bouquet_etcd::messages::maintenance::AlarmType;
use bouquet_lock::Restored;
use bouquet_model::Cluster;
use bouquet_model::artifact::{self, shell_word};
use bouquet_model::change::Accepted;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::plan::{
    Known, Snapshot, Step, Word, initial_cluster, restoration, restoration_on,
};
use bouquet_model::running::{Running, RunningMember};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// A snapshot that is to be restored.
#[derive(Debug, PartialEq, Eq)]
pub struct Restore {
    /// The file.
    pub(crate) file: PathBuf,
    /// The package's folder, where it is not this one: the commands are for a shell there.
    pub(crate) package: Option<PathBuf>,
    /// The member on whose node it is to be done; `None` for all, from here.
    pub(crate) member: Option<String>,
    /// The token, where a restore was begun with it; `None` for a new one.
    pub(crate) token: Option<String>,
    /// What runs by cluster.lock; `None` where nothing is recorded, or there is none here.
    pub(crate) running: Option<Running>,
    pub(crate) json: bool,
    /// The program as it is typed.
    pub(crate) program: String,
    /// In seconds since 1970.
    pub(crate) now: i64,
}

/// The ways out of here.
pub(crate) struct Ways<'a> {
    /// Prints data.
    pub(crate) print: &'a dyn Fn(&str),
    /// Says something.
    pub(crate) say: &'a dyn Fn(&str),
    pub(crate) patience: Patience,
}

#[derive(Serialize)]
struct RestoreView<'a> {
    file: String,
    bytes: u64,
    sha256: String,
    /// As `etcdutl snapshot status` has it.
    hash: u32,
    revision: i64,
    keys: u64,
    /// The version of the cluster that wrote it; null where it does not say.
    written_by: Option<&'a str>,
    members: Vec<&'a str>,
    auth: bool,
    /// The token that the restore is given.
    token: &'a str,
    warnings: Vec<String>,
    steps: Vec<StepView<'a>>,
}

/// Tells whether members are recorded otherwise than compiled, in more than what etcd reads at its first start.
fn is_other(running: &Running, compiled: &Running) -> bool {
    let own = |running: &Running| -> Vec<_> {
        let of = |(name, it): (&String, &RunningMember)| {
            let urls: Vec<String> = it.peer_urls().into_iter().map(str::to_owned).collect();
            (name.clone(), it.version, it.digest, urls)
        };
        running.members.iter().map(of).collect()
    };
    own(running) != own(compiled)
}

/// Says what the file is, and prints the steps.
///
/// # Errors
/// If it is no snapshot, or not whole; or there is no such member.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Restore,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let facts = facts(&work.file, ways.patience)?;
    let as_compiled = Running::of(compiled.cluster, compiled.certificates);
    let running = work.running.as_ref().unwrap_or(&as_compiled);
    let mut doubts = doubts(running, &facts);
    if let Some(problem) = refusal(running, &facts) {
        return Err(problem.into());
    }
    let token = token(compiled.cluster, work.token.as_deref(), &facts, work.now)?;
    let (file, sha256) = (work.file.display().to_string(), hex(&facts.sha256));
    let list = initial_cluster(running);
    let snapshot = Snapshot {
        file: &file,
        size: facts.size,
        sha256: &sha256,
        token: &token,
        list: &list,
        has_alarm: !facts.content.alarms.is_empty(),
        is_corrupt: facts.content.has(AlarmType::Corrupt),
    };
    if is_other(running, &as_compiled) {
        let note = "members are restored as cluster.lock records that they run: what is compiled \
                    differs, and is not rolled out";
        doubts.push(Diagnostic::warning(note).help(format!(
            "afterwards, `{} plan` has the steps to what is compiled",
            work.program
        )));
    }
    let files: Vec<&str> = artifact::formats(compiled.cluster).map(|format| format.file).collect();
    let ids: BTreeMap<String, MemberId> = BTreeMap::new();
    let known = Known {
        program: &work.program,
        on_node: typed::on_node(&work.program, compiled.cluster),
        ids: &ids,
        token: None,
        files: &files,
        secrets: &[],
        accepted: &Accepted::default(),
    };
    let all = restoration(running, &as_compiled, &known, &snapshot);
    if let Some(member) = &work.member {
        let names: Vec<&str> = running.members.keys().map(String::as_str).collect();
        let blocks = restoration_on(running, member, &files, &snapshot)
            .ok_or_else(|| names::unknown(member, "member", &names))?;
        (ways.print)(&head(&file, &facts));
        say(&doubts, ways);
        // What is done once for all was printed with the lines of the first.
        let once: &[Step] = if work.token.is_none() { &all } else { &[] };
        (ways.print)(&on_node(member, &blocks, once));
        if work.token.is_none() && names.len() > 1 {
            let others = format!(
                "for each of the other members, with the same token: `{} restore {} MEMBER --token {}`",
                work.program,
                shell_word(&file),
                shell_word(&token)
            );
            (ways.print)(&format!("\n{}\n", paint(HEAD, others)));
        }
        return Ok(Exit::Done);
    }
    if work.json {
        (ways.print)(&json_text(&file, &facts, (&token, &doubts), &all));
        return Ok(Exit::Done);
    }
    (ways.print)(&head(&file, &facts));
    say(&doubts, ways);
    if let Some(folder) = &work.package {
        (ways.say)(&format!(
            "{} the commands are for a shell in {}\n",
            paint(HINT, "note:"),
            folder.display()
        ));
    }
    (ways.print)(&steps_text(&all));
    Ok(Exit::Done)
}

/// Returns the token of a restore: the one that was given, or a new one of that second.
///
/// # Errors
/// If the given one is of another file or cluster.
pub(crate) fn token(
    cluster: &Cluster,
    given: Option<&str>,
    facts: &Facts,
    now: i64,
) -> Result<String, Diagnostic> {
    let (token, sha256, revision) = (&cluster.token, facts.sha256, facts.content.revision);
    let Some(given) = given else {
        return Ok(Restored::token_of(token, &sha256, now));
    };
    let restored = Restored::of(token, sha256, revision, given);
    restored.map(|restored| restored.token).ok_or_else(|| {
        Diagnostic::error(format!("{} is no token of a restore of this file", quoted(given))).help(
            "name the one that was printed for the first member, or leave it out for a new \
             restore of all",
        )
    })
}

fn say(doubts: &[Diagnostic], ways: &Ways<'_>) {
    for doubt in doubts {
        (ways.say)(&shown(doubt));
    }
}

/// Returns the lines for one node, in the order in which they are to be run there, and between them those of the steps
/// that are for all members, once.
fn on_node(member: &str, blocks: &[String; 3], once: &[Step]) -> String {
    let once = |word: Word, title: &str| {
        let steps = once.iter().filter(move |step| step.action.word() == word);
        steps.map(|step| (title.to_owned(), step.commands.join("\n"))).collect::<Vec<_>>()
    };
    let [can, stops, restores] = blocks.each_ref().map(String::as_str);
    let on = |title: &str, block: &str| vec![(format!("on {member}, {title}"), block.to_owned())];
    let file = format!("with the file as /root/restore-{member}.db: it can be restored");
    let parts = [
        on(&file, can),
        once(Word::StopClients, "once, before the first member is stopped: stop the clients"),
        on("when all nodes have come this far: stop it, and set its data aside", stops),
        on("when all are stopped: restore it, and start it", restores),
        once(Word::Disarm, "once, when all are healthy, on the control host: disarm alarms"),
        once(Word::Record, "once, when all are healthy, on the control host: record it"),
        once(Word::StartClients, "once, when it is recorded: start the clients"),
    ];
    let mut text = String::new();
    for (title, block) in parts.concat() {
        let _ = writeln!(text, "\n{}", paint(HEAD, title));
        for line in block.lines() {
            let _ = writeln!(text, "{INDENT}{line}");
        }
    }
    text
}

fn json_text(
    file: &str,
    facts: &Facts,
    (token, doubts): (&str, &[Diagnostic]),
    all: &[Step],
) -> String {
    let content = &facts.content;
    json(&RestoreView {
        file: file.to_owned(),
        bytes: facts.size,
        sha256: hex(&facts.sha256),
        hash: content.hash,
        revision: content.revision,
        keys: content.keys,
        written_by: Some(content.cluster_version.as_str()).filter(|text| !text.is_empty()),
        members: content.members.iter().map(|member| member.name.as_str()).collect(),
        auth: content.auth,
        token,
        warnings: doubts.iter().map(|doubt| doubt.message.clone()).collect(),
        steps: steps(all),
    })
}
