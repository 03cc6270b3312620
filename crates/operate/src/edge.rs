//! The edge: clock, environment, files, standard output and other programs.

use crate::adopt::{self, Adopt};
use crate::apply::{self, Applying};
use crate::commands::run;
use crate::compiled::Compiled;
use crate::environment::{Environment, Status};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::live::{self, Look, Ways};
use crate::manual::{self, Manual};
use crate::new::{self, New};
use crate::node::doctor::{self, Doctor, Explain};
use crate::node::install::{self, Install};
use crate::node::rescue::{self as survey, Survey};
use crate::outcome::{Keys, Outcome, Program, Work};
use crate::patience::{Patience, in_one_line};
use crate::plan::{self, Planning, Told};
use crate::record::{self, Recording, Talk};
use crate::rescue::{self, Rescue};
use crate::restore::{self, Restore};
use crate::secrets::{Done, export, import};
use crate::since::since_1970;
use crate::snapshot::{self, Save, To};
use crate::trial;
use anstream::{AutoStream, ColorChoice};
use bouquet_lock::{LARGEST, NAME};
use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::git::VARIABLES;
use bouquet_outdir::inspect::read_linked;
use rustix::termios::tcgetwinsize;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Write};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, SystemTime};

/// Does what the command line says with a compiled cluster and the facts of its certificates.
pub fn main(cluster: &Cluster, certificates: &[Certificate]) -> ExitCode {
    let environment = Environment {
        now: now(),
        current_dir: std::env::current_dir().unwrap_or_default(),
        executable: std::env::current_exe().ok(),
        variable: &variable,
        read: &read,
        list: &list,
        stat: &stat,
        real: &|path| path.canonicalize(),
        committed: &committed,
    };
    let Outcome { stdout, stderr, exit, work } =
        run(cluster, certificates, std::env::args_os(), &environment);
    talk(&stderr);
    let choice = AutoStream::choice(&io::stdout());
    if let Err(error) = write(&mut io::stdout().lock(), choice, &stdout)
        // A reader that has seen enough, as in `bouquet members | head -1`, is no failure.
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return complain(&Diagnostic::error(format!("standard output: {error}")).into());
    }
    let compiled = Compiled { cluster, certificates };
    let done = match work {
        None => Ok(exit),
        Some(Work::Program(program)) => Err(replace_process(program)),
        Some(Work::Keys(keys)) => carry(&keys).map_err(Failure::from),
        Some(Work::Recording(recording)) => recorded(&compiled, &recording),
        Some(Work::Install(work)) => installed(&compiled, &work),
        Some(Work::Doctor(work)) => examined(&compiled, &work),
        Some(Work::Explain(work)) => explained(&compiled, &work),
        Some(Work::Look(look)) => looked(&compiled, &look),
        Some(Work::Plan(work)) => planned(&compiled, &work, &environment),
        Some(Work::Apply(work)) => applied(&compiled, &work, &environment),
        Some(Work::Rescue(work)) => rescued(&compiled, &work),
        Some(Work::Survey(work)) => surveyed(&compiled, &work),
        Some(Work::Save(save)) => saved(&compiled, &save),
        Some(Work::Restore(work)) => brought_back(&compiled, &work),
        Some(Work::Drill(work)) => restore::drill::carry(cluster, &work, &trial_ways()),
        Some(Work::Try(work)) => trial::carry(cluster, &work, &trial_ways()),
        Some(Work::Adopt(work)) => adopted(&work),
        Some(Work::Manual(work)) => written(&work),
        Some(Work::New(work)) => made(&work),
    };
    done.map_or_else(|failure| complain(&failure), |exit| ExitCode::from(exit.code()))
}

/// Does what is to be done with keys. A reader that has seen enough of them has not seen all.
fn carry(keys: &Keys) -> Result<Exit, Diagnostic> {
    let announce = |word: &str| talk(&format!("{word}\n"));
    let Done { stream, said, summary } = match keys {
        Keys::Export(work) => export(work, &announce)?,
        Keys::Import(work) => import(work, clock(), &announce)?,
    };
    if let Some(stream) = stream {
        // Not by way of `Stdout`, whose buffer is never wiped.
        raw(stream.expose()).map_err(|error| {
            Diagnostic::error(format!("standard output: {error}"))
                .help("what came of the stream is torn: look why the command behind the pipe ended")
        })?;
    }
    for problem in said {
        talk(&Failure::from(problem).to_string());
    }
    announce(&summary);
    Ok(Exit::Done)
}

/// How long members have for an answer before something is recorded of them. A restore that nobody answers for is refused,
/// and right after it all members are busy.
const ANSWER: Duration = Duration::from_secs(5);

