//! The moment at which a call has to have an answer.

use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// The moment at which a call, or several, has to have an answer.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

/// The moment has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Passed;

impl Deadline {
    /// Returns the moment that is so far from now, by a clock that never goes back.
    pub fn within(duration: Duration) -> Self {
        Self(Instant::now() + duration)
    }

    /// Returns what is left of it: nothing once it has passed.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Waits for an answer, but no longer.
    pub(crate) async fn wait<T>(self, answer: impl Future<Output = T>) -> Result<T, Passed> {
        tokio::time::timeout_at(self.0, answer).await.map_err(|_| Passed)
    }
}
