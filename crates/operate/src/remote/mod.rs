//! A node, reached by the system's own `ssh`: `bouquet install` is run there, with all that it takes on its standard
//! input.
//!
//! ```text
//! Remote::look ─ssh→ what `uname -m` says, and how root is had ─Program::find→ a program that runs there
//! Remote::install: program, tar of the member's folder ─ssh→ sh: receive, verify, `install NAME - FLAGS`, remove
//! ```
//!
//! **It is `ssh` and no library for it:** what an operator has set up counts, be it agents, keys in hardware, jump hosts,
//! certificates or `known_hosts`, and nobody has to trust another implementation. It asks for nothing, and host keys are
//! checked as the operator's configuration says.
//!
//! **Program and files travel together, in one call.** A node may have no program, or that of another build, which would
//! refuse the files of this one. The stream begins with the program, whose length and SHA-256 are in the command line; a
//! short text for `sh` receives it, and runs nothing before the sum is right. The rest of the stream is the tar that
//! `install NAME -` takes, which reads all of it and proves it before it changes anything: each certificate has the
//! fingerprint that is compiled into that program, each key fits, and an end that is missing is told. So a list of sums in
//! the tar would say nothing more; and a connection that breaks leaves a node on which nothing was done, or all.
//!
//! **A private key is in no command line and in no file** but the one that it is for: it goes through pipes from memory to
//! memory. The folder on the node holds the program alone, is root's and closed to others, and is removed at the end. Where
//! it is: `/run` is gone after a reboot, but some systems run no program from there; so the others of a short list come
//! next. Nothing is kept there for the next time: it would have to be proven again, and 6 MB are a second on a slow line.
//!
//! **A terminal's Ctrl-C reaches `ssh` too,** as it is in the same group of processes. Where this program is ended alone,
//! its pipe is closed: what is not whole is refused on the node. What was begun there goes on to its end; nobody here knows
//! then what came of it ([`Known::Unknown`]), and the same again does what is left.
//!
//! From the ground up: `undone` · `script`, `stream` · `ended`, `program` · `call` · `node`. Edges are
//! `program`, which reads it, and `call`, which runs `ssh`.

mod call;
mod ended;
mod node;
mod program;
mod script;
mod stream;
#[cfg(test)]
mod tests;
mod undone;

pub(crate) use self::{
    node::{Flag, Machine, Remote},
    program::Program,
    undone::{Known, Undone},
};
