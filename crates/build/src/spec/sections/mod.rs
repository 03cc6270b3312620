//! Which table of the file is which section, and what headers are to each other.

mod first;
mod form_errors;
mod sorter;

pub(super) use sorter::sort;
