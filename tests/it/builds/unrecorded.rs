//! Changes of members and clients of which nothing is recorded.
