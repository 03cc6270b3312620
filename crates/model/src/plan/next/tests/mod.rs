//! Every situation, with everything that can happen between two steps.

mod events;
mod explore;
mod forbidden;
mod key;
mod proof;
mod starts;
mod world;
