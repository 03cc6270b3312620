//! CAs whose key is elsewhere: what they are asked for, and what they answer.
//!
//! For each certificate that is due, [`FOLDER`] holds a key and a request. Anyone who has the CA's key
//! signs the request and puts the certificate beside it; the next build checks it as it checks
//! every other, and moves it and the key to their places.

mod answer;
mod list;
mod place;
mod request;
mod waiting;

pub(super) use answer::{Answer, answer, is_answered};
pub use list::PLACE as SIGNED_LIST;
pub(super) use list::list;
pub use place::{FOLDER, request_place};
pub use request::Requested;
pub(super) use request::ask;
pub(super) use waiting::waiting;
