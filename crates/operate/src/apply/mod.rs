//! A plan, carried out: the live cluster becomes the compiled one, one safe step at a time.
//!
//! ```text
//! look, plan → shown → agreed ┐
//!   ┌─────────────────────────┘
//!   └→ look, plan again ─(only what was agreed to)→ the first step: a call, a node, a person ─┐
//!         ↑──────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Nothing is replayed: each step is the first one of a plan that was made right before it, so that an end at any
//! moment leaves nothing to put right. What no member tells, as that files were copied, this run remembers.
//!
//! From the ground up: `agreed`, `journal`, `waits`, `work` · `claim`, `end`, `etcds`, `hook` · `sight`, `ways` · `evidence`, `hand`,
//! `nodes` · `ssh` · `reached`, `step` · `run`, with its `lock` and the looks until all is `settled`, and `bootstrap`, which comes before there is a
//! cluster to be asked · `carry`.

mod agreed;
mod bootstrap;
mod carry;
mod claim;
mod end;
mod etcds;
mod evidence;
mod hand;
mod hook;
mod journal;
mod lock;
mod nodes;
mod reached;
mod run;
mod settled;
mod sight;
mod ssh;
mod step;
mod waits;
mod ways;
mod work;

pub use work::Applying;

pub(crate) use carry::carry;
pub(crate) use ways::Ways;
