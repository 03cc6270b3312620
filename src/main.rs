//! The cluster that `cluster.toml` describes, as one program.

bouquet_model::include_cluster!();

fn main() -> std::process::ExitCode {
    bouquet_operate::main(&cluster::CLUSTER, cluster::CERTIFICATES)
}
