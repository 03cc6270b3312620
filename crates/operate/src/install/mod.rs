//! A member is put on its node: what was brought is proven, what is there is looked at, and what follows from both is
//! done, step by step.

mod data;
mod joining;
mod peers;
#[cfg(test)]
mod tests;
