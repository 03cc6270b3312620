//! The other members: what each says of who the members are, and what most of them agree on.

mod agreed;
mod ask;

pub(crate) use agreed::{Agreed, agreed, answering, has_url, heard};
pub(crate) use ask::{Answer, ask, credentials, others};
