//! The outcome of a command: text, an exit code, or another program.

use crate::adopt::Adopt;
use crate::apply::Applying;
use crate::client::Speaker;
use crate::exit::Exit;
use crate::live::Look;
use crate::manual::Manual;
use crate::new::New;
use crate::node::doctor::{Doctor, Explain};
use crate::node::install::Install;
use crate::node::rescue::Survey;
use crate::plan::Planning;
use crate::record::{Looking, Recording};
use crate::rescue::Rescue;
use crate::restore::{Drill, Restore};
use crate::secrets::{Export, Import};
use crate::snapshot::Save;
use crate::trial::Try;
use std::ffi::OsString;

/// The outcome of a command.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Data, with colours.
    pub stdout: String,
    /// Talk, with colours.
    pub stderr: String,
    /// The program's end.
    pub exit: Exit,
    /// What comes once all is said.
    pub work: Option<Work>,
}

/// Holds what a command leaves to be done: [`crate::run`] itself touches nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Work {
    /// A program takes the process over.
    Program(Program),
    /// Keys, which are in no text, go or come.
    Keys(Keys),
    /// What runs is recorded.
    Recording(Recording),
    /// A member is put on this node.
    Install(Install),
    /// This node is examined.
    Doctor(Doctor),
    /// A log of etcd's is explained.
    Explain(Explain),
    /// The live cluster is looked at.
    Look(Look),
    /// A plan is made from what the live cluster says.
    Plan(Planning),
    /// A plan is carried out.
    Apply(Box<Applying>),
    /// A cluster that has lost its quorum goes on with the data of one member.
    Rescue(Box<Rescue>),
    /// What a member on this node has left is looked at.
    Survey(Survey),
    /// A snapshot is taken.
    Save(Save),
    /// A snapshot is read, and it is printed how it is brought back.
    Restore(Restore),
    /// A snapshot is restored into a throw-away cluster.
    Drill(Drill),
    /// A throw-away cluster runs.
    Try(Try),
    /// A spec is written.
    Adopt(Adopt),
    /// The manual is written.
    Manual(Manual),
    /// A package is made.
    New(New),
}

impl Work {
    /// Returns who asks the members, where they are asked.
    pub(crate) fn speaker(&self) -> Option<&Speaker> {
        match self {
            Self::Look(look) => Some(&look.client),
            Self::Plan(planning) => Some(&planning.client),
            Self::Apply(applying) => Some(&applying.planning.client),
            Self::Rescue(rescue) => Some(&rescue.client),
            Self::Save(save) => Some(&save.client),
            Self::Recording(recording) => match &recording.looking {
                Looking::As(speaker) => Some(speaker),
                Looking::Not | Looking::Cannot(_) => None,
            },
            _ => None,
        }
    }
}

/// Keys that are to be exported or imported.
#[derive(Debug, PartialEq, Eq)]
pub enum Keys {
    /// To stdout.
    Export(Export),
    /// From a stream.
    Import(Import),
}

/// Another program in place of this one.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name, to be looked up in `PATH`.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Variables that it must not inherit.
    pub unset: Vec<&'static str>,
    /// The way to get it where it is not there.
    pub install: &'static str,
}

impl Outcome {
    /// Returns data and nothing else.
    pub(crate) fn data(stdout: String) -> Self {
        Self { stdout, stderr: String::new(), exit: Exit::Done, work: None }
    }

    /// Returns work, of which nothing is to be said before.
    pub(crate) fn work(work: Work) -> Self {
        Self { work: Some(work), ..Self::data(String::new()) }
    }
}
