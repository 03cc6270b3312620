//! The options table: against etcd's own list of flags, against itself, and against every etcd; and the
//! artifacts that are made from it.

mod artifacts;
mod definition;
mod folders;
mod links;
mod mark;
mod option_advice;
mod option_values;
mod option_yaml;
mod options;
mod real_etcd;
