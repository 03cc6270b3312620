//! Every situation, with everything that can happen between two steps.

mod events;
mod explore;
mod forbidden;
mod full_proof;
mod key;
mod proof;
mod starts;
mod world;
