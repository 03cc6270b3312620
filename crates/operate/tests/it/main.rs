//! What the compiled binary prints and does, by command.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its own world fails")]
#![expect(clippy::disallowed_methods, reason = "tests lay files and start programs")]

mod ansible;
mod certs;
mod check;
mod check_node;
mod check_node_certificates;
mod check_node_owner;
mod command;
mod common;
mod complete;
mod completions;
mod deployed;
mod doctor;
mod etcdctl;
mod keys;
mod manual;
mod members;
mod new;
mod overview;
mod plan;
mod plan_accepted;
mod plan_package;
mod plan_seen;
mod process;
mod secrets;
mod snapshot;
mod status;
mod trial;
mod usage;
