//! What a build writes, judged by the programs that it is written for: shells, systemd, `OpenSSL`,
//! `GnuTLS`, Prometheus.

mod certificates;
mod clients;
mod formats;
mod monitoring;
mod schema;
mod seed;
pub(crate) mod units;
mod static_pod;
