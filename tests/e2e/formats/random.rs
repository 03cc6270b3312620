//! Specs that nobody wrote: whatever is accepted says the same in every format.
