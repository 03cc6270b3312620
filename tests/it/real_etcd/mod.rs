//! Clusters that run: real etcds, started from what a build wrote.

mod embed;
mod environment;
mod examples;
mod formats;
mod full_upgrade;
mod rolling_changes;
mod systemd;
