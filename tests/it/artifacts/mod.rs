//! What a build writes, judged by the programs that it is written for: shells, systemd, `OpenSSL`,
//! `GnuTLS`, Prometheus, kubectl, Ansible.

mod adopted;
mod ansible;
mod brought;
mod certificates;
mod clients;
mod containers;
mod formats;
mod monitoring;
mod schema;
mod seed;
mod static_pod;
pub(crate) mod units;
