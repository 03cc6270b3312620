//! `etcd.sh` where etcd has run and its data is missing.

mod killed;
mod seat;
mod shell;
mod states;
mod story;
