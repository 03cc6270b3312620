//! The steps of a plan, for people and for programs.

mod text;
mod view;

pub(crate) use text::{INDENT, remark, table, text};
pub(crate) use view::{CountsView, StepView, counts, step, steps};
