//! The whole program of a cluster; the compiler writes the module that is written by hand here.

#[path = "../tests/it/common/flowers.rs"]
#[allow(missing_docs, unreachable_pub, clippy::wildcard_imports, reason = "as generated")]
mod cluster;

fn main() -> std::process::ExitCode {
    bouquet_operate::main(&cluster::CLUSTER, cluster::CERTIFICATES)
}
