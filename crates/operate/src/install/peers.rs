//! The other members, asked at their peer ports with this member's own certificate.

use bouquet_etcd::Error;
use bouquet_etcd::peer::Members;
use bouquet_model::url::Url;

/// What a member answered, or why it did not.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Its name, as compiled or as another lists it.
    pub(crate) name: String,
    /// Where it was asked.
    pub(crate) url: Url,
    /// The members that it knows.
    pub(crate) members: Result<Members, Error>,
}
