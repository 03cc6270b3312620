//! Clusters that run: real etcds, started from what a build wrote.

mod applied;
mod client;
mod clients;
mod embed;
mod environment;
mod examples;
mod findings;
mod formats;
mod full_applied;
mod full_differential;
mod full_forced;
mod full_history;
mod full_plans;
mod full_upgrade;
mod gates;
mod guard;
mod journeys;
mod on_fire;
mod plans;
mod recorded;
mod rolling_changes;
mod site;
mod snapshots;
mod status;
mod systemd;
mod trial;
