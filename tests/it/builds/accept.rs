//! Changes that are accepted by name.
