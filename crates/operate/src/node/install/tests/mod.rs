//! Installing: what is decided.

mod deeds;
mod ends;
mod etcd;
mod files;
mod image;
mod proven;
mod retire;
mod source;
mod work;
