//! The edge: the program that goes to a node is read.

use crate::programs::{Processor, elf};
use crate::show::hex;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, quoted, visible};
use bouquet_outdir::inspect::read_linked;
use bouquet_x509::fingerprint;
use std::path::Path;
use std::sync::Arc;

/// This program, also where its file was replaced since it was started.
const RUNNING: &str = "/proc/self/exe";

/// More than any program of a cluster has, in bytes.
const LARGEST: u64 = 512 << 20;

/// A program that runs on nodes with some processor.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(super) bytes: Arc<[u8]>,
    /// Its SHA-256, in hexadecimal.
    pub(super) sum: String,
    /// As `uname -m` has it.
    pub(super) machine: String,
}

impl Program {
    /// Reads the program for nodes with that processor, as `uname -m` has it: the one that is named by `--node-program`,
    /// else the one that runs here, of which `own` is the name. It runs without a C library: those of nodes may be older.
    ///
    /// # Errors
    /// If it cannot be read, or does not run there.
    pub(crate) fn find(
        (named, own): (Option<&Path>, &str),
        machine: &str,
    ) -> Result<Self, Diagnostic> {
        let path = named.unwrap_or(Path::new(RUNNING));
        let bytes = read_linked(path, LARGEST).map_err(|error| {
            Diagnostic::error(format!("cannot read {}: {error}", quoted(&path.to_string_lossy())))
                .help("name the program for nodes: `--node-program FILE`")
        })?;
        fits(&bytes, (named, own), machine)?;
        Ok(Self {
            sum: hex(&fingerprint(&bytes)),
            bytes: bytes.into(),
            machine: machine.to_owned(),
        })
    }
}

/// Refuses a program that does not run on nodes with that processor; `own` is the name of this one, as cargo makes it.
pub(super) fn fits(
    bytes: &[u8],
    (named, own): (Option<&Path>, &str),
    machine: &str,
) -> Result<(), Diagnostic> {
    let Some(processor) = Processor::named(machine) else {
        return Err(Diagnostic::error(format!(
            "the node's processor is {}, and programs are made for {}",
            quoted(machine),
            Processor::names()
        ))
        .note("nothing was done on the node"));
    };
    let what = named.map_or_else(
        || "this program".to_owned(),
        |path| format!("`{}`", visible(&path.to_string_lossy())),
    );
    let why = match elf(bytes) {
        None => "is no program for Linux of 64 bits".to_owned(),
        Some(it) if it.machine != processor.machine => {
            let other = Processor::of(it.machine).map(|it| format!("`{}`", it.name));
            let other = other.unwrap_or_else(|| format!("another processor ({})", it.machine));
            format!("is for {other}, and the node has `{}`", processor.name)
        }
        Some(it) if !it.is_static => {
            "needs the C library of the machine that it was built on, or a later one".to_owned()
        }
        Some(_) => return Ok(()),
    };
    let [add, build] = processor.cargo();
    let target = processor.target;
    Err(Diagnostic::error(format!("{what} {why}"))
        .note("nothing was done on the node")
        .help(format!("make one that runs there: `{add}`, once, and `{build}`"))
        .help(format!(
            "and name it: `--node-program {}`",
            shell_word(&format!("target/{target}/release/{own}"))
        )))
}
