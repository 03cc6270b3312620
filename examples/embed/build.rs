//! Compiles cluster.toml.

fn main() -> std::process::ExitCode {
    bouquet_compile::cargo::run("cluster.toml", "out")
}
