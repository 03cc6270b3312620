//! Installing: what is decided.

mod deeds;
mod files;
mod source;
