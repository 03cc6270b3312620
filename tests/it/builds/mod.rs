//! Builds: of what is right and of what is wrong, again and again, one after another and at once.

mod authority;
mod bad_input;
mod common_names;
mod compatibility;
mod damage;
mod definition;
mod external_ca_answers;
mod external_ca_requests;
mod external_files;
mod external_mistakes;
mod full_migration;
mod generated_module;
mod leaks;
mod limits;
mod lock;
mod lock_merges;
mod losses;
mod missing_files;
mod packages;
mod passphrase;
mod rebuild;
mod revision;
mod revocation;
mod rollout;
mod rotation;
mod secrets;
