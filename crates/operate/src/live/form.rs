//! The forms in which it is told.

/// Says how it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Table,
    Json,
    Prometheus,
}
