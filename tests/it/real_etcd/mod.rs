//! Clusters that run: real etcds, started from what a build wrote.

mod clients;
mod embed;
mod examples;
mod formats;
mod rolling_changes;
mod systemd;