/// Records what runs.
fn recorded(compiled: &Compiled<'_>, work: &Recording) -> Result<Exit, Failure> {
    let say = |text: &str| talk(&format!("{text}\n"));
    let talk = Talk { print: &print, say: &say, ask: &ask, patience: patience() };
    let ways = Ways { print: &|_| {}, columns: None, read: &read, clock, patience: patience() };
    record::carry(work, &clock, &talk, &|speaker, lock| {
        live::ask(compiled, lock, (speaker, ANSWER), &ways)
    })
}

/// Puts a member on this node.
fn installed(compiled: &Compiled<'_>, work: &Install) -> Result<Exit, Failure> {
    let ways = install::Ways { print: &print, say: &talk, clock, patience: patience() };
    install::carry(compiled, work, &ways)
}

/// Looks at this node.
fn examined(compiled: &Compiled<'_>, work: &Doctor) -> Result<Exit, Failure> {
    doctor::examine(compiled, work, &doctor::Ways { print: &print, clock, patience: patience() })
}

/// Explains a log.
fn explained(compiled: &Compiled<'_>, work: &Explain) -> Result<Exit, Failure> {
    doctor::explained(compiled, work, &doctor::Ways { print: &print, clock, patience: patience() })
}

/// Looks at the live cluster.
fn looked(compiled: &Compiled<'_>, work: &Look) -> Result<Exit, Failure> {
    let columns = columns(io::stdout().as_fd());
    let ways = Ways { print: &print, columns, read: &read, clock, patience: patience() };
    live::carry(compiled, work, &ways)
}

/// Plans from what the live cluster says.
fn planned(
    compiled: &Compiled<'_>,
    work: &Planning,
    environment: &Environment<'_>,
) -> Result<Exit, Failure> {
    let ways = Ways { print: &|_| {}, columns: None, read: &read, clock, patience: patience() };
    let Told { stdout, stderr, exit } = plan::carry(compiled, work, &ways, environment)?;
    talk(&stderr);
    print(&stdout);
    Ok(exit)
}

/// Carries a plan out.
fn applied(
    compiled: &Compiled<'_>,
    work: &Applying,
    environment: &Environment<'_>,
) -> Result<Exit, Failure> {
    let ways = apply::Ways {
        print: &print,
        say: &talk,
        warn: talk,
        patience: patience(),
        ask: &ask,
        read: &read,
        clock,
        save: &|save| saved(compiled, save),
        record: &|recording| recorded(compiled, recording),
        status: &|| shows_status(compiled, work, environment),
    };
    apply::carry(compiled, work, &ways, environment)
}

/// Goes on with the data of one member.
fn rescued(compiled: &Compiled<'_>, work: &Rescue) -> Result<Exit, Failure> {
    let ways = rescue::Ways {
        print: &print,
        say: &talk,
        ask: &ask,
        read: &read,
        clock,
        patience: patience(),
        record: &|recording| recorded(compiled, recording),
    };
    rescue::carry(compiled, work, &ways)
}

/// Looks at what a member on this node has left.
fn surveyed(compiled: &Compiled<'_>, work: &Survey) -> Result<Exit, Failure> {
    let ways = survey::Ways { print: &print, say: &talk, clock, patience: patience() };
    survey::carry(compiled, work, &ways)
}

/// Looks at the cluster, as `status` does with what is recorded by now.
fn shows_status(
    compiled: &Compiled<'_>,
    work: &Applying,
    environment: &Environment<'_>,
) -> Result<Exit, Failure> {
    let mut line = vec![OsString::from(&work.planning.basis.program)];
    if let Some(out) = &work.planning.basis.named {
        line.extend([OsString::from("--out"), out.clone().into_os_string()]);
    }
    line.push("status".into());
    match run(compiled.cluster, compiled.certificates, line, environment).work {
        Some(Work::Look(look)) => looked(compiled, &look),
        _ => Ok(Exit::Done),
    }
}

/// Takes a snapshot of the live cluster.
fn saved(compiled: &Compiled<'_>, work: &Save) -> Result<Exit, Failure> {
    if work.to == To::Stdout && io::stdout().is_terminal() {
        let problem = Diagnostic::error("a snapshot is no text, and a terminal would show it")
            .help(format!(
                "name a file or a folder, or pipe it into what takes it: `{} snapshot - | age -R team.keys > data.sealed`",
                work.program
            ));
        return Err(Failure { problem, exit: Exit::Misused });
    }
    let ways = snapshot::Ways {
        print: &print,
        say: &talk,
        stdout: raw,
        progress: io::stderr().is_terminal().then_some(&progress),
        read: &read,
        clock,
        patience: patience(),
    };
    snapshot::carry(compiled, work, &ways)
}

/// Shows how a snapshot is brought back.
fn brought_back(compiled: &Compiled<'_>, work: &Restore) -> Result<Exit, Failure> {
    let ways = restore::Ways { print: &print, say: &talk, patience: patience() };
    restore::carry(compiled, work, &ways)
}

