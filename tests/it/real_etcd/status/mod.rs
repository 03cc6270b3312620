//! `bouquet status` on clusters that run, and `bouquet done`, which looks before it records.

mod fleet;
mod full_status;
mod passwords;
mod tells;
