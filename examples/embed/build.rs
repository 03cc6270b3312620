//! Compiles cluster.toml.

fn main() -> std::process::ExitCode {
    bouquet_build::compile("cluster.toml", "out")
}