/// Writes the spec of a cluster that runs already.
fn adopted(work: &Adopt) -> Result<Exit, Failure> {
    adopt::write(work)?;
    talk(&work.next);
    Ok(work.exit)
}

/// Writes the manual.
fn written(work: &Manual) -> Result<Exit, Failure> {
    manual::carry(work, &talk)
}

/// Makes a package.
fn made(work: &New) -> Result<Exit, Failure> {
    new::carry(work)?;
    talk(&work.told);
    Ok(Exit::Done)
}

/// Writes to standard output past its buffer.
fn raw(bytes: &[u8]) -> io::Result<()> {
    File::from(io::stdout().as_fd().try_clone_to_owned()?).write_all(bytes)
}

/// Returns what a throw-away cluster may do outside of it: print, read, and ask for the time and the environment.
fn trial_ways() -> trial::Ways {
    trial::Ways { print, say: talk, read, variable, clock, patience: patience() }
}

/// Shows a person at a terminal what is waited for.
fn patience() -> Patience {
    Patience(io::stderr().is_terminal().then_some(progress))
}

/// Shows how far something is, in a line that is written over.
fn progress(text: &str) {
    talk(&in_one_line(text, columns(io::stderr().as_fd())));
}

/// Returns how many columns a terminal has; `None` where it is none, or does not say.
fn columns(stream: BorrowedFd<'_>) -> Option<usize> {
    let size = tcgetwinsize(stream).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Asks on a terminal; `None` where standard input is none.
fn ask(question: &str) -> Option<bool> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return None;
    }
    talk(question);
    let mut answer = String::new();
    // An answer that cannot be read is none.
    let _ = stdin.lock().read_line(&mut answer);
    Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn complain(failure: &Failure) -> ExitCode {
    talk(&failure.to_string());
    ExitCode::from(failure.exit.code())
}

/// Prints data.
fn print(text: &str) {
    let _ = write(&mut io::stdout().lock(), AutoStream::choice(&io::stdout()), text);
}

/// Says something. Nobody is left to tell where standard error is closed.
fn talk(text: &str) {
    let _ = write(&mut io::stderr().lock(), AutoStream::choice(&io::stderr()), text);
}

/// Writes all at once, since standard output is flushed at every line otherwise.
fn write(stream: &mut impl Write, choice: ColorChoice, text: &str) -> io::Result<()> {
    if choice == ColorChoice::Never && text.contains('\x1b') {
        let plain = anstream::adapter::strip_str(text).to_string();
        stream.write_all(plain.as_bytes())?;
    } else {
        stream.write_all(text.as_bytes())?;
    }
    stream.flush()
}

/// Returns only where the program could not be started.
fn replace_process(program: Program) -> Failure {
    let mut command = Command::new(program.name);
    command.args(program.arguments);
    for name in program.unset {
        command.env_remove(name);
    }
    let error = command.exec();
    if error.kind() == io::ErrorKind::NotFound {
        let message = format!("`{}` is not installed, or not in PATH", program.name);
        let problem = Diagnostic::error(message).help(program.install);
        Failure { problem, exit: Exit::NotInstalled }
    } else {
        let problem = Diagnostic::error(format!("`{}` cannot be run: {error}", program.name));
        Failure { problem, exit: Exit::CannotRun }
    }
}

#[expect(clippy::disallowed_methods, reason = "the clock's edge")]
fn clock() -> SystemTime {
    SystemTime::now()
}

fn now() -> i64 {
    since_1970(clock())
}

#[expect(clippy::disallowed_methods, reason = "the environment's edge")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Reads a file that is not larger than a lock may be: no file that a command reads is.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_linked(path, LARGEST)
}

#[expect(clippy::disallowed_methods, reason = "the files' edge")]
fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

fn stat(path: &Path) -> io::Result<Status> {
    let facts = path.metadata()?;
    let (is_folder, mode) = (facts.is_dir(), facts.mode() & 0o7777);
    Ok(Status { is_folder, uid: facts.uid(), gid: facts.gid(), mode })
}

/// Asks git for a file as it was committed. A word that begins with a dash would be an option of git's.
fn committed(folder: &Path, revision: &str) -> io::Result<Vec<u8>> {
    if revision.starts_with('-') {
        return Err(io::Error::other(format!("`{revision}` is not a revision of git")));
    }
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["cat-file", "blob"]).arg(format!("{revision}:./{NAME}"));
    // It looks into the repository of this folder, whatever a hook that calls has set.
    for variable in VARIABLES {
        git.env_remove(variable);
    }
    let output =
        git.env("GIT_NO_LAZY_FETCH", "1").output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::other("git is not installed, or not in PATH"),
            _ => io::Error::other(format!("git cannot be run: {error}")),
        })?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim()))
    }
}
