//! Every rule that a spec is held to, broken once: what is said, where, and how badly.

mod accept;
mod addresses;
mod authorities;
mod certificates;
mod combinations;
mod counts;
mod every_key;
mod folders;
mod formats;
mod listeners;
mod logging;
mod machines;
mod mutations;
mod names;
mod networks;
mod options;
mod paths;
mod programs;
mod revocations;
mod storage;
mod support;
mod systemd;
mod timing;
mod tls;
mod versions;
