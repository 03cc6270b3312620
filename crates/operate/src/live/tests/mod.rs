//! What is judged of what was seen: members of a cluster of three, of which each answers as it is told here.

mod carried;
mod evidence;
mod findings;
mod members;
mod planned;
mod rollout;
pub(crate) mod scene;
mod shown;
mod votes;
