//! The former name of `bouquet-build`: what was written for it still builds, with a warning that
//! names the lines to change. It goes with the next release.

/// The former place of the one call of a `build.rs`.
pub mod cargo {
    use std::process::ExitCode;

    /// Compiles `cluster.toml`, as `bouquet_build::compile` does.
    #[deprecated(
        note = "the crate is called `bouquet-build` now; two lines change: `bouquet-build = { path \
                = \"../bouquet/crates/build\" }` under [build-dependencies] of Cargo.toml, and \
                `bouquet_build::compile(\"cluster.toml\", \"out\")` in build.rs"
    )]
    pub fn run(spec: &str, out: &str) -> ExitCode {
        bouquet_build::compile(spec, out)
    }
}
