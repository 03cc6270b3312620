//! The edge: a member is looked at, ended and saved, as the command line asks for it.

use super::look::look;
use super::save::save;
use super::stop::{stop, unread};
use super::told::text;
use super::work::Survey;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::node::alone::alone;
use crate::node::machine::certificates;
use crate::node::peers::{agreed, ask, credentials, others};
use crate::patience::Patience;
use crate::show::{HINT, json, paint};
use bouquet_model::Member;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::quorum::quorum;
use rustix::process::geteuid;
use std::time::SystemTime;

/// The ways to a person.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) say: &'a dyn Fn(&str),
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) patience: Patience,
}

/// Looks at what a member has left, and ends and saves it where that is asked for.
///
/// # Errors
/// If it cannot be looked at, its cluster has a quorum, or it cannot be ended or saved.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Survey,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let cluster = compiled.cluster;
    let member = cluster.member(&work.member).ok_or_else(|| {
        Diagnostic::error(format!("{} is no member of this cluster", quoted(&work.member)))
    })?;
    if !geteuid().is_root() {
        let line = format!("{} rescue {}", work.program, shell_word(&work.member));
        return Err(Diagnostic::error("a member's data is for etcd and root alone")
            .help(format!("as root: `sudo {line}`"))
            .into());
    }
    let _held = (work.stop || work.save).then(|| alone(None)).transpose()?;
    let looks = || {
        let _waiting = ways.patience.waits("reading what it has left");
        look(cluster, member, (ways.clock)()).map_err(unread)
    };
    let before = looks()?;
    if work.stop {
        if !work.moved {
            is_lost(compiled, (member, before.up), &work.program, ways)?;
        }
        stop(cluster, member, ways.clock, ways.say)?;
    }
    if work.save {
        let now = looks()?;
        if now.up || now.open {
            return Err(Diagnostic::error("etcd runs here: its database is written meanwhile")
                .note("nothing was changed")
                .help("end it with the same command: `--stop`")
                .into());
        }
        if now.data.as_ref().is_none_or(|held| held.database.is_none()) {
            return Err(Diagnostic::error(format!(
                "{} has no database that can be read here",
                member.name
            ))
            .note("nothing was saved")
            .help("take the data of another member, or the last snapshot")
            .into());
        }
        let _waiting = ways.patience.waits("copying its database");
        save(cluster, member)?;
    }
    let remains = looks()?;
    (ways.print)(&if work.json { json(&remains) } else { text(&remains) });
    Ok(Exit::Done)
}

/// Checks that too few of the others run for a quorum.
fn is_lost(
    compiled: &Compiled<'_>,
    (member, is_up): (&Member, bool),
    program: &str,
    ways: &Ways<'_>,
) -> Result<(), Diagnostic> {
    let cluster = compiled.cluster;
    let own = cluster.tls.as_ref().map(|tls| {
        let bundle = certificates(cluster).map_err(Diagnostic::error)?;
        credentials(tls, &bundle)
    });
    let answers = own.transpose().and_then(|own| {
        let own_urls = &member.initial_advertise_peer_urls;
        ask(others(cluster, member.name.as_str()), own_urls, own.as_ref())
    });
    let answers = match answers {
        Ok(answers) => answers,
        Err(problem) => {
            (ways.say)(&format!(
                "{} no other member was asked: {}\n",
                paint(HINT, "note:"),
                problem.message
            ));
            return Ok(());
        }
    };
    let Some(agreed) = agreed(&answers) else { return Ok(()) };
    let (voters, run) = (agreed.voters(), agreed.agreeing + usize::from(is_up));
    if run < quorum(voters) {
        return Ok(());
    }
    Err(Diagnostic::error(format!("{run} of {voters} voters run, and {} are a quorum", quorum(voters)))
        .note("nothing was changed")
        .help(format!(
            "nothing is to be rescued: on the machine with `out/`, `{program} status` shows how they are"
        ))
        .help("where they know no leader because all of them are at other addresses now: `--moved`"))
}
