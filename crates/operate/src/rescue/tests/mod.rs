//! What is chosen, and what is refused.

mod choosing;
mod quorum;
