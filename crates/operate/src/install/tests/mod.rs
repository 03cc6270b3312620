//! Installing: what is decided.

mod joining;
