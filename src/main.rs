//! The cluster that `cluster.toml` describes, as one program.

mod cluster {
    //! What `build.rs` made of `cluster.toml`.
    #![expect(unreachable_pub, reason = "generated for any package, private to this one")]
    include!(concat!(env!("OUT_DIR"), "/cluster.rs"));
}

fn main() -> std::process::ExitCode {
    bouquet_operate::main(&cluster::CLUSTER, cluster::CERTIFICATES)
}
