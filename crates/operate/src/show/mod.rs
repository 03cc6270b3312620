//! The looks of things: colours, tables, times, sizes and JSON.

mod hex;
mod json;
mod label;
mod size;
mod style;
mod table;
mod time;

pub(crate) use hex::hex;
pub(crate) use json::json;
pub(crate) use label::label;
pub(crate) use size::bytes;
pub(crate) use style::{BAD, DIM, GOOD, HEAD, HINT, NAME, WARN, paint};
pub(crate) use table::{Cell, GAP, Row, fitting, fold, table, wrap};
pub(crate) use time::{date, distance, instant};
