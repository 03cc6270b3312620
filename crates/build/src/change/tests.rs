//! Changes, as a person reads of them.
