//! A node behind a program that stands for `ssh`.

mod ended;
mod installed;
mod looked;
mod program;
mod scene;
