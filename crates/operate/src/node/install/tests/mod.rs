//! Installing: what is decided.

mod deeds;
mod files;
mod image;
mod retire;
mod source;
mod work;
