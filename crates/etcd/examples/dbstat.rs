//! Scratch.
#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods
)]
fn main() {
    let b = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    println!("{:#x?}", bouquet_etcd::database::content(&b[..]));
}
