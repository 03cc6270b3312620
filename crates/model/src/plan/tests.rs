//! Unit tests of plans.
