//! What takes minutes: units of every kind, on further releases of etcd; what `install` and `doctor` do and say.

mod doctor;
mod examples;
mod folders;
mod guard;
mod install;
mod members;
