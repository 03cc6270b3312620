//! Installing: what is decided.

mod deeds;
mod files;
mod retire;
mod source;
mod work;
