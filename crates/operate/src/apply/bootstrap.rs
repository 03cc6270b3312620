//! The edge: from bare machines to a cluster that runs, by the system's own ssh.

use super::etcds::{Etcds, is_there};
use super::journal::Journal;
use super::nodes::brought;
use super::reached::of_all;
use super::waits::Waits;
use super::ways::{Ways, agrees};
use super::work::Applying;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::live::{Asking, Beside, Writes, asking, judge, looked};
use crate::remote::{Flag, Machine, Program, Remote};
use crate::show::{HEAD, paint};
use crate::typed::on_node;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::time::{Duration, Instant};

/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// Installs and starts all members, the one after the other, waits until they are a cluster, records that, and shows how
/// it is. What is done already is left as it is, so that it can be run again.
///
/// # Errors
/// If members are recorded already, a node cannot be reached, or something was not done.
pub(super) fn bootstrap(
    compiled: &Compiled<'_>,
    work: &Applying,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let program = on_node(&work.planning.basis.program, compiled.cluster);
    let nodes = nodes(compiled, program)?;
    let etcds = Etcds::open(work, compiled.cluster.version)?;
    let planning = &work.planning;
    let asking = asking(&planning.client, planning.deadline, ways.read, ways.clock)?;
    let names: Vec<&str> = nodes.iter().map(|(name, _)| *name).collect();
    (ways.print)(&format!(
        "{} is made of {}: each is installed, and started\n",
        compiled.cluster.token,
        names.join(", ")
    ));
    if !agrees(work, ways)? {
        return Ok(Exit::Failed);
    }
    let _journal = Journal::take(&work.recording.package.out)?;
    let say = ways.patience.between("at work on the nodes", ways.say);
    // Nothing is begun where one of them cannot be reached.
    let remotes = of_all(nodes.iter().map(|node| {
        let remote = Remote::new(*node, program, &say);
        let Machine { processor, .. } = remote.look().map_err(Diagnostic::from)?;
        let etcd = etcds.of(node.0, &processor)?;
        if etcd.is_none() {
            is_there(node.0, &remote, compiled.cluster)?;
        }
        let program =
            Program::find((work.node_program.as_deref(), &compiled.cluster.program), &processor)?;
        Ok((remote.bringing(etcd), program))
    }))?;
    let count = names.len();
    for ((number, name), (remote, program)) in (1..).zip(&names).zip(&remotes) {
        say(&format!("{}\n", paint(HEAD, format!("{number}/{count} {name}"))));
        let bundle = brought(&work.recording.package.out, name)?;
        let flags = flags(compiled, &asking)?;
        remote.install(program, Some(&bundle), &flags).map_err(Diagnostic::from)?;
    }
    is_healthy(compiled, &asking, program, (work.wait, &say))?;
    drop(remotes);
    drop(say);
    (ways.record)(&work.recording)?;
    (ways.status)()
}

/// Returns all members, and how ssh reaches their nodes; fails where it is not known for one.
fn nodes<'a>(
    compiled: &Compiled<'a>,
    program: &str,
) -> Result<Vec<(&'a str, &'a str)>, Diagnostic> {
    let members = compiled.cluster.members.iter();
    let (have, lack): (Vec<_>, Vec<_>) = members.partition(|member| member.ssh.is_some());
    if lack.is_empty() {
        let node = |member: &&'a bouquet_model::Member| {
            Some((member.name.as_str(), member.ssh.as_deref()?))
        };
        return Ok(have.iter().filter_map(node).collect());
    }
    let names: Vec<String> = lack.iter().map(|member| quoted(member.name.as_str())).collect();
    Err(Diagnostic::error(format!("there is no way to the nodes of {}", names.join(", ")))
        .note("nothing was done")
        .help("write how ssh reaches them: `ssh = \"root@192.168.65.101\"` under `[[member]]`, and build")
        .help(format!(
            "or install each by hand: `{program} install NAME` on its node, the first with `--bootstrap`"
        )))
}

/// Returns the flags for the first node: that no other member answers, and, where nothing proves who answers, that this
/// network is trusted.
fn flags(compiled: &Compiled<'_>, asking: &Asking) -> Result<Vec<Flag>, Diagnostic> {
    let observed = looked(compiled, asking)?;
    if observed.seen.iter().any(|seen| seen.status.is_ok()) {
        return Ok(Vec::new());
    }
    let trusts = compiled.cluster.tls.is_none().then_some(Flag::TrustNetwork);
    Ok([Flag::Bootstrap].into_iter().chain(trusts).collect())
}

/// Waits until all answer, and know a leader.
fn is_healthy(
    compiled: &Compiled<'_>,
    asking: &Asking,
    program: &str,
    (within, say): (Duration, &dyn Fn(&str)),
) -> Result<(), Diagnostic> {
    let (begin, mut waits) = (Instant::now(), Waits::default());
    let all = compiled.cluster.members.len();
    loop {
        let report = judge(compiled, &looked(compiled, asking)?, &Beside::new(program));
        let votes = report.votes.filter(|votes| votes.writes() == Writes::Taken);
        if votes.is_some_and(|votes| votes.up == all) {
            return Ok(());
        }
        let rows = report.rows.iter();
        let rows = rows.filter_map(|row| Some(format!("{}: {}", row.name, row.reason.as_ref()?)));
        let rows: Vec<String> = rows.collect();
        let up = report.votes.map_or(0, |votes| votes.up);
        let what = format!("{up} of {all} members are up");
        waits.tells((&what, &rows.join("; ")), say);
        if begin.elapsed() > within {
            let mut problem = Diagnostic::error("the members do not become a cluster");
            problem.notes = rows;
            return Err(problem.help(format!("`{program} doctor` on their nodes says why")));
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::flowers::{CERTIFICATES, CLUSTER};

    #[test]
    fn without_a_way_to_a_node_its_member_is_installed_there_by_the_programs_own_name() {
        let compiled = Compiled { cluster: &CLUSTER, certificates: CERTIFICATES };
        let problem = nodes(&compiled, "flowers").expect_err("none has `ssh`");
        assert!(problem.help[1].contains("`flowers install NAME` on its node"), "{problem}");
    }
}
