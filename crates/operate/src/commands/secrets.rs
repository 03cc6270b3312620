//! `secrets`: keys on their way from one clone to another.

use crate::cli::{SecretsArgs, SecretsVerb};
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::out;
use crate::outcome::{Keys, Outcome, Work};
use crate::package::find;
use crate::secrets::{Export, Import};
use bouquet_model::cluster::Tls;
use bouquet_model::diagnostic::Diagnostic;
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &SecretsArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let keys = match &args.command {
        SecretsVerb::Export => {
            let out = out::find(compiled, named, environment).map_err(|looked| {
                let mut problem = Diagnostic::error("the `out/` of this cluster was not found");
                problem.notes.extend(looked.iter().map(ToString::to_string));
                problem.help("name the folder that `cargo build` wrote with `--out`")
            })?;
            let tls = compiled.cluster.tls.as_ref();
            let trusted = tls.map(Tls::authorities).unwrap_or_default();
            Keys::Export(Export { out, trusted, program: program.to_owned() })
        }
        SecretsVerb::Import(import) => Keys::Import(Import {
            package: find(named, environment)?,
            file: import
                .file
                .as_ref()
                .filter(|file| *file != Path::new("-"))
                .map(|file| environment.current_dir.join(file)),
            replace: import.replace,
            program: program.to_owned(),
            compiled: compiled.cas(),
        }),
    };
    Ok(Outcome::work(Work::Keys(keys)))
}
