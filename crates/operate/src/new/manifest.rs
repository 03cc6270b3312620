//! `Cargo.toml` of a new package.

use super::source::{Crates, Source};
use bouquet_model::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};
use toml::Value;

/// The profiles of this project's own `Cargo.toml`: a package takes none from what it depends on.
const PROFILES: &str = r#"
# Cargo takes profiles from here alone, and none from what a package depends on.
[profile.dev]
# Backtraces keep their lines, and a first build takes half the time.
debug = "line-tables-only"
package."*".debug = false
# A first build takes a sixth less.
incremental = false
# The same for both: `check` and `build` then share one build script, and one run of it.
build-override.debug = "line-tables-only"
# The build script spends its time in these: without them, a CA's key under a passphrase takes seconds.
package.data-encoding.opt-level = 3
package.ring.opt-level = 3
package.salsa20.opt-level = 3
package.scrypt.opt-level = 3
package.sha2.opt-level = 3
package.toml_parser.opt-level = 3
package.zeroize.opt-level = 3

[profile.release]
# A small program, which waits for disks and networks; what computes in it is below.
opt-level = "z"
codegen-units = 1
lto = "fat"
strip = true
panic = "abort"
# Cargo does not optimise build scripts in a release either.
package.data-encoding.opt-level = 3
package.ring.opt-level = 2
package.salsa20.opt-level = 3
package.scrypt.opt-level = 3
package.sha2.opt-level = 3
package.toml_parser.opt-level = 3
package.zeroize.opt-level = 3
"#;

const ALONE: &str = "
# A workspace of its own, so that it builds wherever it is.
[workspace]
";

/// The text for a member of a workspace that lacks the profiles.
const ELSEWHERE: &str = "
# Of a workspace, cargo takes profiles from the Cargo.toml of its root alone. These belong there:
#
";

/// Where profiles and a workspace of its own stand for a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profiles {
    /// In its own file: it is no member of a workspace.
    Here,
    /// In the file of its workspace, which has them.
    There,
    /// In the file of its workspace, which lacks them.
    Missing,
}

/// Returns the text of a package's `Cargo.toml`, which is to be in that folder.
///
/// # Errors
/// If a path is no text.
pub(super) fn manifest(
    name: &str,
    crates: &Crates,
    folder: &Path,
    profiles: Profiles,
) -> Result<String, Diagnostic> {
    let [model, operate, build] =
        [&crates.model, &crates.operate, &crates.build].map(|source| dependency(source, folder));
    let (model, operate, build) = (model?, operate?, build?);
    let head = format!(
        "[package]\n\
         name = \"{name}\"\n\
         version = \"0.1.0\"\n\
         edition = \"2024\"\n\
         publish = false\n\
         # Without git, cargo would pack everything that lies in the folder, keys too.\n\
         exclude = [\"/out\"]\n\
         \n\
         [dependencies]\n\
         bouquet-model = {model}\n\
         bouquet-operate = {operate}\n\
         \n\
         [build-dependencies]\n\
         bouquet-build = {build}\n"
    );
    Ok(head
        + &match profiles {
            Profiles::Here => format!("{PROFILES}{ALONE}"),
            Profiles::There => String::new(),
            Profiles::Missing => format!("{ELSEWHERE}{}", commented(PROFILES)),
        })
}

/// Returns every line that says something to cargo as a comment.
fn commented(lines: &str) -> String {
    let is_setting = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let lines: Vec<_> = lines.lines().filter(is_setting).map(|line| format!("# {line}")).collect();
    lines.join("\n") + "\n"
}

/// Returns a dependency's value in TOML.
fn dependency(source: &Source, folder: &Path) -> Result<String, Diagnostic> {
    let pairs = match source {
        Source::Folder(path) => {
            let path = leading(folder, path);
            let text = path.to_str().ok_or_else(|| {
                Diagnostic::error(format!("`{}` is no text in UTF-8", path.display()))
                    .note("Cargo.toml has to name it")
            })?;
            vec![("path", text.to_owned())]
        }
        Source::Fetched(pairs) => pairs.clone(),
    };
    if let [("version", version)] = pairs.as_slice() {
        return Ok(quoted(version));
    }
    let pair = |(key, value): &(&str, String)| format!("{key} = {}", quoted(value));
    Ok(format!("{{ {} }}", pairs.iter().map(pair).collect::<Vec<_>>().join(", ")))
}

/// Returns a text in quotes, as TOML has it.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Returns the path that leads from one folder to another: by way of what both are in, so that they may be moved
/// together and be elsewhere on a colleague's machine. Of two that share nothing it is the absolute one.
fn leading(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared < 2 {
        return to.to_owned();
    }
    let up = from.components().skip(shared).map(|_| Path::new(".."));
    up.collect::<PathBuf>().join(to.components().skip(shared).collect::<PathBuf>())
}
