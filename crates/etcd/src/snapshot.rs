//! A snapshot as it comes.

use crate::deadline::Deadline;
use crate::error::Error;
use crate::grpc::Answers;
use crate::messages::maintenance::SnapshotResponse;

/// A snapshot that is being sent: the database, then the SHA-256 of it.
pub struct Snapshot(Answers);

impl Snapshot {
    pub(crate) const fn of(answers: Answers) -> Self {
        Self(answers)
    }

    /// Returns the next part; `None` after the last. The deadline is for this part alone.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn next(&mut self, deadline: Deadline) -> Result<Option<SnapshotResponse>, Error> {
        self.0.next(deadline).await
    }
}
