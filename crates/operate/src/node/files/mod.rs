//! A member's files on its machine, beside what is compiled in.

mod artifact;
mod certificates;
mod checked;
mod difference;
mod drop_in;
mod head;
mod whose;

pub(crate) use artifact::{artifact, other, references, unread};
pub(crate) use certificates::certificates;
pub(crate) use checked::{Checked, State};
pub(crate) use drop_in::drop_in;
pub(crate) use whose::{Sign, of_artifact, of_certificates};
